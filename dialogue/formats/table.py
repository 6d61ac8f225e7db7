"""Tables: one row per turn. Rows of one id that follow each other make a conversation.

The file is read as a stream: one conversation is in memory at a time. That is why the rows of a
conversation have to stand together; an id that comes again later is `duplicate_id`.

A row that cannot be read makes its whole conversation unreadable, for one with a turn missing
would be graded as something else than it was. Where a row does not tell whose it is, it belongs to
the conversation that it follows, and to the next one if that has the id it seems to have.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dialogue.formats.columns import (
    SEPARATORS,
    Columns,
    Layout,
    declared_separator,
    split_header,
)
from dialogue.formats.records import Lines, Record, is_utf8, records, whole
from dialogue.formats.speakers import Speakers, unknown_speaker
from dialogue.formats.types import FormatError, Row, Unreadable, as_transcript, without_repeats

TSV_SEPARATORS = ("\t",)


def read_table(
    lines: Iterable[str | bytes],
    columns: Columns | None = None,
    speakers: Speakers | None = None,
    separators: Iterable[str] = SEPARATORS,
) -> Iterator[Row]:
    """The conversations of a table as they come.

    Raises `FormatError` before the first one when the header lacks a column that is needed.
    """
    source, wanted = Lines(lines), columns or Columns()
    header, separator = _header(source, wanted, separators)
    layout = Layout.of(header, wanted)
    entries = (_entry(record, layout) for record in records(source, separator))
    return without_repeats(_conversations(entries, speakers or Speakers()), broken_too=True)


@dataclass(frozen=True)
class _Entry:
    """A row as far as it could be read."""

    line: int
    id: str | None
    """`None`: it does not tell."""
    turn: dict[str, str | None] = field(default_factory=dict)
    kind: str = ""
    message: str = ""
    perhaps: str = ""
    """The id that it seems to have, where it does not tell."""


@dataclass
class _Conversation:
    """The rows of one id, while they come."""

    id: str | None
    line: int
    turns: list[dict[str, str | None]] = field(default_factory=list)
    trouble: Unreadable | None = None

    def add(self, entry: _Entry, speakers: Speakers) -> None:
        """Another row; after the first trouble there is nothing left to add."""
        if self.trouble:
            return
        if entry.kind:
            self.trouble = Unreadable(self.id, entry.kind, entry.message)
            return
        name = entry.turn["speaker"] or ""
        side = speakers.side(name)
        if side is None:
            self.trouble = unknown_speaker(self.id or "", len(self.turns), name)
            return
        self.turns.append({**entry.turn, "speaker": side})

    def row(self) -> Row:
        """What it comes to."""
        return self.trouble or as_transcript({"id": self.id, "turns": self.turns})


def _header(lines: Lines, columns: Columns, separators: Iterable[str]) -> tuple[list[str], str]:
    """The columns' names and what separates them. Raises `FormatError`."""
    for line in lines:
        if not is_utf8(line):
            raise FormatError(
                "The table is not UTF-8; save it as UTF-8 (in Excel: 'CSV UTF-8') and try again."
            )
        declared = declared_separator(line)
        if declared:
            separators = (declared,)
        elif line.strip():
            return split_header(line, columns, separators)
    raise FormatError("The table is empty; its first row should name the columns.")


def _entry(record: Record, layout: Layout) -> _Entry:
    """What a record says, or what is wrong with it."""
    cells, line = record.cells, record.line
    if record.kind:
        return _Entry(line, _told_id(cells, layout), kind=record.kind, message=record.message)
    if len(cells) < layout.needed:
        what = f"has {len(cells)} cell(s), not {layout.width}; line breaks in a cell need quotes"
        message = f"line {line} {what}"
        return _Entry(line, None, kind="bad_row", message=message, perhaps=_perhaps(cells, layout))
    id_ = whole(cells[layout.id]).strip()
    if not id_:
        return _Entry(line, None, kind="empty_id", message=f"line {line}: the id is empty")
    if any(cell.strip() for cell in cells[layout.width :]):
        what = f"has {len(cells)} cells, not {layout.width}; separators in a cell need quotes"
        return _Entry(line, id_, kind="bad_row", message=f"line {line} {what}")
    if not all(map(is_utf8, cells)):
        what = "is not UTF-8; save the file as UTF-8"
        return _Entry(line, id_, kind="bad_encoding", message=f"line {line} {what}")
    return _Entry(line, id_, _turn(cells, layout))


def _turn(cells: list[str], layout: Layout) -> dict[str, str | None]:
    said = cells[layout.text].replace("\r\n", "\n").replace("\r", "\n")
    time = cells[layout.at].strip() if layout.at is not None and layout.at < len(cells) else ""
    return {"speaker": cells[layout.speaker].strip(), "text": said, "at": time or None}


def _perhaps(cells: list[str], layout: Layout) -> str:
    return whole(cells[layout.id]).strip() if layout.id < len(cells) else ""


def _told_id(cells: list[str], layout: Layout) -> str | None:
    """The id of a broken record; `None` where the break may lie in or before it."""
    before = cells[: layout.id + 1]
    if len(cells) <= layout.id + 1 or any(cell.strip().count('"') % 2 for cell in before):
        return None
    return whole(before[-1]).strip().strip('"') or None


def _conversations(entries: Iterable[_Entry], speakers: Speakers) -> Iterator[tuple[Row, str]]:
    """Each conversation beside the place where it begins."""
    at_hand: _Conversation | None = None
    before: _Entry | None = None
    for entry in entries:
        if at_hand is None or entry.id not in (None, at_hand.id):
            if at_hand:
                yield at_hand.row(), f"line {at_hand.line}"
            at_hand = _Conversation(entry.id, entry.line)
            if before and before.perhaps == entry.id:
                at_hand.add(before, speakers)
        at_hand.add(entry, speakers)
        before = entry
    if at_hand:
        yield at_hand.row(), f"line {at_hand.line}"
