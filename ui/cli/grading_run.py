"""Grades the rows of a file into another, one after the other as they are read."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from grading.rubric import load_rubric
from grading.transcripts import as_line, grade_file
from grading.types import RowError, Scorecard
from ui.cli.errors import UsageError
from ui.cli.grade_progress import GradeProgress
from ui.cli.opening import load_model
from ui.settings import Settings


def grade_rows(
    settings: Settings, file: str, out: Path | None, rubric: str, *, judged: bool
) -> int:
    """Grade `file` into `out`; how many rows could not be graded. Unless `judged`, by rules alone.

    Raises `UsageError`, `ContentError` for the rubric, `ModelError` before anything is graded.
    """
    chosen = load_rubric(rubric)
    with ExitStack() as stack:
        source, rows = stack.enter_context(_source(file, out))
        model = stack.enter_context(closing(load_model(settings))) if judged else None
        progress = stack.enter_context(GradeProgress(rows))
        sink = stack.enter_context(_sink(out))
        return _write(grade_file(source, chosen, model, progress.hear), sink, progress)


def _write(results: Iterator[Scorecard | RowError], sink: BinaryIO, progress: GradeProgress) -> int:
    """Write each result as it comes; how many are errors."""
    bad = 0
    for result in results:
        sink.write(as_line(result).encode() + b"\n")
        sink.flush()
        progress.row_done(result)
        bad += isinstance(result, RowError)
    return bad


@contextmanager
def _source(name: str, out: Path | None) -> Iterator[tuple[BinaryIO, int | None]]:
    """The transcripts and how many rows there are, where that can be known."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    path = Path(name)
    try:
        if out is not None and out.exists() and out.samefile(path):
            raise UsageError(f"--out {str(out)!r} is the file that is read. Name another one.")
        with path.open("rb") as counted:
            rows = sum(1 for line in counted if line.strip())
        with path.open("rb") as source:
            yield source, rows
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UsageError(f"{name!r} cannot be read: {error.strerror}.") from error


@contextmanager
def _sink(out: Path | None) -> Iterator[BinaryIO]:
    """Where the lines go, as UTF-8 whatever the terminal's encoding."""
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        sink = out.open("wb")
    except OSError as error:
        raise UsageError(f"--out {str(out)!r} cannot be written: {error.strerror}.") from error
    with sink:
        yield sink
