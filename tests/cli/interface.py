"""The examples of `docs/interfaces.md`, and how real output is held to them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "interfaces.md"

NULLABLE = frozenset(
    {
        "answer",
        "at",
        "feeling",
        "first_token_s",
        "intent",
        "interval",
        "language",
        "perception",
        "points",
        "predicted_satisfaction",
        "probability",
        "scenario",
        "score",
        "solved",
        "topic",
        "total",
        "total_s",
        "turn",
    }
)
"""Fields that the page allows to be `null`, or that are not known of every turn."""

KEYED = frozenset({"criteria", "acts"})
"""Objects whose keys are ids: every value has the form of the example's first."""


def examples() -> list[Any]:
    """The page's JSON blocks in order: a transcript, a scorecard, the rule-based inspector's view,
    a row of the review queue, an unattended session."""
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [json.loads(block) for block in blocks]


def differences(example: Any, real: Any, path: str = "") -> Iterator[str]:
    """Where real output lacks a field of the example, or has another type there."""
    field = path.rpartition(".")[2].partition("[")[0]
    if real is None:
        if example is not None and field not in NULLABLE:
            yield f"{path} is null"
    elif isinstance(example, dict) and isinstance(real, dict):
        yield from _object_differences(example, real, path, keyed=field in KEYED)
    elif isinstance(example, list) and isinstance(real, list):
        yield from _list_differences(example, real, path)
    elif example is not None and _kind(example) != _kind(real):
        yield f"{path} is {_kind(real)}, not {_kind(example)}"


def _object_differences(
    example: dict[str, Any], real: dict[str, Any], path: str, *, keyed: bool
) -> Iterator[str]:
    if keyed:
        for name, value in real.items():
            yield from differences(next(iter(example.values())), value, f"{path}.{name}")
        return
    for name, value in example.items():
        if name in real:
            yield from differences(value, real[name], f"{path}.{name}")
        else:
            yield f"{path}.{name} is missing"


def _list_differences(example: list[Any], real: list[Any], path: str) -> Iterator[str]:
    for index, item in enumerate(real):
        alike = _like(item, example)
        if alike is not None:
            yield from differences(alike, item, f"{path}[{index}]")


def _like(item: Any, example: list[Any]) -> Any:
    """The example's item to compare with: the one of the same speaker, else the first."""
    if isinstance(item, dict) and "speaker" in item:
        return next(each for each in example if each["speaker"] == item["speaker"])
    return example[0] if example else None


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {str: "text", list: "list", dict: "object"}[type(value)]
