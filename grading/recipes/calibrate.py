"""Measures a model's norms: `python -m grading.recipes.calibrate MODEL [BASE_URL]`.

Asks every question of the core rubric about every conversation of
`grading/calibration/conversations.yaml`, and writes where each question's log-odds lie and
how far they spread to `grading/calibration/judge.<rubric>.<model>.json`.
"""

import math
import statistics
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from dialogue.types import Turn
from grading.calibrating import (
    SHIPPED,
    Calibration,
    Norm,
    Norms,
    Provenance,
    asked_by,
    bare_name,
)
from grading.case import Case
from grading.judging import Judge, Unjudged
from grading.rubric import QuestionCheck, Rubric, core_rubric
from llm.pick import open_model
from llm.types import ChatModel

CONVERSATIONS = SHIPPED / "conversations.yaml"

LEAST_SCALE = 0.1
"""Smallest scale, in nats, so that a question the model always answers alike decides nothing."""

LABELS = {
    "politeness": "polite",
    "resolution": "solved",
    "logic": "logical",
    "empathy": "empathic",
}
"""Criterion → the label of a conversation that its questions should follow."""


class Seen(NamedTuple):
    """One conversation's log-odds of yes to a question, and its label (1, 0, `None`)."""

    language: str
    odds: float
    label: int | None


def conversations(path: Path = CONVERSATIONS) -> Iterable[tuple[dict[str, Any], Case]]:
    """The written conversations, each with its labels."""
    for entry in yaml.safe_load(path.read_text("utf-8")):
        turns = tuple(
            Turn(speaker="customer" if line.startswith("C:") else "agent", text=line[3:])
            for line in entry["lines"]
        )
        yield entry, Case(id=entry["id"], turns=turns, language=entry["language"])


def raw(model: str, rubric: Rubric) -> Calibration:
    """A calibration that changes nothing."""
    plain = Norm(location=0.0, scale=1.0)
    return Calibration(
        model=bare_name(model),
        rubric=rubric.id,
        rubric_version=rubric.version,
        gain=1.0,
        provenance=Provenance(method="standardised", data="", date="", recipe=""),
        questions={i: Norms(ask=a, en=plain, zh=plain) for i, a in asked_by(rubric).items()},
    )


def measured(
    model: ChatModel, rubric: Rubric, said: Callable[[str], object]
) -> dict[str, list[Seen]]:
    """What the model says to every question over all conversations."""
    seen: dict[str, list[Seen]] = {id_: [] for id_ in asked_by(rubric)}
    for entry, case in conversations():
        judge = Judge(case, model, raw(model.name, rubric))
        for criterion in rubric.criteria:
            for check in criterion.questions:
                p = _yes(judge, case, check)
                if p is not None:
                    label = _label(entry["labels"], criterion.id, check)
                    seen[check.id].append(Seen(case.language, math.log(p / (1 - p)), label))
        for name, condition in rubric.conditions.items():
            if condition.ask:
                p = judge.condition(name, condition.ask)
                seen[f"when_{name}"].append(Seen(case.language, math.log(p / (1 - p)), None))
        said(f"{entry['id']}\n")
    return seen


def norms(ask: str, seen: list[Seen]) -> Norms:
    """A question's norms.

    The location is half-way between what bad and good conversations get, so that 0.5 lies
    between them however many of each there are, with each language's own offset. The scale is
    the spread within the languages.
    """
    mean = {
        language: statistics.fmean(s.odds for s in seen if s.language == language)
        for language in ("en", "zh")
    }
    around = [Seen(s.language, s.odds - mean[s.language], s.label) for s in seen]
    middle = _middle(around)
    scale = max(statistics.pstdev(s.odds for s in around), LEAST_SCALE)
    en, zh = (
        Norm(location=round(mean[language] + middle, 4), scale=round(scale, 4))
        for language in ("en", "zh")
    )
    return Norms(ask=ask, en=en, zh=zh)


def calibration(model: ChatModel, rubric: Rubric, seen: dict[str, list[Seen]]) -> Calibration:
    """The file's content."""
    return Calibration(
        model=bare_name(model.name),
        rubric=rubric.id,
        rubric_version=rubric.version,
        provenance=Provenance(
            method="standardised",
            data="grading/calibration/conversations.yaml, written for this purpose",
            date=date.today().isoformat(),
            recipe="grading/recipes/calibrate.py",
        ),
        questions={id_: norms(ask, seen[id_]) for id_, ask in asked_by(rubric).items()},
    )


def _yes(judge: Judge, case: Case, check: QuestionCheck) -> float | None:
    """The raw probability of yes; `None` where the question does not apply."""
    if len(case.spoken("agent")) < check.min_agent_turns:
        return None
    try:
        return judge.verdict(check).probability
    except Unjudged:
        return None


def _label(labels: dict[str, int], criterion: str, check: QuestionCheck) -> int | None:
    """Statements that do not go together are labelled apart from other bad logic."""
    if check.reads == "pairs":
        return labels.get("consistent", 1)
    return labels.get(LABELS.get(criterion, ""))


def _middle(around: list[Seen]) -> float:
    """Half-way between the classes; 0, the mean, where a class is empty."""
    means = [[s.odds for s in around if s.label == label] for label in (0, 1)]
    return sum(statistics.fmean(m) for m in means) / 2 if all(means) else 0.0


def main() -> None:
    """Measure and write."""
    rubric = core_rubric()
    model = open_model(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    try:
        made = calibration(model, rubric, measured(model, rubric, sys.stderr.write))
    finally:
        model.close()
    target = SHIPPED / f"judge.{rubric.id}.{made.model}.json"
    target.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
