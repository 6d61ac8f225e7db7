"""Holds a parsed file against its type and words every mismatch for the person who wrote it."""

from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from personas.errors import Problem, suggestion
from personas.files import Document, FieldPath

M = TypeVar("M", bound=BaseModel)


def validated(document: Document, model: type[M], problems: list[Problem]) -> M | None:
    """The file as a `model`; `None`, with every problem noted, when it does not fit."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        problems.extend(_problems(document, model, error))
        return None


def _problems(document: Document, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    found: dict[FieldPath, Problem] = {}
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] == "too_short" and _has_faulty_entries(detail, details):
            continue
        # A union's branches are named behind the field; one sentence for the field is enough.
        path = _real_path(document, detail)
        found.setdefault(path, document.problem(path, _sentence(model, path, detail)))
    return list(found.values())


def _has_faulty_entries(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list counts as too short because its faulty entries were left out."""
    path = detail["loc"]
    return any(len(d["loc"]) > len(path) and d["loc"][: len(path)] == path for d in details)


def _real_path(document: Document, detail: ErrorDetails) -> FieldPath:
    path = detail["loc"]
    if detail["type"] == "missing":
        return path
    while path and path not in document.lines:
        path = path[:-1]
    return path


def _sentence(model: type[BaseModel], path: FieldPath, detail: ErrorDetails) -> str:
    given = _short(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown field; {suggestion(str(path[-1]), _fields_at(model, path[:-1]))}"
        case "missing":
            return "is missing; add it"
        case "literal_error":
            allowed = str(detail.get("ctx", {}).get("expected", ""))
            names = [name.strip("'") for name in allowed.replace(" or ", ", ").split(", ")]
            help_ = suggestion(str(detail["input"]), names)
            return f"{given} is not one of {', '.join(names)}" + (
                f"; {help_}" if help_.startswith("did") else ""
            )
        case "string_type" if isinstance(detail["input"], int | float):
            return f"should be text, not {given}; put quotes around it"
        case "string_type" if isinstance(detail["input"], dict):
            return "should be text, not fields; put quotes around text with a colon in it"
        case "value_error":
            return str(detail.get("ctx", {}).get("error", detail["msg"]))
        case "model_type":
            return f"should hold fields, not {given}"
        case _:
            expected = detail["msg"].removeprefix("Input should ").removeprefix("be ")
            return f"should be {expected}, not {given}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "fields"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _fields_at(model: type[BaseModel], path: FieldPath) -> list[str]:
    """Names of the fields that the type has at `path`."""
    at: Any = model
    for part in path:
        if isinstance(part, str) and isinstance(at, type) and issubclass(at, BaseModel):
            at = _required(at.model_fields[part].annotation)
        else:
            inner = [arg for arg in get_args(at) if arg is not Ellipsis]
            at = _required(inner[-1]) if inner else None
    return list(at.model_fields) if isinstance(at, type) and issubclass(at, BaseModel) else []


def _required(annotation: Any) -> Any:
    """`X` of `X | None`; anything else as it is."""
    kinds = [arg for arg in get_args(annotation) if arg is not NoneType]
    optional = get_origin(annotation) in (Union, UnionType) and len(kinds) == 1
    return kinds[0] if optional else annotation
