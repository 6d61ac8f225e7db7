"""What readers of finished conversations have in common.

A reader yields one row per conversation, as it reads: a `Transcript`, or an `Unreadable` that says
why there is none. Turns stay in the order in which they stand. Where their times run backwards
they are neither sorted nor refused: clocks of two systems differ, and what was written in which
order is what people read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dialogue.types import Transcript


class FormatError(Exception):
    """A whole input cannot be read as asked. The message is a sentence with the next step in it."""


class Format(StrEnum):
    """How conversations are written down."""

    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    TEXT = "text"


_ENDINGS = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".txt": Format.TEXT,
}


@dataclass(frozen=True)
class Unreadable:
    """A conversation that could not be read; the others can.

    bad_encoding      it is not UTF-8
    bad_json          the line is not JSON
    bad_row           a table's row has stray quotes, or too many or too few cells
    too_long          a table's cell is too long, or its quote is never closed
    bad_field         a field is missing or of the wrong kind
    empty_id          the id is empty
    duplicate_id      an earlier conversation has the same id
    no_turns          nothing is said
    unreadable_file   a text file cannot be opened
    unknown_speaker   a turn is by neither agent nor customer
    """

    id: str | None
    kind: str
    message: str
    discreet: str = ""
    """The message without the name that it quotes from the file; empty: it quotes none."""


Row = Transcript | Unreadable


def guessed_format(path: Path) -> Format:
    """The format that a path's name tells: a folder holds texts, unknown endings are JSON lines."""
    return Format.TEXT if path.is_dir() else _ENDINGS.get(path.suffix.lower(), Format.JSONL)


def without_repeats(rows: Iterator[tuple[Row, str]], *, broken_too: bool) -> Iterator[Row]:
    """The rows, each beside the place it stands at; an id that comes again is `duplicate_id`.

    `broken_too`: ids of unreadable rows count as used. In a table the second part of such a
    conversation would otherwise be graded as if it were the whole.
    """
    seen: set[str] = set()
    for row, place in rows:
        if row.id in seen and (broken_too or isinstance(row, Transcript)):
            yield Unreadable(row.id, "duplicate_id", f"{place}: id {row.id!r} was used before")
            continue
        if row.id is not None and (broken_too or isinstance(row, Transcript)):
            seen.add(row.id)
        yield row


def as_transcript(fields: dict[str, Any]) -> Row:
    """A transcript made of fields that have an `id`; `bad_field` where they do not fit."""
    try:
        return Transcript.model_validate(fields)
    except ValidationError as error:
        return Unreadable(fields["id"], "bad_field", _sentence(error))


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    if place[0] == "turns" and len(place) > 1:
        field = f"turn {place[1]}" + (f": '{place[2]}'" if len(place) > 2 else "")
    else:
        field = f"'{place[0]}'"
    return f"{field}: {first['msg'][0].lower()}{first['msg'][1:]}"
