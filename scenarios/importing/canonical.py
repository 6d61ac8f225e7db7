"""Arguments of a tool call as the texts that a desk takes, the same for the same meaning."""

import shlex
from collections.abc import Mapping
from typing import Any

from scenarios.commands import Command

NONE = "none"
"""Stands for what is empty: a desk's arguments cannot be."""


def canonical(value: Any) -> str:
    """A value as one line of text; a list is sorted, its parts with commas between."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return " ".join(canonical(each) for each in value.values()) or NONE
    if isinstance(value, list | tuple):
        glue = ", " if any(isinstance(each, Mapping | list) for each in value) else ","
        return glue.join(sorted(canonical(each) for each in value)) or NONE
    if value is None:
        return NONE
    return " ".join(str(value).split()) or NONE


def canonical_arguments(arguments: Mapping[str, Any]) -> dict[str, str]:
    """The arguments of a call; an order number is written without its `#`, as records are kept."""
    texts = {name: canonical(value) for name, value in arguments.items()}
    if "order_id" in texts:
        texts["order_id"] = texts["order_id"].lstrip("#") or NONE
    return texts


def written(command: Command) -> str:
    """A command as a scenario's `ideal` has it: `!name argument=value …`."""
    pairs = (shlex.quote(f"{name}={value}") for name, value in command.arguments.items())
    return " ".join((f"!{command.name}", *pairs))
