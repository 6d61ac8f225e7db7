"""The command line in this process, with a scripted model behind it."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import llm.pick
from llm.types import Prompt
from tests.scripted import Reply, ScriptedModel
from ui.cli.main import run


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def spardesk(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Runs a command in a terminal that is none and wide enough not to wrap."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object, stdin: str = "") -> Outcome:
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScriptedModel]:
    """Puts a scripted model where commands open one: it says `reply` and thinks `belief`."""

    def use(reply: Callable[[Prompt], Reply], belief: float = 0.9) -> ScriptedModel:
        model = ScriptedModel(reply=reply, default=belief)
        monkeypatch.setattr(llm.pick, "open_model", lambda *_, **__: model)
        return model

    return use


@pytest.fixture
def talkative(scripted: Callable[..., ScriptedModel]) -> ScriptedModel:
    """A model that always has something harmless to say."""
    return scripted(lambda _prompt: "I would like to know what happens now.")


@pytest.fixture
def agent_lines(tmp_path: Path) -> Callable[..., Path]:
    """Writes the lines of an unattended agent."""

    def write(*lines: str) -> Path:
        path = tmp_path / "lines.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write
