"""What lenses are fitted to: single messages, answers, pairs of statements and short dialogues.

The rows of `bench/grader/training/` were written and rated by developers, each by one writer; the
requests rated by people (TyDiP / Stanford Politeness Corpus, Wikipedia part) are read from a file
that is not part of the project.
"""

import csv
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.gold.reading import LabelledRow, Labels
from dialogue.types import Turn
from grading.case import Case

HERE = Path(__file__).parent / "training"
SEED = 1


@dataclass(frozen=True)
class Example:
    """A text through a lens, and what should be read out of it."""

    case: Case
    targets: dict[str, float]
    """Direction → value, standardised by `lenses`."""
    family: str
    """Rows of one family are never on both sides of a fold."""
    weight: float = 1.0
    name: str = ""
    """Of examples that are used again after the lenses."""
    group: str = ""
    """Set and language. Rows are compared within them: ratings of another set may be shifted."""


def tone(rated: Path | None = None, most_rated: int = 500) -> list[Example]:
    """Single messages: how polite. With `rated`, requests of its outer quartiles too."""
    found = [
        _said([("agent", r["text"])], {"polite": r["rating"] - 3.0}, r["text"], group=language)
        for language, most in (("en", 150), ("zh", 200))
        for r in _rows(f"politeness.{language}.jsonl", most)
    ]
    return found + (_requests(rated, most_rated) if rated else [])


def care(most: int = 240) -> list[Example]:
    """A message and its answer: how empathetic."""
    return [
        _said(
            [("customer", r["post"]), ("agent", r["reply"])],
            {"empathic": r["rating"] - 3.0},
            r["post"],
            group=language,
        )
        for language in ("en", "zh")
        for r in _rows(f"empathy.{language}.jsonl", most // 2)
    ]


def accord(most: int = 360) -> list[Example]:
    """Dialogues whose last message contradicts an earlier one or itself, or not."""
    return [
        _said(
            _turns(r),
            {"consistent": 1.0 - 2 * r["contradicts"]},
            r["turns"][0]["text"],
            json.dumps(r),
            language,
        )
        for language, many in (("zh", most * 2 // 3), ("en", most // 3))
        for r in _rows(f"contradiction.{language}.jsonl", many)
    ]


def outcome(most: int = 320) -> list[Example]:
    """Short helpdesk dialogues: how far the matter came, how content the customer, how useful."""
    names = {"accomplished": "accomplished", "satisfaction": "satisfied"}
    names |= {"effectiveness": "effective"}
    return [
        _said(
            _turns(r),
            {ours: r[theirs] - 3.0 for theirs, ours in names.items()},
            json.dumps(r),
            group=language,
        )
        for language in ("en", "zh")
        for r in _rows(f"helpdesk.{language}.jsonl", most // 2)
    ]


def conversations() -> list[LabelledRow]:
    """Whole conversations in the form of the gold set, each labelled by its writer alone."""
    found = []
    for language in ("en", "zh"):
        for row in _read(HERE / f"conversations.{language}.jsonl"):
            told = {name: row.pop(name) for name in tuple(Labels.model_fields)}
            conversation = {**row, "half": "tune", "expect": None}
            labelled = {"conversation": conversation, "settled": told}
            found.append(LabelledRow.model_validate(labelled))
    return found


def whole(row: LabelledRow) -> Example:
    """A labelled conversation: whatever its ratings say. Longer and truer than short dialogues, so
    it counts twice."""
    conversation, ratings = row.conversation, row.settled.ratings
    targets = {ours: rated - 3.0 for theirs, ours in RATED.items() if (rated := ratings[theirs])}
    group = f"whole {conversation.language}"
    return Example(row.case(), targets, conversation.family, 2.0, row.id, group)


RATED = {
    "resolution": "accomplished",
    "satisfaction": "satisfied",
    "efficiency": "effective",
    "politeness": "polite",
    "empathy": "caring",
    "logic": "logical",
}
"""The gold set's rating → the direction of the whole conversation that says it."""

SETS: dict[str, Callable[[], list[Example]]] = {"care": care, "accord": accord}


def _requests(path: Path, most: int) -> list[Example]:
    """Requests of the outer quartiles: the middle ones are rated by chance."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["sentence"], float(row["score"])) for row in csv.DictReader(file)]
    low, high = np.quantile([score for _, score in rows], [0.25, 0.75])
    outer = [row for row in rows if row[1] <= low or row[1] >= high]
    random.Random(0).shuffle(outer)
    return [_said([("agent", t)], {"polite": 1.5 * s}, t, group="rated") for t, s in outer[:most]]


def _said(
    turns: list[tuple[str, str]],
    targets: dict[str, float],
    family: str,
    name: str = "",
    group: str = "",
) -> Example:
    said = tuple(Turn(speaker=who, text=text) for who, text in turns)
    return Example(Case("", said, "en"), targets, family, name=name, group=group)


def _turns(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["text"]) for turn in row["turns"]]


def _rows(name: str, most: int) -> list[dict[str, Any]]:
    """Rows in an order that does not change with how many are taken."""
    rows = list(_read(HERE / name))
    random.Random(SEED).shuffle(rows)
    return rows[:most]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)
