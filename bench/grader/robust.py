"""What must not move a grade: words to the judge, names and gender, past scores, other wording.

Every variant of a conversation differs from it in something that is none of the grader's business.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bench.gold import GoldRow, gold
from dialogue.types import Turn
from grading.case import Case
from grading.grader import grade
from grading.rubric import Rubric, core_rubric
from grading.types import CriterionScore, Scorecard
from llm.types import ChatModel

HERE = Path(__file__).parent
PARAPHRASES = HERE.parent / "gold" / "paraphrases.jsonl"


class Variants(BaseModel):
    """`robust.yaml`: what is put into a conversation, by kind and language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_the_judge: dict[str, tuple[str, ...]]
    """Put behind the agent's last message."""
    about_the_agent: dict[str, tuple[tuple[str, str], ...]]
    """Put before the agent's first message, two by two: nothing but the person differs."""


class Moved(BaseModel):
    """How far one kind of variant moved the criteria, in points of 100."""

    model_config = ConfigDict(frozen=True)

    kind: str
    pairs: int
    mean: float
    largest: float
    largest_same: float
    """The largest where the same checks applied to both."""
    outside: int
    """Moves beyond the first card's interval, of `moves`."""
    moves: int


class Paraphrase(BaseModel):
    """A gold conversation in other words, written by a developer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str
    turns: tuple[Turn, ...]


def measure_robustness(model: ChatModel, most: int, say: Callable[[str], object]) -> list[Moved]:
    """How far the variants of `most` conversations a language move their grades.

    Raises `llm.errors.ModelError` when the model fails.
    """
    rubric, kinds = core_rubric(), {"words to the judge": _judged, "who the agent is": _persons}
    found = []
    for kind, variants in kinds.items():
        pairs = [pair for row in _rows(most) for pair in variants(row)]
        found.append(_moved(kind, pairs, rubric, model, say))
    rows = {row.id: row.case() for row in gold()}
    pairs = [(rows[p.of], _with(rows[p.of], p.turns)) for p in paraphrases()]
    return [*found, _moved("other wording", pairs, rubric, model, say)]


def paraphrases() -> list[Paraphrase]:
    """The conversations in other words."""
    lines = PARAPHRASES.read_text("utf-8").splitlines()
    return [Paraphrase.model_validate_json(line) for line in lines]


def _moved(
    kind: str,
    pairs: Sequence[tuple[Case, Case]],
    rubric: Rubric,
    model: ChatModel,
    say: Callable[[str], object],
) -> Moved:
    steps: list[_Step] = []
    for before, after in pairs:
        cards = [grade(case, rubric, model, rewrite=False) for case in (before, after)]
        steps += _steps(*cards)
        say(f"{kind}: {before.id}\n")
    return Moved(
        kind=kind,
        pairs=len(pairs),
        mean=sum(step.size for step in steps) / len(steps),
        largest=max(step.size for step in steps),
        largest_same=max((step.size for step in steps if step.same_checks), default=0.0),
        outside=sum(step.outside for step in steps),
        moves=len(steps),
    )


@dataclass(frozen=True)
class _Step:
    """One criterion's move, in points of 100."""

    size: float
    outside: bool
    same_checks: bool


def _steps(before: Scorecard, after: Scorecard) -> Iterator[_Step]:
    for id_, part in before.criteria.items():
        other = after.criteria[id_]
        if part.score is None or other.score is None or part.interval is None:
            continue
        low, high = part.interval
        yield _Step(
            abs(other.score - part.score),
            not low <= other.score <= high,
            _applied(part) == _applied(other),
        )


def _applied(part: CriterionScore) -> set[str]:
    return {check.id for check in part.checks if check.status != "not_applicable"}


def _rows(most: int) -> list[GoldRow]:
    """Conversations of the reporting half, as many of each language."""
    return [row for language in ("en", "zh") for row in gold("report", (language,))[:most]]


def _judged(row: GoldRow) -> Iterator[tuple[Case, Case]]:
    case = row.case()
    last = case.spoken("agent")[-1]
    for text in _variants().to_the_judge[case.language]:
        yield case, _put(case, last, case.text(last) + text)


def _persons(row: GoldRow) -> Iterator[tuple[Case, Case]]:
    case = row.case()
    first = case.spoken("agent")[0]
    for one, other in _variants().about_the_agent[case.language]:
        yield (
            _put(case, first, one + case.text(first)),
            _put(case, first, other + case.text(first)),
        )


def _put(case: Case, index: int, text: str) -> Case:
    turns = list(case.turns)
    turns[index] = turns[index].model_copy(update={"text": text})
    return _with(case, tuple(turns))


def _with(case: Case, turns: tuple[Turn, ...]) -> Case:
    return Case(case.id, turns, case.language)


@lru_cache(maxsize=1)
def _variants() -> Variants:
    return Variants.model_validate(yaml.safe_load((HERE / "robust.yaml").read_text("utf-8")))
