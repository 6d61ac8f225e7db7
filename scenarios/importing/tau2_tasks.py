"""Reads τ²-bench's `tasks.json`: every task, or a sentence about why it cannot be used.

The form is Sierra Research's (github.com/sierra-research/tau2-bench); fields that are not needed
here are left alone.
"""

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from personas.errors import ContentError, Problem

MAX_BYTES = 50_000_000
"""Size from which a file is not read."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


_Plain = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class ExpectedAction(_Part):
    """A tool call that the task expects."""

    name: _Plain
    arguments: dict[_Plain, Any]


class Criteria(_Part):
    """What a task is judged by."""

    actions: tuple[ExpectedAction, ...] | None = None
    communicate_info: tuple[Any, ...] | None = None
    nl_assertions: tuple[Any, ...] | None = None
    reward_basis: tuple[str, ...] | None = None


class Instructions(_Part):
    """What the user is told, in the second person."""

    domain: str = Field(pattern=r"^[a-z0-9_-]+$")
    reason_for_call: str = Field(min_length=1)
    known_info: str | None = None
    unknown_info: str | None = None
    task_instructions: str | None = None


class UserScenario(_Part):
    """Who calls and why."""

    instructions: Instructions


class Task(_Part):
    """One task."""

    id: str = Field(coerce_numbers_to_str=True)
    user_scenario: UserScenario
    evaluation_criteria: Criteria

    @property
    def told(self) -> Instructions:
        """What the user is told."""
        return self.user_scenario.instructions

    @property
    def actions(self) -> tuple[ExpectedAction, ...]:
        """The tool calls that the task expects, in order."""
        return self.evaluation_criteria.actions or ()

    @property
    def slug(self) -> str:
        """The scenario's id."""
        plain = f"tau2-{self.told.domain}-{self.id}".lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def read_json(path: Path) -> Any:
    """The value in a JSON file; raises `ContentError` when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _cannot(path, 1, "is larger than 50 MB; import a part of it")
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _cannot(path, 1, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _cannot(path, 1, "is not UTF-8; save it as UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        message = "is not JSON; get the file again from where it comes"
        raise _cannot(path, line, message) from error


def read_tasks(path: Path, skipped: list[str]) -> list[Task]:
    """The tasks of a file; a sentence in `skipped` for each that is not of the form.

    Raises `ContentError` when the file holds no list of tasks.
    """
    rows = read_json(path)
    if not isinstance(rows, list) or not rows:
        message = "should be a list of tasks; give a folder with a tasks.json of τ²-bench's form"
        raise _cannot(path, 1, message)
    found: dict[str, Task] = {}
    for place, row in enumerate(rows):
        name = row.get("id", place) if isinstance(row, dict) else place
        try:
            task = Task.model_validate(row)
        except ValidationError as error:
            skipped.append(f"{path}: task {str(name)!r}: {_said(error)}")
            continue
        if task.slug in found:
            message = f"id: {task.slug!r} is another task's too; rename one"
            skipped.append(f"{path}: task {task.id!r}: {message}")
        else:
            found[task.slug] = task
    return list(found.values())


def _said(error: ValidationError) -> str:
    """The first thing that is wrong: field and what to do."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "the task"
    if first["type"] == "missing":
        return f"{field}: is missing; add it"
    expected = first["msg"].removeprefix("Input should ").removeprefix("be ")
    return f"{field}: should be {expected}; correct it"


def _cannot(path: Path, line: int, message: str) -> ContentError:
    return ContentError.of([Problem(str(path), line, "", message)])
