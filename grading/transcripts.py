"""Reads finished conversations, one JSON object a line, and grades them one after the other.

A row that cannot be read or graded becomes a `RowError`; the others are graded.

    bad_encoding      the line is not UTF-8
    bad_json          the line is not JSON
    bad_field         a field is missing or of the wrong kind
    empty_id          `id` is empty
    duplicate_id      an earlier row has the same `id`
    no_turns          `turns` is empty
    unknown_speaker   a turn is by neither `agent` nor `customer`
    grading_failed    the grader itself failed on this row
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from dialogue.types import Transcript
from grading.case import Case, from_transcript
from grading.grader import grade
from grading.judging import Progress
from grading.rubric import Rubric
from grading.types import RowError, RowErrorDetail, Scorecard
from llm.types import ChatModel

Row = Transcript | RowError


def read_rows(lines: Iterable[str | bytes]) -> Iterator[Row]:
    """The transcripts of a JSON-lines file as they come; blank lines are skipped."""
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(line, number)
            if isinstance(row, Transcript) and row.id in seen:
                row = _error(
                    row.id, "duplicate_id", f"line {number}: id {row.id!r} was used before"
                )
            elif isinstance(row, Transcript):
                seen.add(row.id)
            yield row


def grade_file(
    lines: Iterable[str | bytes],
    rubric: Rubric,
    model: ChatModel | None,
    progress: Progress | None = None,
    *,
    case_of: Callable[[Transcript], Case] = from_transcript,
    rewrite: bool = False,
    inspect: Callable[[Scorecard, Case], Scorecard] = lambda card, _: card,
) -> Iterator[Scorecard | RowError]:
    """Grade rows as they are read, in their order.

    `progress` is called within each row, from 0 again. `case_of` may add a scenario's facts,
    `inspect` a second inspector's view. Rewrites by the model are off: they would double the time.
    """

    def graded(transcript: Transcript) -> Scorecard:
        case = case_of(transcript)
        return inspect(grade(case, rubric, model, progress, rewrite=rewrite), case)

    for row in read_rows(lines):
        yield row if isinstance(row, RowError) else _graded(row, graded)


def as_line(result: Scorecard | RowError) -> str:
    """One line of the output file, without its line break."""
    return result.model_dump_json()


def _graded(row: Transcript, graded: Callable[[Transcript], Scorecard]) -> Scorecard | RowError:
    try:
        return graded(row)
    except Exception as error:  # One row must not cost the others theirs.
        kind = type(error).__name__
        return _error(row.id, "grading_failed", f"the grader failed with {kind}: {error}")


def _row(line: str | bytes, number: int) -> Row:
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line.removeprefix("\ufeff")
        value = json.loads(text)
    except UnicodeDecodeError:
        return _error(None, "bad_encoding", f"line {number} is not UTF-8; save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return _error(None, "bad_json", f"line {number} is not JSON: {error}")
    if not isinstance(value, dict):
        return _error(None, "bad_json", f"line {number} is not a JSON object")
    return _transcript(_whole_characters(value), number)


def _transcript(value: dict[str, Any], number: int) -> Row:
    id_ = value.get("id")
    if not isinstance(id_, str):
        return _error(None, "bad_field", f"line {number}: 'id' should be a text")
    if not id_.strip():
        return _error(id_, "empty_id", f"line {number}: 'id' is empty")
    turns = value.get("turns")
    if not isinstance(turns, list):
        return _error(id_, "bad_field", "'turns' should be a list of turns")
    if not turns:
        return _error(id_, "no_turns", "'turns' is empty")
    for index, turn in enumerate(turns):
        speaker = turn.get("speaker") if isinstance(turn, dict) else None
        if isinstance(turn, dict) and speaker not in ("agent", "customer"):
            message = f"turn {index}: speaker {speaker!r} is neither 'agent' nor 'customer'"
            return _error(id_, "unknown_speaker", message)
    try:
        return Transcript.model_validate(value)
    except ValidationError as error:
        return _error(id_, "bad_field", _sentence(error))


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    if place[0] == "turns" and len(place) > 1:
        field = f"turn {place[1]}" + (f": '{place[2]}'" if len(place) > 2 else "")
    else:
        field = f"'{place[0]}'"
    return f"{field}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _whole_characters(value: Any) -> Any:
    """The value with halves of characters, which no file can hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole_characters(item) for key, item in value.items()}
    return value


def _error(id_: str | None, kind: str, message: str) -> RowError:
    return RowError(id=id_, error=RowErrorDetail(kind=kind, message=message))
