"""Fits what is read out of impressions: a ridge regression per direction, checked over folds."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.grader.training import Example
from bench.statistics import area, rank_correlation
from grading.calibrating import asked_by
from grading.impressions import Direction, LensFit, leanings, openly
from grading.reading import NAMES, as_data
from grading.rubric import core_rubric
from grading.signals import texts
from llm.types import ChatModel, Prompt, Question

ASKED = ("solved", "concrete", "accepted", "pushed_off", "still_angry", "addressed")
"""Checks whose own questions are put to the whole conversation too."""

LENSES: dict[str, tuple[str, ...]] = {
    "tone": ("Describe its tone in one word.",),
    "care": ("Describe the agent's answer in one word.",),
    "accord": (
        openly(asked_by(core_rubric())["consistent"]),
        "In one word, how does [B] fit [A]?",
    ),
    "outcome": (
        "In one word, how did this conversation end for the customer?",
        "In one word, how useful was the agent?",
        "In one word, how does the customer feel at the end?",
        *(openly(asked_by(core_rubric())[id_]) for id_ in ASKED),
    ),
}
"""Lens → its open questions."""

SHARE = 0.25
"""Share of the examples that must tell of a token for it to be looked at."""

PENALTIES = (100.0, 300.0, 1000.0, 3000.0)
FOLDS = 10
Array = NDArray[np.float64]
Groups = NDArray[np.str_]
Told = list[Mapping[str, float]]


@dataclass(frozen=True)
class Fitted:
    """A lens, and what it would have read of each example had it not been fitted to it."""

    lens: LensFit
    unseen: dict[str, dict[str, float]]
    """Example's name → direction → value, of examples that have a name."""


def fitted(
    lens: str, examples: Sequence[Example], model: ChatModel, said: Callable[[str], object]
) -> Fitted:
    """A lens over its examples. Raises `llm.errors.ModelError` when the model fails."""
    examples = [example for example in examples if _shown(lens, example)]
    told = [_told(lens, example, model) for example in examples]
    tokens = [_tokens([row[i] for row in told]) for i in range(len(LENSES[lens]))]
    rows = np.array(
        [np.concatenate([leanings(t, n) for t, n in zip(r, tokens, strict=True)]) for r in told]
    )
    centre, spread = rows.mean(0), rows.std(0) + 1e-6
    standard = (rows - centre) / spread
    directions: dict[str, Direction] = {}
    unseen: dict[str, dict[str, float]] = {e.name: {} for e in examples if e.name}
    for name in sorted({target for example in examples for target in example.targets}):
        directions[name], apart = _direction(name, standard, examples)
        for example, value in zip(examples, apart, strict=True):
            if example.name:
                unseen[example.name][name] = float(value)
        said(f"{lens}.{name}: {directions[name].found}\n")
    fit = LensFit(
        asks=LENSES[lens],
        tokens=tuple(tuple(names) for names in tokens),
        centre=_rounded(centre),
        spread=_rounded(spread),
        directions=directions,
    )
    return Fitted(fit, unseen)


def _told(lens: str, example: Example, model: ChatModel) -> Told:
    """What the model tells of the last text that the lens finds in an example."""
    _, system, text = _shown(lens, example)[-1]
    asked = [Question(id="impression", text=ask, choices=()) for ask in LENSES[lens]]
    return [answer.words for answer in model.ask(Prompt.of(system, text), asked)]


def _shown(lens: str, example: Example) -> list[tuple[tuple[int, ...], str, str]]:
    """What the lens finds in an example: nothing in one without a word or a second statement."""
    turns = example.case.turns
    lines = [f"[{i}] {NAMES[turn.speaker]}: {as_data(turn.text)}" for i, turn in enumerate(turns)]
    return texts(example.case, lens, lambda: ["\n".join(lines)])


def _tokens(told: Sequence[Mapping[str, float]]) -> list[str]:
    seen = Counter(token for words in told for token in words)
    return sorted(token for token, n in seen.items() if n >= SHARE * len(told))


def _direction(name: str, rows: Array, examples: Sequence[Example]) -> tuple[Direction, Array]:
    """The direction, and every example's value from the folds that it is not in."""
    has = np.array([name in example.targets for example in examples])
    wanted = np.array([example.targets.get(name, 0.0) for example in examples])
    weights = np.array([example.weight for example in examples]) * has
    groups = np.array([example.group for example in examples])
    folds = _folds([example.family for example in examples])
    tried = {p: _across(rows, wanted, weights, groups, folds, p) for p in PENALTIES}
    agree = {p: agreement(found[has], wanted[has], groups[has]) for p, found in tried.items()}
    best = max(PENALTIES, key=agree.__getitem__)
    found, bias = ridge(rows[has], wanted[has], best, weights[has], groups[has])
    direction = Direction(
        weights=_rounded(found),
        bias=round(bias, 5),
        trained_on=f"{int(has.sum())} rows, see data",
        found=f"rank correlation {agree[best]:.3f}{_area(tried[best][has], wanted[has])} "
        f"over {FOLDS} folds, within sets, penalty {best:g}",
    )
    return direction, tried[best]


def agreement(found: Array, wanted: Array, groups: Groups) -> float:
    """The rank correlation within each group, weighted by their rows."""
    parts = [groups == group for group in np.unique(groups)]
    each = [rank_correlation(list(found[part]), list(wanted[part])) for part in parts]
    return float(np.average(each, weights=[part.sum() for part in parts]))


def _area(found: Array, wanted: Array) -> str:
    """The area under the curve as well, where there are two answers only."""
    if len(set(wanted)) != 2:
        return ""
    return f", area {area(list(found), list(wanted > wanted.min())):.3f}"


def ridge(
    rows: Array, wanted: Array, penalty: float, weights: Array, groups: Groups
) -> tuple[Array, float]:
    """Weights and bias of a weighted ridge regression, solved over rows: tokens are more.

    Rows are held against the middle of their group: where one set was rated more kindly than
    another, or has another language, that is nothing to be learnt.
    """
    share = weights / weights.sum()
    around, aim = rows.copy(), wanted.copy()
    for group in np.unique(groups):
        part = groups == group
        of_part = weights[part] / weights[part].sum()
        around[part] -= of_part @ rows[part]
        aim[part] -= of_part @ wanted[part]
    root = np.sqrt(weights)
    around, aim = around * root[:, None], aim * root
    gram = around @ around.T + penalty * np.eye(len(rows))
    found = around.T @ np.linalg.solve(gram, aim)
    return found, float(share @ wanted) - float(share @ rows @ found)


def _across(
    rows: Array, wanted: Array, weights: Array, groups: Groups, folds: Array, penalty: float
) -> Array:
    """Each fold's predictions from the others."""
    found = np.zeros(len(wanted))
    for fold in range(FOLDS):
        out = folds == fold
        kept = ~out & (weights > 0)
        if out.any():
            fit, bias = ridge(rows[kept], wanted[kept], penalty, weights[kept], groups[kept])
            found[out] = rows[out] @ fit + bias
    return found


def _folds(families: Sequence[str]) -> Array:
    names = sorted(set(families))
    drawn = dict(zip(names, np.random.default_rng(0).integers(0, FOLDS, len(names)), strict=True))
    return np.array([drawn[family] for family in families], dtype=float)


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
