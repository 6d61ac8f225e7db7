"""Which column of a table is what, and how its cells are separated."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from dialogue.formats.types import FormatError

FIELDS = ("id", "speaker", "text", "at")
NEEDED = ("id", "speaker", "text")
SEPARATORS = (",", ";", "\t", "|")

_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """The names of the columns. Case and blanks around a name do not matter."""

    id: str = "id"
    speaker: str = "speaker"
    text: str = "text"
    at: str | None = None
    """When it was said. `None`: a column `at`, if there is one."""

    @classmethod
    def of(cls, option: str) -> Self:
        """From a text such as `id=ticket,text=message`. Raises `FormatError` for any other."""
        found: dict[str, str] = {}
        for part in filter(str.strip, option.split(",")):
            field, equals, name = (piece.strip() for piece in part.partition("="))
            if field not in FIELDS or not equals or not name:
                raise FormatError(
                    f"--columns {part.strip()!r} is not understood; write pairs such as "
                    f"--columns id=ticket,text=message. The fields are {', '.join(FIELDS)}."
                )
            if field in found:
                raise FormatError(f"--columns names {field!r} twice; name one column for it.")
            found[field] = name
        return cls(**found)

    def wanted(self) -> Mapping[str, str]:
        """The column of each field that has to be there."""
        needed = {field: getattr(self, field) for field in NEEDED}
        return needed if self.at is None else {**needed, "at": self.at}


@dataclass(frozen=True)
class Layout:
    """Where each field stands in a row, counted from 0."""

    id: int
    speaker: int
    text: int
    at: int | None
    width: int
    """How many cells a whole row has."""

    @property
    def needed(self) -> int:
        """How many cells a row has at least: exporters leave out empty ones at the end."""
        return max(self.id, self.speaker, self.text) + 1

    @classmethod
    def of(cls, header: list[str], columns: Columns) -> Self:
        """Raises `FormatError` naming a column that is not there, and those that are."""
        names = [_plain(name) for name in header]
        at = {field: _position(names, name, header) for field, name in columns.wanted().items()}
        if columns.at is None and "at" in names:
            at["at"] = _position(names, "at", header)
        return cls(at["id"], at["speaker"], at["text"], at.get("at"), len(header))


def declared_separator(line: str) -> str | None:
    """The separator of Excel's first line `sep=;`; `None` for any other line."""
    declared = _DECLARED.fullmatch(line.strip("\r\n"))
    return declared[1] if declared else None


def split_header(line: str, columns: Columns, separators: Iterable[str]) -> tuple[list[str], str]:
    """The names in a table's first line, and the separator that makes most sense of it.

    A separator is better the more of the wanted columns it finds, then the more cells it makes.
    The header decides instead of `csv.Sniffer`, which is misled by commas in messages.
    """
    wanted = {_plain(name) for name in columns.wanted().values()}
    split = [(cells(line, separator), separator) for separator in separators]

    def sense(choice: tuple[list[str], str]) -> tuple[int, int]:
        return len(wanted & {_plain(name) for name in choice[0]}), len(choice[0])

    header, separator = max(split, key=sense)
    return header, separator


def cells(line: str, separator: str) -> list[str]:
    """The cells of one line on its own, as far as its quotes make sense."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.strip("\r\n").split(separator)


def _position(names: list[str], name: str, header: list[str]) -> int:
    count = names.count(_plain(name))
    if count == 1:
        return names.index(_plain(name))
    there = ", ".join(repr(each.strip()) for each in header)
    if count:
        raise FormatError(f"The table has {count} columns {name!r}; rename all but one ({there}).")
    raise FormatError(
        f"The table has no column {name!r}; there is {there}. Say which column is what, as in "
        "--columns id=ticket,speaker=who,text=message,at=time."
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
