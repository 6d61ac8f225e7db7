"""A rubric's parts as linting walks them: as they stand in the file, whether they are valid or not.

Fields that are not known here are left alone, so that a rubric is linted beside its mistakes.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

from grading.rubric import Check, Criterion
from personas.files import Document, FieldPath


class Spot(NamedTuple):
    """Something found: where, which kind of finding, and the words of its sentence."""

    path: FieldPath
    check: str
    name: str
    found: str = ""


class Part(NamedTuple):
    """A criterion, a check or a condition."""

    path: FieldPath
    name: str
    """As sentences call it: `'polite'`, `criterion 'logic'`."""
    fields: dict[str, Any]
    kind: str = ""
    """For a check: the field of its criterion that it is in."""

    def at(self, *path: str | int) -> FieldPath:
        """The path of a field of it."""
        return (*self.path, *path)

    @property
    def ask(self) -> str:
        """The question, white space tidied; empty where it asks none."""
        asked = self.fields.get("ask")
        return " ".join(asked.split()) if isinstance(asked, str) else ""


@cache
def kinds() -> dict[str, type[Check]]:
    """Field of a criterion → the type of the checks that it holds."""
    found = {}
    for name, field in Criterion.model_fields.items():
        inner = [arg for arg in get_args(field.annotation) if isinstance(arg, type)]
        if inner and issubclass(inner[0], Check):
            found[name] = inner[0]
    return found


def criteria(document: Document) -> Iterator[Part]:
    """The criteria."""
    for i, fields in _mappings(_field(document.value, "criteria")):
        yield Part(("criteria", i), f"criterion {fields.get('id')!r}", fields)


def checks_of(criterion: Part) -> Iterator[Part]:
    """The checks of a criterion."""
    for kind in kinds():
        for i, fields in _mappings(criterion.fields.get(kind)):
            yield Part(criterion.at(kind, i), repr(fields.get("id")), fields, kind)


def checks(document: Document) -> Iterator[Part]:
    """All checks of all criteria."""
    for criterion in criteria(document):
        yield from checks_of(criterion)


def conditions(document: Document) -> dict[str, Part]:
    """The conditions by name."""
    value = _field(document.value, "conditions")
    return {
        name: Part(("conditions", name), f"condition {name!r}", fields)
        for name, fields in (value.items() if isinstance(value, dict) else ())
        if isinstance(fields, dict)
    }


def own_last(document: Document, paths: list[Part], *field: str) -> list[Part]:
    """Parts with those last whose field is in the file itself, not in one that it extends.

    Of two that do not go together, the second is found fault with.
    """
    return sorted(paths, key=lambda part: is_own(document, part.at(*field)))


def is_own(document: Document, path: FieldPath) -> bool:
    """Whether a field is in the file itself, not in one that it extends."""
    return document.problem(path, "").file == document.file


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _mappings(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for i, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield i, item
