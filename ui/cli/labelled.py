"""Conversations with what is true of them, for `spardesk calibrate`."""

import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from dialogue.types import Transcript
from grading.case import from_transcript
from grading.grader import grade
from grading.refitting import Labelled, labels_of
from grading.rubric import Rubric
from llm.types import ChatModel
from ui.cli.errors import UsageError


class LabelledTranscript(Transcript):
    """A transcript, and for some checks whether they are met."""

    answers: dict[str, Literal["yes", "no", "na"]]


def read_labelled(path: Path, checks: Collection[str]) -> list[LabelledTranscript]:
    """The rows of a labelled file. Raises `UsageError` that names file and line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error}.") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = LabelledTranscript.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            raise UsageError(f"{path}, line {number}: {_first(error)}.") from error
        unknown = sorted(set(row.answers) - set(checks))
        if unknown:
            raise UsageError(f"{path}, line {number}: the rubric has no check {unknown[0]!r}.")
        rows.append(row)
    if not rows:
        raise UsageError(f"{str(path)!r} holds no conversation.")
    return rows


def with_probabilities(
    rows: list[LabelledTranscript], rubric: Rubric, model: ChatModel, said: Callable[[str], object]
) -> Iterator[Labelled]:
    """Each label beside what the grader says; a site's earlier calibration is left out."""
    for number, row in enumerate(rows, start=1):
        card = grade(from_transcript(row), rubric, model, rewrite=False)
        every = [check for part in card.criteria.values() for check in part.checks]
        known = {c.id: c.probability for c in every if c.probability is not None}
        said(f"{number}/{len(rows)} {row.id}")
        yield from labels_of(row.id, known, row.answers)


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        one = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(error)
