"""The ways to judge a check: which signals, and the rows that they are fitted to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.gold.reading import LabelledRow
from bench.gold.truths import truths
from bench.grader.lenses import Fitted
from bench.grader.training import Example
from grading.logistic import Rows
from grading.readings import Norm
from grading.rubric import core_rubric

LEAST_SCALE = 0.05
ONLY = ".only"


@dataclass(frozen=True)
class Way:
    """Signals that a check may be judged by, and the rows to fit them to."""

    names: tuple[str, ...]
    rows: Rows


def ways_of(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All of a check's signals, those of agents with one statement, those of agents alone.

    First of all a signal of the only pair of statements, where a check names one.
    """
    first = tuple(name for name in names if name.endswith(ONLY))
    names = tuple(name for name in names if not name.endswith(ONLY))
    one = tuple(name for name in names if not name.startswith("accord."))
    alone = tuple(name for name in names if name.startswith(("tone.", "accord.")))
    only = tuple(name for name in names if name.startswith("tone."))
    return [way for way in dict.fromkeys((first, names, one, alone, only)) if way]


def norm(column: list[float | None], rows: list[LabelledRow]) -> Norm:
    """Where a signal lies over the rows of each language, and how far it spreads."""
    by = {
        language: [
            value
            for value, row in zip(column, rows, strict=True)
            if value is not None and row.conversation.language == language
        ]
        for language in ("en", "zh")
    }
    middle = {language: float(np.mean(values)) for language, values in by.items()}
    around = [value - middle[language] for language, values in by.items() for value in values]
    return Norm(
        en=round(middle["en"], 4),
        zh=round(middle["zh"], 4),
        scale=round(max(float(np.std(around)), LEAST_SCALE), 4),
    )


def lens_norm(values: Sequence[float]) -> Norm:
    """The same over a lens's own examples, of both languages."""
    middle = round(float(np.mean(values)), 4)
    return Norm(en=middle, zh=middle, scale=round(max(float(np.std(values)), LEAST_SCALE), 4))


def way(
    id_: str,
    names: tuple[str, ...],
    values: dict[str, list[float | None]],
    norms: dict[str, Norm],
    rows: list[LabelledRow],
) -> Way:
    """A check's signals, standardised (0 where missing), and the truth."""
    truth = truths()[id_]
    table, wanted, families = [], [], []
    for i, row in enumerate(rows):
        true = truth.of(row.settled)
        if true is None:
            continue
        language = row.conversation.language
        found = {name: values[name][i] for name in names}
        table.append(
            [0.0 if v is None else norms[n].standard(v, language) for n, v in found.items()]
        )
        wanted.append(true)
        families.append(row.conversation.family)
    signs = _signs(id_, names)
    return Way(names, Rows(np.array(table), np.array(wanted), tuple(families), signs))


def _signs(id_: str, names: tuple[str, ...]) -> tuple[int, ...]:
    """Which way signals point for yes: all tell of good service but what asks for faults."""
    bad = {check.id for check in core_rubric().questions() if check.yes_is == "bad"}
    faults = {f"yes.{fault}" for fault in bad} | {"words.promising"}
    if id_.startswith("when_"):
        return tuple(int(name == f"yes.{id_}") for name in names)
    towards = -1 if id_ in bad else 1
    return tuple(-towards if name in faults else towards for name in names)


def lens_way(
    name: str, fitted: Fitted, examples: Sequence[Example], spread: Norm, share: float
) -> Way:
    """A signal in its lens's own examples, from the folds that each was not in.

    Half of them are false, and in labelled conversations only `share` is true: true ones are
    repeated until they are as common as there, so that probabilities come out as there.
    """
    direction = name.split(".")[1]
    table, wanted, families = [], [], []
    for example in examples:
        if example.name not in fitted.unseen:
            continue
        true = float(example.targets[direction] > 0)
        times = max(1, round(share / (1 - share))) if true else 1
        table += [[spread.standard(fitted.unseen[example.name][direction], "en")]] * times
        wanted += [true] * times
        families += [example.family] * times
    return Way((name,), Rows(np.array(table), np.array(wanted), tuple(families), (1,)))
