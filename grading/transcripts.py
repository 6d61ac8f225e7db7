"""Grades finished conversations, one after the other as they are read.

A row that cannot be read or graded becomes a `RowError`; the others are graded. Beside the kinds
of `dialogue.formats.types.Unreadable` there is one:

    grading_failed    the grader itself failed on this row
"""

from collections.abc import Callable, Iterable, Iterator

from dialogue.formats import types as formats
from dialogue.formats.jsonl import read_jsonl
from dialogue.formats.types import Unreadable
from dialogue.types import Transcript
from grading.adjusting import Adjustment
from grading.case import Case, from_transcript
from grading.grader import grade
from grading.judging import Progress
from grading.rubric import Rubric
from grading.types import RowError, RowErrorDetail, Scorecard
from llm.types import ChatModel

Row = Transcript | RowError


def read_rows(lines: Iterable[str | bytes]) -> Iterator[Row]:
    """The transcripts of a JSON-lines file as they come; blank lines are skipped."""
    for row in read_jsonl(lines):
        yield as_error(row) if isinstance(row, Unreadable) else row


def grade_file(
    lines: Iterable[str | bytes],
    rubric: Rubric,
    model: ChatModel | None,
    progress: Progress | None = None,
    *,
    case_of: Callable[[Transcript], Case] = from_transcript,
    rewrite: bool = False,
) -> Iterator[Scorecard | RowError]:
    """Grade the rows of a JSON-lines file as `grade_each` does."""
    rows = read_jsonl(lines)
    return grade_each(rows, rubric, model, progress, case_of=case_of, rewrite=rewrite)


def grade_each(
    rows: Iterable[formats.Row],
    rubric: Rubric,
    model: ChatModel | None,
    progress: Progress | None = None,
    *,
    case_of: Callable[[Transcript], Case] = from_transcript,
    rewrite: bool = False,
    adjustment: Adjustment | None = None,
    inspect: Callable[[Scorecard, Case], Scorecard] = lambda card, _: card,
) -> Iterator[Scorecard | RowError]:
    """Grade rows as they are read, in their order.

    `progress` is called within each row, from 0 again. `case_of` may add a scenario's facts,
    `inspect` a second inspector's view; `adjustment` is the site's calibration. Rewrites by the
    model are off: they would double the time.
    """

    def graded(transcript: Transcript) -> Scorecard:
        case = case_of(transcript)
        card = grade(case, rubric, model, progress, adjustment=adjustment, rewrite=rewrite)
        return inspect(card, case)

    for row in rows:
        yield as_error(row) if isinstance(row, Unreadable) else _graded(row, graded)


def as_line(result: Scorecard | RowError) -> str:
    """One line of the output file, without its line break."""
    return result.model_dump_json()


def as_error(row: Unreadable) -> RowError:
    """The result of a conversation that could not be read."""
    return RowError(id=row.id, error=RowErrorDetail(kind=row.kind, message=row.message))


def _graded(row: Transcript, graded: Callable[[Transcript], Scorecard]) -> Scorecard | RowError:
    try:
        return graded(row)
    except Exception as error:  # One row must not cost the others theirs.
        kind = type(error).__name__
        message = f"the grader failed with {kind}: {error}"
        return as_error(Unreadable(row.id, "grading_failed", message))
