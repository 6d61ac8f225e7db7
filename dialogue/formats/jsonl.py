"""JSON lines: one conversation a line, in the form of `docs/interfaces.md`."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.formats.speakers import Speakers, unknown_speaker
from dialogue.formats.types import Row, Unreadable, as_transcript, without_repeats


def read_jsonl(lines: Iterable[str | bytes], speakers: Speakers | None = None) -> Iterator[Row]:
    """The conversations as they come; blank lines are skipped."""
    known = speakers or Speakers()
    rows = (
        (_row(line, number, known), f"line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    return without_repeats(rows, broken_too=False)


def _row(line: str | bytes, number: int, speakers: Speakers) -> Row:
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line.removeprefix("\ufeff")
        value = json.loads(text)
    except UnicodeDecodeError:
        message = f"line {number} is not UTF-8; save the file as UTF-8"
        return Unreadable(None, "bad_encoding", message)
    except (ValueError, RecursionError) as error:
        return Unreadable(None, "bad_json", f"line {number} is not JSON: {error}")
    if not isinstance(value, dict):
        return Unreadable(None, "bad_json", f"line {number} is not a JSON object")
    return _transcript(_whole_characters(value), number, speakers)


def _transcript(value: dict[str, Any], number: int, speakers: Speakers) -> Row:
    id_ = value.get("id")
    if not isinstance(id_, str):
        return Unreadable(None, "bad_field", f"line {number}: 'id' should be a text")
    if not id_.strip():
        return Unreadable(id_, "empty_id", f"line {number}: 'id' is empty")
    turns = value.get("turns")
    if not isinstance(turns, list):
        return Unreadable(id_, "bad_field", "'turns' should be a list of turns")
    if not turns:
        return Unreadable(id_, "no_turns", "'turns' is empty")
    for index, turn in enumerate(turns):
        name = turn.get("speaker") if isinstance(turn, dict) else None
        side = speakers.side(name)
        if isinstance(turn, dict) and side is None:
            # In the very words of `docs/interfaces.md`, which have no help in them.
            return unknown_speaker(id_, index, name, help_=False)
        if isinstance(turn, dict):
            turn["speaker"] = side
    return as_transcript(value)


def _whole_characters(value: Any) -> Any:
    """The value with halves of characters, which no file can hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole_characters(item) for key, item in value.items()}
    return value
