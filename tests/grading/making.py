"""Conversations and sessions to grade, made in a line."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from dialogue.types import Turn
from grading.case import Case

DATA = Path(__file__).parent / "data"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def turns_of(lines: Iterable[str], seconds: float | None = None) -> tuple[Turn, ...]:
    """Turns from lines such as `C: Hello?` and `A: Hello.`; `seconds` apart when given."""
    made = []
    for number, line in enumerate(lines):
        at = None if seconds is None else START + timedelta(seconds=number * seconds)
        speaker = {"C": "customer", "A": "agent"}[line[0]]
        made.append(Turn.model_validate({"speaker": speaker, "text": line[3:], "at": at}))
    return tuple(made)


def case_of(*lines: str, language: str = "en", **more: Any) -> Case:
    """A case of such lines."""
    return Case(id="case", turns=turns_of(lines), language=language, **more)


def pairs() -> list[dict[str, Any]]:
    """The conversations in pairs that differ in one thing."""
    loaded: list[dict[str, Any]] = yaml.safe_load((DATA / "pairs.yaml").read_text("utf-8"))
    return loaded
