"""Going on with a file of results: nothing is lost, nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome

Run = Callable[..., Outcome]
TOP = Path(__file__).parents[2]

RULES = ("--inspector", "rules")


def row(id_: str, speaker: str = "agent") -> str:
    turns = [
        {"speaker": "customer", "text": f"Where is my parcel {id_}?"},
        {"speaker": speaker, "text": "Good morning, I am sorry. It comes on Monday."},
    ]
    return json.dumps({"id": id_, "turns": turns})


ROWS = [
    row("a"),
    "{broken",
    row("b", "Bot"),
    row("c"),
    row("a"),
    "{broken again",
    row("d"),
    row("客"),
    row("e"),
    row("a"),
]
"""With errors that have no id, and an id that is used three times."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(f"{each}\n" for each in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def whole(spardesk: Run, source: Path, tmp_path: Path) -> bytes:
    """The file of an uninterrupted run."""
    path = tmp_path / "whole.jsonl"
    assert spardesk("grade", source, "--out", path, *RULES).code == 1
    return path.read_bytes()


@pytest.mark.parametrize("lines", [1, 5, 9])
def test_after_a_kill_the_rest_is_graded_and_nothing_twice(
    spardesk: Run, source: Path, whole: bytes, tmp_path: Path, lines: int
) -> None:
    out = tmp_path / "out.jsonl"
    _killed_after(lines, out)
    written = out.read_bytes()
    assert written.count(b"\n") == lines
    assert whole.startswith(written)
    outcome = spardesk("grade", source, "--out", out, "--resume", *RULES)
    assert out.read_bytes() == whole
    assert f"Going on after the {lines} row(s)" in outcome.err
    assert f"{len(ROWS)}/{len(ROWS)} a:" in outcome.err
    assert f"\n{lines}/{len(ROWS)} " not in f"\n{outcome.err}"
    assert outcome.code == 1


def _killed_after(lines: int, out: Path) -> None:
    """A run that reads from a pipe, killed for good in the middle of the row after `lines`."""
    code = "from ui.cli.main import main; main()"
    command = [sys.executable, "-c", code, "grade", "-", "--out", str(out), *RULES]
    run = subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert run.stdin
        given = "".join(f"{each}\n" for each in ROWS[:lines]) + ROWS[lines][:20]
        run.stdin.write(given.encode())
        run.stdin.flush()
        until = time.monotonic() + 90
        while not (out.exists() and out.read_bytes().count(b"\n") == lines):
            assert run.poll() is None and time.monotonic() < until
            time.sleep(0.02)
    finally:
        os.kill(run.pid, signal.SIGKILL)
        run.communicate()


@pytest.mark.parametrize("cut", [1, 30, 10_000])
def test_a_torn_last_line_is_dropped(
    spardesk: Run, source: Path, whole: bytes, tmp_path: Path, cut: int
) -> None:
    out = tmp_path / "out.jsonl"
    lines = whole.splitlines(keepends=True)
    out.write_bytes(b"".join(lines[:6]) + lines[6][: max(1, len(lines[6]) - cut)])
    spardesk("grade", source, "--out", out, "--resume", *RULES)
    assert out.read_bytes() == whole


def test_without_an_earlier_file_everything_is_graded_and_then_nothing(
    spardesk: Run, source: Path, whole: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    for graded in (True, False):
        outcome = spardesk("grade", source, "--out", out, "--resume", *RULES)
        assert (outcome.code, out.read_bytes()) == (1, whole)
        assert (" e: graded" in outcome.err) is graded


def test_rows_in_front_are_added_behind(
    spardesk: Run, source: Path, whole: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(whole)
    source.write_text("".join(f"{each}\n" for each in [row("new"), *ROWS]), encoding="utf-8")
    spardesk("grade", source, "--out", out, "--resume", *RULES)
    ids = [json.loads(line)["id"] for line in out.read_bytes().splitlines()]
    assert out.read_bytes().startswith(whole)
    assert ids[len(ROWS) :] == ["new"]


@pytest.mark.parametrize("field", ["rubric", "rubric_version", "grader_version", "model"])
def test_results_that_do_not_compare_are_left_alone(
    spardesk: Run, source: Path, whole: bytes, tmp_path: Path, field: str
) -> None:
    out = tmp_path / "out.jsonl"
    cards = [json.loads(line) for line in whole.splitlines()]
    other: list[Any] = [card if "error" in card else {**card, field: "other"} for card in cards]
    out.write_text("".join(json.dumps(card) + "\n" for card in other), encoding="utf-8")
    before = out.read_bytes()
    outcome = spardesk("grade", source, "--out", out, "--resume", *RULES)
    assert outcome.code == 2
    assert f"made with {field} 'other'" in outcome.err
    assert "Name another --out" in outcome.err
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    ["my notes", "my notes\n", '{"id": "a", "turns": []}\n', '{"id": 7, "error": {}}\n', "[]\n"],
)
def test_a_file_of_something_else_is_left_alone(
    spardesk: Run, source: Path, tmp_path: Path, text: str
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text(text)
    outcome = spardesk("grade", source, "--out", out, "--resume", *RULES)
    assert outcome.code == 2
    assert "line 1" in outcome.err
    assert out.read_text() == text


def test_only_a_file_can_be_gone_on_with(spardesk: Run, source: Path, tmp_path: Path) -> None:
    assert "--out FILE" in spardesk("grade", source, "--resume", *RULES).err
    for out in (tmp_path, source):
        assert spardesk("grade", source, "--out", out, "--resume", *RULES).code == 2
