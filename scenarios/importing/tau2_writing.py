"""Writes an imported pack as a folder that the library reads."""

import json
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from personas.errors import ContentError, Problem
from scenarios.importing.tau2_pack import Imported
from scenarios.types import Pack

WIDTH = 100


def check_free(out: Path, force: bool) -> None:
    """Raise `ContentError` when a pack may not be written to `out`."""
    if out.exists() and not out.is_dir():
        raise ContentError.of([Problem(str(out), 1, "", "is a file; name a folder for the pack")])
    if out.is_dir() and any(out.iterdir()) and not force:
        message = "is not empty; name another folder, or replace the pack in it with --force"
        raise ContentError.of([Problem(str(out), 1, "", message)])


def write_pack(made: Imported, out: Path) -> None:
    """Write the pack's files; scenarios of an earlier import go. Raises `ContentError`."""
    try:
        _write(made, out)
    except OSError as error:
        message = f"cannot be written: {error.strerror}; name another folder"
        raise ContentError.of([Problem(str(error.filename or out), 1, "", message)]) from error


def _write(made: Imported, out: Path) -> None:
    scenarios = out / "scenarios"
    scenarios.mkdir(parents=True, exist_ok=True)
    for old in scenarios.glob("*.yaml"):
        old.unlink()
    pack = made.pack
    _text(out / "pack.yaml", _yaml(_head(pack)))
    # JSON is YAML, and a table of records is shorter and read faster that way.
    _text(out / "data.yaml", json.dumps(pack.tables, ensure_ascii=False, indent=0) + "\n")
    _text(out / "policy.en.md", pack.policy["en"])
    for scenario in pack.scenarios:
        _text(scenarios / f"{scenario.id}.yaml", _yaml(_plain(scenario)))
    _text(out / "origin.json", json.dumps(made.origin, ensure_ascii=False, indent=2) + "\n")


def _head(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "name": pack.name,
        "topics": list(pack.topics),
        "actions": [_plain(action) for action in pack.actions],
    }


def _plain(content: BaseModel) -> dict[str, Any]:
    return content.model_dump(mode="json", exclude_defaults=True)


def _yaml(value: Any) -> str:
    return yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
