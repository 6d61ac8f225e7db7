"""Grades the rows of a source into a file, one after the other as they are read."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dialogue.masking import mask_row
from grading.adjusting import Adjustment, site_adjustment
from grading.case import Case
from grading.grader import GRADER_VERSION
from grading.inspecting.loading import inspectors
from grading.inspecting.reviewing import ReviewRow, SideBySide
from grading.rubric import Rubric, load_rubric
from grading.transcripts import as_line, grade_each
from grading.types import RowError, Scorecard
from llm.types import ChatModel
from ui.cli.agreement import show_agreement
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
    """By the language model; otherwise by rules alone."""
    inspected: bool = False
    """Also by the rule-based inspector."""
    rules: Path | None = None
    """Its rules, from a file of one's own."""
    out: Path | None = None
    """`None`: standard output."""
    review: Path | None = None
    """Where rows go on which the inspectors disagree."""
    resume: bool = False
    mask: bool = False
    """Take out what names or reaches a person before anything is graded or written."""


def grade_rows(settings: Settings, job: Job) -> int:
    """Grade the job's rows; how many, with those of the run before, could not be graded.

    Raises `UsageError`, `FormatError`, `ContentError` for rubric and rules, `ModelError`, all
    before anything is graded.
    """
    chosen = load_rubric(job.rubric)
    _check_files(job)
    inspected = inspectors(chosen, job.rules) if job.inspected else {}
    kept = kept_results(job.out) if job.resume and job.out else Kept()
    _check_same(job, kept, {"rubric": chosen.id, "rubric_version": chosen.version})
    with ExitStack() as stack:
        source = stack.enter_context(opened_source(job.file, job.reading))
        model = stack.enter_context(closing(load_model(settings))) if job.judged else None
        site = _site(settings, model, chosen)
        _check_same(job, kept, _made_with(model, site))
        sink = stack.enter_context(_sink(job, kept))
        queue = stack.enter_context(_queue(job)) if job.review else None
        progress = stack.enter_context(GradeProgress(source.total, kept.lines))
        both = SideBySide(inspected, chosen, lambda row: _line(queue, row))
        undone = kept.undone(source.rows)
        results = grade_each(
            map(mask_row, undone) if job.mask else undone,
            chosen,
            model,
            progress.hear,
            adjustment=site,
            inspect=both.add if inspected else _as_it_is,
        )
        bad = kept.errors + _write(results, sink, progress)
    show_agreement(both.counts)
    return bad


def _site(settings: Settings, model: ChatModel | None, rubric: Rubric) -> Adjustment | None:
    return site_adjustment(settings.data_folder, model.name, rubric) if model else None


def _made_with(model: ChatModel | None, site: Adjustment | None) -> dict[str, str]:
    """What results must have in common to be of one run."""
    version = site.versioned(GRADER_VERSION) if site else GRADER_VERSION
    return {"grader_version": version, "model": model.name if model else ""}


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


def _check_files(job: Job) -> None:
    """Raises `UsageError` before a file is lost that should be read, or kept."""
    if job.resume and job.out is None:
        raise UsageError("--resume goes on with a file of results; name it with --out FILE.")
    if job.out and job.review and job.out.absolute() == job.review.absolute():
        raise UsageError(f"--review {str(job.review)!r} is where --out goes. Name another one.")
    for option, written in (("--out", job.out), ("--review", job.review)):
        if written is not None and _is_source(written, job.file):
            sentence = f"{option} {str(written)!r} is the file that is read. Name another one."
            raise UsageError(sentence)


def _is_source(written: Path, source: str) -> bool:
    try:
        return written.exists() and written.samefile(source)
    except FileNotFoundError:
        return False  # There is no such input; whoever opens it says so.


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


@contextmanager
def _queue(job: Job) -> Iterator[BinaryIO]:
    """Where the rows for a person go; a run that goes on adds to it."""
    assert job.review is not None
    try:
        sink = job.review.open("ab" if job.resume else "wb")
    except OSError as error:
        sentence = f"--review {str(job.review)!r} cannot be written: {error.strerror}."
        raise UsageError(sentence) from error
    with sink:
        yield sink
