"""Grades conversations into a file, one after the other as they are read."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dialogue.masking import mask_row
from grading.grader import GRADER_VERSION
from grading.rubric import load_rubric
from grading.transcripts import as_line, grade_each
from grading.types import RowError, Scorecard
from ui.cli.consoles import say
from ui.cli.errors import UsageError
from ui.cli.grade_progress import GradeProgress
from ui.cli.grade_source import Reading, opened_source
from ui.cli.opening import load_model
from ui.cli.resuming import Kept, kept_results, opened_to_go_on
from ui.settings import Settings


@dataclass(frozen=True)
class Job:
    """What `spardesk grade` is asked to do."""

    file: str
    """A path, or `-` for standard input."""
    reading: Reading
    rubric: str
    judged: bool
    """By the model too; otherwise by rules alone."""
    out: Path | None = None
    """`None`: standard output."""
    resume: bool = False
    mask: bool = False
    """Take out what names or reaches a person before anything is graded or written."""


def grade_rows(settings: Settings, job: Job) -> int:
    """Grade the job's rows; how many, with those of the run before, could not be graded.

    Raises `UsageError`, `FormatError`, `ContentError` for the rubric, `ModelError`, all before
    anything is graded.
    """
    chosen = load_rubric(job.rubric)
    _check_out(job)
    kept = kept_results(job.out) if job.resume and job.out else Kept()
    stamp = {"rubric": chosen.id, "rubric_version": chosen.version}
    _check_same(job, kept, stamp | {"grader_version": GRADER_VERSION})
    with ExitStack() as stack:
        source = stack.enter_context(opened_source(job.file, job.reading))
        model = stack.enter_context(closing(load_model(settings))) if job.judged else None
        _check_same(job, kept, {"model": model.name if model else ""})
        sink = stack.enter_context(_sink(job, kept))
        progress = stack.enter_context(GradeProgress(source.total, kept.lines))
        undone = kept.undone(source.rows)
        rows = map(mask_row, undone) if job.mask else undone
        results = grade_each(rows, chosen, model, progress.hear)
        return kept.errors + _write(results, sink, progress)


def _write(results: Iterator[Scorecard | RowError], sink: BinaryIO, progress: GradeProgress) -> int:
    """Write each result as it comes; how many are errors."""
    bad = 0
    for result in results:
        sink.write(as_line(result).encode() + b"\n")
        sink.flush()
        progress.row_done(result)
        bad += isinstance(result, RowError)
    return bad


def _check_out(job: Job) -> None:
    """Raises `UsageError` before a file is lost that should be read, or kept."""
    if job.resume and job.out is None:
        raise UsageError("--resume goes on with a file of results; name it with --out FILE.")
    try:
        if job.out is not None and job.out.exists() and job.out.samefile(job.file):
            raise UsageError(f"--out {str(job.out)!r} is the file that is read. Name another one.")
    except FileNotFoundError:
        return  # There is no such input; whoever opens it says so.


def _check_same(job: Job, kept: Kept, here: dict[str, str]) -> None:
    if job.out is not None:
        kept.check_same(job.out, here)


@contextmanager
def _sink(job: Job, kept: Kept) -> Iterator[BinaryIO]:
    """Where the lines go, as UTF-8 whatever the terminal's encoding."""
    if job.out is None:
        yield sys.stdout.buffer
        return
    try:
        sink = opened_to_go_on(job.out, kept) if job.resume else job.out.open("wb")
    except OSError as error:
        raise UsageError(f"--out {str(job.out)!r} cannot be written: {error.strerror}.") from error
    if kept.lines:
        say(f"Going on after the {kept.lines} row(s) that {job.out} has already.")
    with sink:
        yield sink
