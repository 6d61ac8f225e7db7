"""The lines of an unattended agent: plain text, or JSON with actions at the desk."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from simulator.types import ActionCall
from ui.cli.errors import UsageError


class AgentLine(BaseModel):
    """What the agent does, then says, in one turn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    actions: tuple[ActionCall, ...] = ()
    """Done at the desk before the text is sent."""


def read_agent_lines(name: str) -> list[AgentLine]:
    """The lines of a file, or of standard input for `-`; raises `UsageError`.

    Every line counts, empty ones too; only the end of the last line is no line of its own.
    """
    text = _read(name)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [_line(line.removesuffix("\r"), name, n) for n, line in enumerate(lines, 1)]


def _read(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The agent's lines cannot be read from {name!r}: {reason}.") from error
    # What is not UTF-8 is an agent's message too: it is kept as far as text can hold it.
    return raw.decode("utf-8-sig", errors="replace")


def _line(line: str, name: str, number: int) -> AgentLine:
    """JSON when it is an object with a `text`; everything else is what the agent says."""
    value = _object(line)
    if value is None or "text" not in value:
        return AgentLine(text=line)
    try:
        return AgentLine.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name!r}, line {number}: {field}: {first['msg']}.") from error


def _object(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
