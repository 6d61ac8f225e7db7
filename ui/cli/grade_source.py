"""The conversations that `spardesk grade` is given, whatever form they are in."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dialogue.formats.columns import SEPARATORS, Columns
from dialogue.formats.jsonl import read_jsonl
from dialogue.formats.speakers import Speakers
from dialogue.formats.table import TSV_SEPARATORS, read_table
from dialogue.formats.texts import read_texts, text_files
from dialogue.formats.types import Format, Row, guessed_format
from ui.cli.errors import UsageError


class Reading(NamedTuple):
    """How the conversations are to be read."""

    format: Format | None = None
    """`None`: as the path tells; JSON lines on standard input."""
    columns: str | None = None
    speakers: tuple[str, ...] = ()


class Source(NamedTuple):
    """Conversations as they come, and how many there are, where that can be known."""

    rows: Iterator[Row]
    total: int | None


_Reader = Callable[[Iterable[bytes]], Iterator[Row]]


@contextmanager
def opened_source(name: str, reading: Reading) -> Iterator[Source]:
    """The conversations of a file or folder, or of standard input for `-`.

    Raises `UsageError`, or `FormatError` for a table or folder that cannot be read as asked.
    """
    form = reading.format or (Format.JSONL if name == "-" else guessed_format(Path(name)))
    if reading.columns is not None and form not in (Format.CSV, Format.TSV):
        raise UsageError(
            f"--columns is for tables, and {name!r} is read as {form}. Leave it out, or say "
            "--format csv or --format tsv."
        )
    speakers = Speakers.of(reading.speakers)
    if form is Format.TEXT:
        paths = _paths(name)
        yield Source(read_texts(paths, speakers), len(paths))
        return
    read = _reader(form, reading.columns, speakers)
    if name == "-":
        yield Source(read(sys.stdin.buffer), None)
        return
    with _opened(name) as counted:
        total = _count(counted, form, read)
    with _opened(name) as file:
        yield Source(read(file), total)


def _reader(form: Format, columns: str | None, speakers: Speakers) -> _Reader:
    if form is Format.JSONL:
        return lambda lines: read_jsonl(lines, speakers)
    named = Columns.of(columns or "")
    separators = TSV_SEPARATORS if form is Format.TSV else SEPARATORS
    return lambda lines: read_table(lines, named, speakers, separators)


def _count(lines: Iterable[bytes], form: Format, read: _Reader) -> int:
    """How many rows there will be. A line of JSON need not be parsed for that."""
    if form is Format.JSONL:
        return sum(1 for line in lines if line.strip())
    return sum(1 for _ in read(lines))


def _paths(name: str) -> list[Path]:
    if name == "-":
        raise UsageError("Text files are not read from standard input; name their folder.")
    try:
        Path(name).stat()
        return text_files(Path(name))
    except OSError as error:
        raise _unread(name, error) from error


def _opened(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise _unread(name, error) from error


def _unread(name: str, error: OSError) -> UsageError:
    return UsageError(f"{name!r} cannot be read: {error.strerror}.")
