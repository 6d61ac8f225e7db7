"""Demo, benches, replay: the commands to try a customer out, with a scripted model."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.scripted import ScriptedModel
from tests.simulator.test_ideals import plain

Run = Callable[..., Outcome]


@pytest.fixture
def parrot(scripted: Callable[..., ScriptedModel]) -> ScriptedModel:
    return scripted(plain, 0.5)


def test_a_demonstration_is_shown_to_its_end(spardesk: Run, parrot: ScriptedModel) -> None:
    outcome = spardesk("demo", "broken-coffee-machine", "--seed", 3)
    assert outcome.code == 0
    assert "agent > Hello, this is Brightleaf. How can I help you today?" in outcome.out
    assert "desk > " in outcome.out
    assert "Margaret Doyle > " in outcome.out
    assert "The customer's matter is solved." in outcome.out


def test_a_free_agent_sees_no_more_than_an_agent_does(
    spardesk: Run, scripted: Callable[..., ScriptedModel]
) -> None:
    model = scripted(lambda p: plain(p) if "CUSTOMER (" in p.prefill else "Sorry about that.", 0.5)
    outcome = spardesk("demo", "broken-coffee-machine", "--free", "--level", 2)
    assert outcome.code == 0
    systems = [p.messages[0].content for p in model.history if "policy" in p.messages[0].content]
    assert systems
    assert not any("LS8 2QT" in text or "9042" in text for text in systems)


def test_a_persona_of_another_language_is_refused(spardesk: Run, parrot: ScriptedModel) -> None:
    outcome = spardesk("demo", "late-parcel", "--persona", "zhou-min")
    assert outcome.code == 2
    assert "'zhou-min' speaks 'zh'" in outcome.err


def test_the_bench_of_a_scenario_prints_and_keeps(
    spardesk: Run, parrot: ScriptedModel, tmp_path: Path
) -> None:
    kept = tmp_path / "sessions.jsonl"
    outcome = spardesk(
        "bench", "customer", "--scenario", "late-parcel", "--agent", "good", "--agent", "rude",
        "--keep", kept, "--json",
    )  # fmt: skip
    assert outcome.code == 0
    assert outcome.json["sessions"] == 2
    assert outcome.json["in_role_shown"]["count"] == outcome.json["turns"]
    rows = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    assert [row["agent"] for row in rows] == ["good", "rude"]
    assert sum(len(row["turns"]) for row in rows) == outcome.json["turns"]


def test_the_bench_says_what_it_does_not_know(spardesk: Run, parrot: ScriptedModel) -> None:
    assert spardesk("bench", "customer", "--scenario", "none").code == 2
    outcome = spardesk("bench", "customer", "--language", "fr")
    assert outcome.code == 2
    assert "there is en and zh" in outcome.err


def test_perception_is_measured_without_a_model(spardesk: Run) -> None:
    outcome = spardesk("bench", "perception", "--words-only", "--half", "tune", "--json")
    assert outcome.code == 0
    assert [system["name"] for system in outcome.json["systems"]][:3] == [
        "rules alone",
        "wording alone",
        "rules and wording",
    ]
    shown = spardesk("bench", "perception", "--words-only", "--half", "tune").out
    assert "attacks_model" in shown and "kappa" in shown


def test_a_session_is_replayed_from_a_message(
    spardesk: Run, parrot: ScriptedModel, agent_lines: Callable[..., Path]
) -> None:
    lines = agent_lines("Hello, how can I help?", "I don't care about your parcel.")
    first = spardesk("practice", "late-parcel", "--agent-lines", lines, "--json", "--no-grade").json
    again = spardesk(
        "practice", "--replay", first["session_id"], "--from", 2, "--json", "--no-grade",
        "--agent-lines", agent_lines("I'm sorry. May I have the order number?"),
    )  # fmt: skip
    assert again.code == 0
    assert (again.json["replays"], again.json["from_turn"]) == (first["session_id"], 2)
    assert [t["text"] for t in again.json["turns"][:2]] == [t["text"] for t in first["turns"][:2]]
    assert again.json["turns"][2]["text"] == "I'm sorry. May I have the order number?"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--replay", "x"), "--replay and --from go together"),
        (("late-parcel", "--from", "2"), "--replay and --from go together"),
        (("late-parcel", "--replay", "x", "--from", "0"), "Name a scenario, or a session"),
    ],
)
def test_a_replay_names_its_message(spardesk: Run, words: tuple[str, ...], said: str) -> None:
    outcome = spardesk("practice", *words)
    assert outcome.code == 2
    assert said in outcome.err


def test_a_replay_from_no_message_is_told(
    spardesk: Run, parrot: ScriptedModel, agent_lines: Callable[..., Path]
) -> None:
    lines = agent_lines("Hello, how can I help?")
    first = spardesk("practice", "late-parcel", "--agent-lines", lines, "--json", "--no-grade").json
    outcome = spardesk(
        "practice", "--replay", first["session_id"], "--from", 1, "--agent-lines", lines, "--json"
    )
    assert outcome.code == 2
    assert "Those are: 0" in outcome.err
