"""Desk actions written as text: `!refund_order order_id=4471 reason="arrived broken"`."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """An action's name and its arguments."""

    name: str
    arguments: dict[str, str]


def is_command(line: str) -> bool:
    """Whether a line does something at the desk rather than being said."""
    return line.startswith("!")


def parse_command(line: str) -> Command:
    """Read `!name argument=value …`; raises `ValueError` with what is wrong."""
    try:
        name, *words = shlex.split(line.removeprefix("!"))
    except ValueError as error:
        raise ValueError("names no action or has an open quote") from error
    pairs = [word.partition("=") for word in words]
    broken = [name for name, equals, _ in pairs if not (name and equals)]
    if broken:
        raise ValueError(f"{broken[0]!r} should be written argument=value")
    return Command(name, {name: value for name, _, value in pairs})
