"""The files of `deploy/`, and what is put in place of what only containers have."""

import re
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"


def compose() -> dict[str, Any]:
    """The compose file."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def configuration(name: str, places: dict[str, str]) -> str:
    """A configuration of nginx with other addresses and files; each is there exactly once."""
    text = (DEPLOY / name).read_text("utf-8")
    for there, here in places.items():
        text, count = re.subn(rf"(?<=\s){re.escape(there)}(?=[\s;])", here, text)
        assert count == 1, f"{name} has {there!r} {count} times"
    return text
