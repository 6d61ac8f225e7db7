"""The gold set: conversations and the true answers to the grader's questions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogue.types import Turn
from grading.case import Case

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
Half = Literal["tune", "report"]
Yes = Literal["yes", "no", "na"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Data):
    """What the writer of a pair says of it: for which row a criterion should come out higher."""

    criterion: str
    better: str
    """Id of a row."""


class Conversation(_Data):
    """One written conversation."""

    id: str
    half: Half
    """`tune` to look at and fit by, `report` for nothing but the printed figures."""
    family: str
    """Rows of one pair share it."""
    kind: str
    industry: str
    language: Literal["en", "zh"]
    expect: Expected | None
    turns: tuple[Turn, ...] = Field(min_length=1)


class Labels(_Data):
    """One reading of a conversation."""

    answers: dict[str, tuple[Yes, int | None]]
    """Question of the guide → the true answer and the turn that shows it."""
    ratings: dict[str, float | None]
    """Criterion (and `satisfaction`) → 1–5; `None` where it does not apply."""
    topic: str
    intent: str
    mood: tuple[float, float]
    """The customer's valence in their first and last message, −1 to 1."""


class _LabelRow(Labels):
    id: str
    first: Labels
    second: Labels


class LabelledRow(_Data):
    """A conversation and what is true of it."""

    conversation: Conversation
    settled: Labels

    @property
    def id(self) -> str:
        """The conversation's."""
        return self.conversation.id

    def case(self) -> Case:
        """What the grader gets to see."""
        return Case(self.id, self.conversation.turns, self.conversation.language)


class GoldRow(LabelledRow):
    """One with the two readers' own labels beside the settled ones."""

    first: Labels
    second: Labels


def gold(half: Half | None = None, languages: Sequence[str] = LANGUAGES) -> list[GoldRow]:
    """The rows of a half, or all, in the order of the files."""
    rows = []
    for language in languages:
        labels = {
            row.id: row
            for line in _lines(f"labels.{language}.jsonl")
            if (row := _LabelRow.model_validate_json(line))
        }
        for line in _lines(f"conversations.{language}.jsonl"):
            conversation = Conversation.model_validate_json(line)
            if half in (None, conversation.half):
                rows.append(_row(conversation, labels[conversation.id]))
    return rows


def _row(conversation: Conversation, row: _LabelRow) -> GoldRow:
    settled = Labels.model_validate(row.model_dump(exclude={"id", "first", "second"}))
    return GoldRow(conversation=conversation, settled=settled, first=row.first, second=row.second)


def _lines(name: str) -> list[str]:
    return (HERE / name).read_text("utf-8").splitlines()
