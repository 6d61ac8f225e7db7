"""Who was right: the rules and the model against labelled conversations.

A labelled row is a transcript with labels beside it. What is not labelled is not counted, and a
name that an inspector does not give counts as wrong.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import atanh, sqrt, tanh
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from bench.gold import gold
from bench.statistics import Share, ranks
from dialogue.types import Transcript
from grading.case import from_transcript
from grading.inspecting.disagreeing import sign
from grading.inspecting.inspector import Inspector
from grading.rubric import Rubric
from grading.types import Inspection, Scorecard
from personas.errors import ContentError, Problem
from personas.files import dotted

M = TypeVar("M", bound=BaseModel)

SATISFACTION = "satisfaction"


class Labelled(Transcript):
    """A conversation with its true answers."""

    ratings: dict[str, float | None] = {}
    """Criterion, or `satisfaction` → 1–5; `None`: not applicable."""
    topic: str | None = None
    intent: str | None = None
    mood: tuple[float | None, float | None] | None = None
    """The customer's valence at the beginning and at the end; only its sign is compared."""
    answers: dict[str, Any] = {}


class View(BaseModel):
    """What one inspector says of a conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: str | None = None
    topic: str | None = None
    mood: tuple[float | None, float | None] = (None, None)
    """First and last valence."""
    scores: dict[str, float | None] = {}
    entities: dict[str, int] = {}
    """Kind → how many."""


class Correlation(BaseModel):
    """Spearman's rank correlation with its 95 % interval (Bonett and Wright, 2000)."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    """`None` below four pairs, or where one side is always the same."""
    interval: tuple[float, float] | None
    of: int


class Report(BaseModel):
    """One inspector against the labels."""

    model_config = ConfigDict(frozen=True)

    rows: int
    intent: Share
    intent_named: int
    """How often it named one at all, of the labelled rows."""
    topic: Share
    topic_named: int
    mood_first: Share
    mood_last: Share
    ranks: dict[str, Correlation]
    entities: dict[str, int]


class Comparison(BaseModel):
    """Rules and, where its scorecards are given, the model."""

    model_config = ConfigDict(frozen=True)

    rules: Report
    model: Report | None = None


def shipped_rows() -> list[Labelled]:
    """The reporting half of the gold set: nothing was fitted to it."""
    return [
        Labelled(
            id=row.id,
            language=row.conversation.language,
            turns=row.conversation.turns,
            ratings=row.settled.ratings,
            topic=row.settled.topic,
            intent=row.settled.intent,
            mood=row.settled.mood,
        )
        for row in gold("report")
    ]


def compare(
    rows: Sequence[Labelled],
    inspectors: Mapping[str, Inspector],
    rubric: Rubric,
    scorecards: Mapping[str, Scorecard] | None = None,
) -> Comparison:
    """The rules' and the model's agreement with the labels; `scorecards` are the model's, by id."""
    cases = [from_transcript(row) for row in rows]
    found = [inspectors[case.language].inspect(case, rubric) for case in cases]
    rules = report(rows, [by_rules(each) for each in found])
    if scorecards is None:
        return Comparison(rules=rules)
    graded = [row for row in rows if row.id in scorecards]
    views = [by_model(scorecards[row.id]) for row in graded]
    return Comparison(rules=rules, model=report(graded, views))


def by_rules(found: Inspection) -> View:
    """The rules' view."""
    first = found.emotion[0].valence if found.emotion else None
    return View(
        intent=found.intent,
        topic=found.topic,
        mood=(first, found.mood_at_end),
        scores={name: criterion.score for name, criterion in found.criteria.items()},
        entities=dict(Counter(entity.kind for entity in found.entities)),
    )


def by_model(card: Scorecard) -> View:
    """The view of a scorecard's model, with the satisfaction it predicts."""
    moods = [point.valence for point in card.mood]
    scores = {name: criterion.score for name, criterion in card.criteria.items()}
    return View(
        intent=card.intent,
        topic=card.topic,
        mood=(moods[0], moods[-1]) if moods else (None, None),
        scores={**scores, SATISFACTION: card.predicted_satisfaction},
    )


def report(rows: Sequence[Labelled], views: Sequence[View]) -> Report:
    """Views against the labels of the same rows."""
    both = list(zip(rows, views, strict=True))
    criteria = dict.fromkeys(name for row in rows for name in row.ratings)
    return Report(
        rows=len(rows),
        intent=_named([(row.intent, view.intent) for row, view in both]),
        intent_named=sum(bool(row.intent and view.intent) for row, view in both),
        topic=_named([(row.topic, view.topic) for row, view in both]),
        topic_named=sum(bool(row.topic and view.topic) for row, view in both),
        mood_first=_signs(both, 0),
        mood_last=_signs(both, 1),
        ranks={
            name: correlation(
                [(row.ratings.get(name), view.scores.get(name)) for row, view in both]
            )
            for name in criteria
        },
        entities=dict(sum((Counter(view.entities) for view in views), Counter[str]())),
    )


def correlation(pairs: Iterable[tuple[float | None, float | None]]) -> Correlation:
    """Spearman's rank correlation of the pairs in which both are known."""
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    of = len(known)
    one, other = (np.array(ranks([pair[side] for pair in known])) for side in (0, 1))
    if of < 4 or one.std() == 0 or other.std() == 0:
        return Correlation(value=None, interval=None, of=of)
    value = float(np.corrcoef(one, other)[0, 1])
    # At ±1 the transformation has no value.
    middle = atanh(max(-0.9999, min(0.9999, value)))
    half = 1.96 * sqrt((1 + value**2 / 2) / (of - 3))
    return Correlation(value=value, interval=(tanh(middle - half), tanh(middle + half)), of=of)


def _named(pairs: Iterable[tuple[str | None, str | None]]) -> Share:
    labelled = [(label, said) for label, said in pairs if label]
    return Share(count=sum(label == said for label, said in labelled), of=len(labelled))


def _signs(both: Sequence[tuple[Labelled, View]], which: int) -> Share:
    known = [
        (label, said)
        for row, view in both
        if row.mood
        and (label := row.mood[which]) is not None
        and (said := view.mood[which]) is not None
    ]
    alike = sum(sign(label) == sign(said) for label, said in known)
    return Share(count=alike, of=len(known))


def labelled_rows(path: Path) -> list[Labelled]:
    """The rows of a file. Raises `ContentError` naming file, line and field."""
    return [_parsed(Labelled, path, number, value) for number, value in _objects(path)]


def scorecards_of(path: Path) -> dict[str, Scorecard]:
    """A file's scorecards by id; rows that were not graded are left out.

    Raises `ContentError` naming file, line and field.
    """
    graded = ((number, value) for number, value in _objects(path) if "error" not in value)
    cards = [_parsed(Scorecard, path, number, value) for number, value in graded]
    return {card.id: card for card in cards}


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file with the lines they stand on."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError.of([Problem(str(path), 1, "", f"cannot be read: {error}")]) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError as error:
                problem = Problem(str(path), number, "", f"is not JSON: {error}")
                raise ContentError.of([problem]) from error
            if not isinstance(value, dict):
                raise ContentError.of([Problem(str(path), number, "", "is not a JSON object")])
            yield number, value


def _parsed(model: type[M], path: Path, number: int, value: dict[str, Any]) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise ContentError.of(
            Problem(str(path), number, dotted(detail["loc"]), detail["msg"])
            for detail in error.errors(include_url=False)
        ) from error
