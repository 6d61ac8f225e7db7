"""Grades the rows of a file into another, one after the other as they are read."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grading.case import Case
from grading.inspecting.loading import inspectors
from grading.inspecting.reviewing import ReviewRow, SideBySide
from grading.rubric import load_rubric
from grading.transcripts import as_line, grade_file
from grading.types import RowError, Scorecard
from ui.cli.agreement import show_agreement
from ui.cli.errors import UsageError
from ui.cli.grade_progress import GradeProgress
from ui.cli.opening import load_model
from ui.settings import Settings


@dataclass(frozen=True)
class GradingRun:
    """How a file is graded: by which rubric, and who looks at it."""

    rubric: str
    judged: bool
    """By the language model; otherwise by rules alone."""
    inspected: bool
    """Also by the rule-based inspector."""
    rules: Path | None = None
    """Its rules, from a file of one's own."""

    def grade(self, settings: Settings, file: str, out: Path | None, review: Path | None) -> int:
        """Grade `file` into `out`; how many rows could not be graded.

        Raises `UsageError`, `ContentError` for rubric and rules, `ModelError` before anything is
        graded.
        """
        chosen = load_rubric(self.rubric)
        inspected = inspectors(chosen, self.rules) if self.inspected else {}
        with ExitStack() as stack:
            source, rows = stack.enter_context(_source(file, out, review))
            model = stack.enter_context(closing(load_model(settings))) if self.judged else None
            progress = stack.enter_context(GradeProgress(rows))
            sink = stack.enter_context(_sink("--out", out))
            queue = stack.enter_context(_sink("--review", review)) if review else None
            both = SideBySide(inspected, chosen, lambda row: _line(queue, row))
            inspect = both.add if inspected else _as_it_is
            graded = grade_file(source, chosen, model, progress.hear, inspect=inspect)
            bad = _write(graded, sink, progress)
        show_agreement(both.counts)
        return bad


def _as_it_is(card: Scorecard, _: Case) -> Scorecard:
    return card


def _line(sink: BinaryIO | None, row: ReviewRow) -> None:
    """Write a row of the review queue, where one is kept."""
    if sink is not None:
        sink.write(row.model_dump_json().encode() + b"\n")
        sink.flush()


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
def _source(
    name: str, out: Path | None, review: Path | None
) -> Iterator[tuple[BinaryIO, int | None]]:
    """The transcripts and how many rows there are, where that can be known."""
    if out is not None and review is not None and out.absolute() == review.absolute():
        raise UsageError(f"--review {str(review)!r} is where --out goes. Name another one.")
    if name == "-":
        yield sys.stdin.buffer, None
        return
    path = Path(name)
    try:
        for option, written in (("--out", out), ("--review", review)):
            if written is not None and written.exists() and written.samefile(path):
                sentence = f"{option} {str(written)!r} is the file that is read. Name another one."
                raise UsageError(sentence)
        with path.open("rb") as counted:
            rows = sum(1 for line in counted if line.strip())
        with path.open("rb") as source:
            yield source, rows
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UsageError(f"{name!r} cannot be read: {error.strerror}.") from error


@contextmanager
def _sink(option: str, out: Path | None) -> Iterator[BinaryIO]:
    """Where the lines go, as UTF-8 whatever the terminal's encoding."""
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        sink = out.open("wb")
    except OSError as error:
        raise UsageError(f"{option} {str(out)!r} cannot be written: {error.strerror}.") from error
    with sink:
        yield sink
