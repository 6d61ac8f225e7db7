"""The records of a CSV or TSV file, line by line; a broken one costs no other.

A quote that is never closed would swallow what follows it. Where the parser fails, only the line
on which the record began is given up, and reading goes on with the line after it.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LONE_RETURN = re.compile(r"(?<=\r)(?!\n|\Z)")


@dataclass(frozen=True)
class Record:
    """One row of the file."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]
    """As far as they can be told, where the record is broken."""
    kind: str = ""
    """Kind of error; empty where the record is whole."""
    message: str = ""


class Lines:
    """Decoded lines that can be gone back to. Bytes that are not UTF-8 become lone surrogates."""

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        self._source = _decoded(lines)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0
        """Of the line that was taken last, from 1."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self._taken.append(line)
        self.number += 1
        return line

    def begin(self) -> None:
        """A record begins with the next line."""
        self._taken.clear()

    def give_up_one(self) -> str:
        """The line that the record began with; the lines after it come once more."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first


def records(lines: Lines, separator: str) -> Iterator[Record]:
    """The records that follow; blank lines are skipped."""
    while True:
        reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
        try:
            yield from _parsed(lines, reader)
            return
        except csv.Error as error:
            first = lines.give_up_one()
            kind, message = _said(error)
            broken = first.strip("\r\n").split(separator)
            yield Record(lines.number, broken, kind, f"line {lines.number}: {message}")


def is_utf8(text: str) -> bool:
    """Whether all of a decoded text was UTF-8."""
    return not any("\udc80" <= sign <= "\udcff" for sign in text)


def whole(text: str) -> str:
    """The text with what was not UTF-8 replaced, so that it can be written."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _parsed(lines: Lines, reader: Iterator[list[str]]) -> Iterator[Record]:
    lines.begin()
    begins = lines.number + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Record(begins, cells)
        lines.begin()
        begins = lines.number + 1


def _said(error: csv.Error) -> tuple[str, str]:
    """Kind and wording of the parser's complaint."""
    if "field limit" in str(error):
        limit = f"{csv.field_size_limit():,}"
        return "too_long", f"a cell is longer than {limit} characters, or its quote is not closed"
    if "end of data" in str(error):
        return "bad_row", "a quote is opened and not closed"
    return "bad_row", f'its quotes do not fit together ({error}); write "" for a quote in a cell'


def _decoded(lines: Iterable[str | bytes]) -> Iterator[str]:
    """Lines as text. Those that end with a carriage return alone are lines too."""
    first = True
    for line in lines:
        text = line.decode("utf-8", "surrogateescape") if isinstance(line, bytes) else line
        if first:
            text = text.removeprefix("\ufeff")
            first = False
        yield from _LONE_RETURN.split(text) if "\r" in text else (text,)
