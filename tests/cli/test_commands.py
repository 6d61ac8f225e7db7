"""Serving, grading, looking: options, exit codes, and sentences instead of tracebacks."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.scripted import ScriptedModel
from ui.cli import serve
from ui.settings import Settings

Run = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("example.org", False),
    ],
)
def test_only_loopback_is_local(host: str, local: bool) -> None:
    assert Settings(host=host).is_local is local


def test_other_hosts_are_refused_before_anything_is_loaded(spardesk: Run) -> None:
    outcome = spardesk("--host", "0.0.0.0")
    assert outcome.code == 2
    assert "accounts" in outcome.err


def test_a_port_in_use_is_named_before_a_model_is_loaded(spardesk: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = spardesk("--port", port)
    assert outcome.code == 1
    assert f"Port {port} is in use" in outcome.err
    assert f"--port {serve.other_port(port)}" in outcome.err


def test_a_browser_is_opened_only_where_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not serve.has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert serve.has_screen()
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 22 10.0.0.2 22")
    assert not serve.has_screen()


def test_options_go_over_the_environment(monkeypatch: pytest.MonkeyPatch, spardesk: Run) -> None:
    monkeypatch.setenv("SPARDESK_HOST", "192.168.1.4")
    assert "'192.168.1.4'" in spardesk().err
    assert "'10.0.0.1'" in spardesk("--host", "10.0.0.1").err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--port", "0"],
        ["--port", "many"],
        ["grade"],
        ["grade", "/no/such/file"],
        ["grade", "/"],
        ["grade", __file__, "--review", "queue.jsonl"],
        ["grade", __file__, "--rules", "rules.yaml"],
        ["grade", __file__, "--inspector", "rules", "--rules", "/no/such/rules.yaml"],
        ["grade", __file__, "--inspector", "both", "--review", __file__],
        ["grade", __file__, "--inspector", "both", "--review", "/no/such/folder/queue.jsonl"],
        ["grade", __file__, "--inspector", "both", "--review", "x.jsonl", "--out", "x.jsonl"],
        ["bench", "inspectors", "/no/such/file"],
        ["grade", __file__, "--inspector", "nobody"],
        ["grade", __file__, "--rubric", "no-such-rubric"],
        ["grade", __file__, "--out", "/no/such/folder/out.jsonl"],
        ["grade", __file__, "--out", __file__],
        ["scenarios", "check", "--packs", "/no/such/folder"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    spardesk: Run, talkative: ScriptedModel, arguments: list[str]
) -> None:
    outcome = spardesk(*arguments)
    assert outcome.code == 2
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err


def test_grading_by_rules_opens_no_model(spardesk: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"id": "a", "turns": [{"speaker": "agent", "text": "Hello, good morning."}]}\n\n',
        encoding="utf-8",
    )
    outcome = spardesk("grade", source, "--inspector", "rules")
    (card,) = outcome.lines
    assert outcome.code == 0
    assert card["model"] == ""


def test_grading_reads_standard_input(spardesk: Run) -> None:
    row = '{"id": "a", "turns": [{"speaker": "agent", "text": "你好"}]}\n'
    outcome = spardesk("grade", "-", "--inspector", "rules", stdin=row)
    assert outcome.lines[0]["id"] == "a"


def test_an_empty_file_has_no_scorecards(spardesk: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").touch()
    outcome = spardesk("grade", tmp_path / "in.jsonl", "--inspector", "rules")
    assert (outcome.code, outcome.out) == (0, "")


def test_content_is_checked_with_file_line_and_field(spardesk: Run, tmp_path: Path) -> None:
    from personas.library import SHIPPED

    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text + "favourite_colour: red\n", encoding="utf-8")
    assert spardesk("scenarios", "check").code == 0
    outcome = spardesk("scenarios", "check", "--personas", tmp_path)
    assert outcome.code == 2
    assert str(tmp_path / "ben-whitlock.yaml") in outcome.err
    assert "favourite_colour" in outcome.err


def test_lists_are_tables_for_people(spardesk: Run) -> None:
    assert "late-parcel" in spardesk("scenarios", "list").out
    assert "Ben Whitlock" in spardesk("personas", "list").out


def test_doctor_looks_at_everything_and_names_the_model(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    outcome = spardesk("doctor", "--model", "openai:test", "--data", tmp_path)
    for name in ("python", "gradio", "data folder", "content", "embedded model", "ollama"):
        assert name in outcome.out
    assert "openai:test would be used: it was asked for" in outcome.out
    assert "tokens/s" in outcome.out
    assert talkative.closed


def test_doctor_says_what_is_wrong(spardesk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    outcome = spardesk("doctor", "--model", "nonsense", "--data", "/dev/null/folder")
    assert outcome.code == 1
    assert "BAD   model" in outcome.out
    assert "BAD   data folder" in outcome.out


def test_doctor_opens_the_records_that_are_named(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    good = f"sqlite:///{tmp_path}/r.db"
    outcome = spardesk("doctor", "--model", "openai:test", "--records", good)
    assert f"{good}, 0 sessions" in outcome.out
    (tmp_path / "r.db").write_bytes(b"Dear diary, " * 100)
    outcome = spardesk("doctor", "--model", "openai:test", "--records", good)
    assert outcome.code == 1
    assert "BAD   records" in outcome.out


def test_a_turn_is_measured_and_nothing_is_kept(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    outcome = spardesk("--data", tmp_path / "data", "bench", "turn", "--json")
    assert outcome.code == 0
    assert outcome.json["model"] == "scripted:test"
    assert outcome.json["turns"] > 0
    assert "CUSTOMER" in outcome.err
    assert talkative.closed
    assert not (tmp_path / "data").exists()


@pytest.mark.model
def test_the_embedded_model_answers_the_doctor(spardesk: Run) -> None:
    outcome = spardesk("doctor", "--model", "embedded")
    assert "tokens/s" in outcome.out, outcome.out
