"""Linting a rubric: what in it will be misread, misjudged or miscounted, found without a model.

Errors make grades wrong or keep the rubric from loading; warnings are for its writer to weigh.
What is looked for, and what is said, is in `linting.yaml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.lint_lists import Severity, lists
from grading.lint_overlaps import overlap_spots
from grading.lint_questions import question_spots
from grading.lint_reading import Spot
from grading.lint_structure import structure_spots
from grading.rubric import Rubric, path_of, read_rubric
from personas.errors import ContentError, Problem
from personas.files import Document
from personas.validation import validated


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with a rubric, and what to do about it."""

    file: str
    line: int
    """Counted from 1."""
    field: str
    """Dotted, as in `criteria[0].questions[2].ask`; empty when it concerns the whole file."""
    check: str
    """Which kind of finding it is: a name of `linting.yaml`."""
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity} {self.check}: {self.message}"


def lint(name: str | Path) -> tuple[Finding, ...]:
    """What is wrong with a rubric, by its name or path, in the order of files and lines.

    A rubric that extends another is linted as a whole; of the other's own faults only errors
    count. Raises `ContentError` for a name that nothing has and for a file that is not there.
    """
    path = path_of(name)
    if not path.is_file():
        message = f"There is no rubric file {path}; 'spardesk rubric list' names the shipped ones."
        raise ContentError(message)
    problems: list[Problem] = []
    document = read_rubric(path, problems)
    if document is None:
        return tuple(sorted(_invalid(problem) for problem in problems))
    found = [_worded(document, spot) for spot in _spots(document)]
    return tuple(sorted({*_counted(document, found), *_not_valid(document, found)}))


def _spots(document: Document) -> Iterator[Spot]:
    yield from question_spots(document)
    yield from overlap_spots(document)
    yield from structure_spots(document)


def _worded(document: Document, spot: Spot) -> Finding:
    wording = lists().findings[spot.check]
    said = wording.says.format(name=spot.name, found=spot.found)
    place = document.problem(spot.path, said[:1].upper() + said[1:])
    return _finding(place, spot.check)


def _finding(place: Problem, check: str) -> Finding:
    severity = lists().findings[check].severity
    return Finding(place.file, place.line, place.field, check, severity, place.message)


def _counted(document: Document, found: list[Finding]) -> Iterator[Finding]:
    for finding in found:
        if finding.file == document.file or finding.severity == "error":
            yield finding


def _not_valid(document: Document, found: list[Finding]) -> Iterator[Finding]:
    """What keeps the rubric from loading, where nothing better was said about the place."""
    problems: list[Problem] = []
    validated(document, Rubric, problems)
    said = {(finding.file, finding.field) for finding in found if finding.severity == "error"}
    for problem in problems:
        if (problem.file, problem.field) not in said:
            yield _invalid(problem)


def _invalid(problem: Problem) -> Finding:
    said = lists().findings["not_valid"].says
    name = problem.field or "the rubric"
    message = said.format(name=name, found=problem.message)
    place = Problem(problem.file, problem.line, problem.field, message[:1].upper() + message[1:])
    return _finding(place, "not_valid")
