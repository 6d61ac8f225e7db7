"""From the form of an earlier version's files to the present one, step by step.

A step gets the tables of one file and its name, and returns them in the next form. Steps are never
changed once a version with them was released.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Step:
    """How the files of one version become those of the next."""

    to: int
    """The version that this makes."""
    name: str
    """What changes."""
    change: Callable[[str, Tables], Tables]


def _apart_from_accounts(file: str, tables: Tables) -> Tables:
    """Settings are called so, since accounts lie beside them; the list of sessions has no grades.

    The list can be made again from the journals, so it is only emptied.
    """
    if file == "people.json":
        return {("settings" if name == "people" else name): rows for name, rows in tables.items()}
    return {} if file == "sessions.json" else tables


STEPS = (Step(2, "settings apart from accounts, grades apart from the list", _apart_from_accounts),)

SCHEMA = max(step.to for step in STEPS)
"""Version of the files' form; a higher one in a file was written by a newer Spardesk."""


def upgraded(file: str, schema: int, tables: Tables) -> Tables:
    """Tables of an earlier form in the present one."""
    for step in STEPS:
        if schema < step.to:
            tables = step.change(file, tables)
    return tables
