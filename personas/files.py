"""Content files: YAML without its surprises, and the line of every field.

Dates stay text, `yes` and `no` stay text, numbers with a leading zero stay text. Tags, aliases and
repeated keys are refused, and so are files that are too large or nested too deep.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.resolver import Resolver

from personas.errors import Problem

FieldPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Document:
    """A parsed file: its plain value and where each field of it stands."""

    file: str
    value: Any
    lines: dict[FieldPath, int] = field(default_factory=dict)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a field, or of the nearest thing around it that is there."""
        known = tuple(path)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)

    def problem(self, path: Sequence[str | int], message: str) -> Problem:
        """A problem with one of the file's fields."""
        return Problem(self.file, self.line(path), dotted(path), message)


def dotted(path: Sequence[str | int]) -> str:
    """`("brief", "facts", 2, "says")` as `brief.facts[2].says`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """The text of a content file; `None`, with the problem noted, when it cannot be read."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        problems.append(Problem(str(path), 1, "", f"cannot be read: {error.strerror}"))
        return None
    if data is None:
        problems.append(Problem(str(path), 1, "", "is larger than 1 MB; split it up"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(Problem(str(path), line, "", "is not UTF-8; save it as UTF-8"))
        return None


def read_yaml(path: Path, problems: list[Problem]) -> Document | None:
    """A YAML file with the lines of its fields; `None`, with the problems noted, on failure."""
    text = read_text(path, problems)
    return None if text is None else parse_yaml(text, str(path), problems)


def parse_yaml(
    text: str, file: str, problems: list[Problem], first_line: int = 1
) -> Document | None:
    """Parse YAML text that starts at `first_line` of `file`."""
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        line, message = _said(error, text)
        problems.append(Problem(file, line + first_line - 1, "", message))
        return None
    if node is None:
        problems.append(Problem(file, first_line, "", "is empty"))
        return None
    walk = _Walk(file, first_line)
    document = Document(file, walk.value(node, ()), walk.lines)
    problems.extend(walk.problems)
    return None if walk.problems else document


_TOO_DEEP = "is nested too deep"


class _PlainLoader(Composer, CParser, Resolver):
    """Composes nodes only, with the few plain types that content needs.

    The parser is the one in C, which is faster; nodes are composed here, where what is not wanted
    can be refused.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    _depth = 0

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        Resolver.__init__(self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event, "an alias (*) is not allowed; write the value out")
        if getattr(event, "tag", None) is not None:
            raise _refused(event, "put quotes around a value that begins with '!'")
        if self._depth >= MAX_DEPTH:
            raise _refused(event, _TOO_DEEP)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


_PlainLoader.add_implicit_resolver(_TAG + "bool", re.compile(r"^(true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver(_TAG + "null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
_PlainLoader.add_implicit_resolver(
    _TAG + "int", re.compile(r"^-?(0|[1-9][0-9]{0,17})$"), list("-0123456789")
)
_PlainLoader.add_implicit_resolver(
    _TAG + "float", re.compile(r"^-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}$"), list("-0123456789")
)


def _refused(event: Any, message: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=message, problem_mark=event.start_mark)


def _said(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Line (from 1) and wording of a parser's complaint."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        if "nesting depth" in str(error.problem):  # the parser in C has a bound of its own
            return error.problem_mark.line + 1, _TOO_DEEP
        hint = "; put quotes around the text" if "mapping values" in str(error.problem) else ""
        return error.problem_mark.line + 1, f"{error.problem}{hint}"
    position = getattr(error, "position", 0)
    return text[:position].count("\n") + 1, "holds a character that YAML does not allow"


@dataclass
class _Walk:
    """Turns nodes into plain values and notes their lines."""

    file: str
    first_line: int
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: yaml.Node, path: FieldPath) -> Any:
        self.lines.setdefault(path, node.start_mark.line + self.first_line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + self.first_line
            if not isinstance(key, yaml.ScalarNode):
                self._note(line, path, "a field's name must be plain text")
            elif key.value in found:
                self._note(line, (*path, key.value), "is there twice; remove one")
            else:
                self.lines[(*path, key.value)] = line
                found[key.value] = self.value(item, (*path, key.value))
        return found

    def _note(self, line: int, path: FieldPath, message: str) -> None:
        self.problems.append(Problem(self.file, line, dotted(path), message))


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text: str = node.value
    match node.tag.removeprefix(_TAG):
        case "bool":
            return text == "true"
        case "null":
            return None
        case "int":
            return int(text)
        case "float":
            return float(text)
        case _:
            return text
