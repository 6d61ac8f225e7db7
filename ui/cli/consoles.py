"""The two places a command writes to: results on standard output, the rest on standard error."""

import json
import sys

from rich.console import Console


def out() -> Console:
    """Standard output, for results."""
    return Console(highlight=False)


def err() -> Console:
    """Standard error, for progress and messages."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """One message for the person in front of it, as it is: no markup, no wrapping."""
    err().print(text, markup=False, soft_wrap=True)


def print_json(value: object, indent: int | None = 2) -> None:
    """A result for a program: plain ASCII where the terminal's encoding cannot take more."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    text = json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
