"""What programs read from Spardesk, held to `docs/interfaces.md`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.types import EndReason
from tests.cli.conftest import Outcome
from tests.cli.interface import differences, examples
from tests.scripted import ScriptedModel

TRANSCRIPT, SCORECARD, INSPECTED, REVIEW, SESSION = examples()

Run = Callable[..., Outcome]
Lines = Callable[..., Path]


def test_the_comparison_sees_what_is_missing_or_of_another_type() -> None:
    real = json.loads(json.dumps(SCORECARD))
    del real["criteria"]["politeness"]["coverage"]
    real["rubric"] = 3
    real["coverage"] = None
    assert sorted(differences(SCORECARD, real)) == [
        ".coverage is null",
        ".criteria.politeness.coverage is missing",
        ".rubric is number, not text",
    ]


@pytest.fixture
def session(spardesk: Run, agent_lines: Lines, talkative: ScriptedModel) -> Outcome:
    lines = agent_lines(
        "Good morning, you have reached Brightleaf. How can I help you?",
        "",
        json.dumps({
            "text": "Let me look. May I have your order number, please?",
            "actions": [{"name": "look_up_order", "arguments": {"order_id": "4471"}}],
        }),
    )  # fmt: skip
    return spardesk(
        "practice", "broken-coffee-machine", "--seed", 7, "--agent-lines", lines, "--json"
    )


def test_an_unattended_session_has_every_field_of_the_page(session: Outcome) -> None:
    assert list(differences(SESSION, session.json)) == []
    assert list(differences(SCORECARD, session.json["scorecard"])) == []
    assert session.code == 0


def test_an_unattended_session_keeps_every_line_and_counts_both_sides(session: Outcome) -> None:
    turns = session.json["turns"]
    assert [turn["index"] for turn in turns] == list(range(6))
    assert [turn["speaker"] for turn in turns] == ["agent", "customer"] * 3
    assert turns[2]["text"] == ""
    assert [action["name"] for action in turns[4]["actions"]] == ["look_up_order"]
    assert session.json["end_reason"] == "agent_closed"
    assert session.json["seed"] == 7


def test_the_page_names_every_end_reason() -> None:
    page = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text(encoding="utf-8")
    assert [reason for reason in EndReason if f"`{reason.value}`" not in page] == []


def test_a_graded_transcript_has_every_field_of_the_page(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(TRANSCRIPT) + "\n", encoding="utf-8")
    outcome = spardesk("grade", source, "--out", out)
    card = json.loads(out.read_text(encoding="utf-8"))
    assert list(differences(SCORECARD, card)) == []
    assert {"politeness", "resolution", "logic", "empathy"} <= set(card["criteria"])
    assert card["id"] == "c-17"
    assert (outcome.code, outcome.out) == (0, "")


def test_both_inspectors_views_have_every_field_of_the_page(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    source, queue = tmp_path / "in.jsonl", tmp_path / "queue.jsonl"
    late = [
        ("customer", "A refund for order 40718, please.", "09:00"),
        ("agent", "On Monday.", "09:00"),
    ]
    late += [("customer", "When does it arrive?", "09:01"), ("agent", "It arrives soon.", "09:09")]
    turns = [
        {"speaker": speaker, "text": text, "at": f"2026-11-02T{at}:00Z"}
        for speaker, text, at in late
    ]
    source.write_text(json.dumps(TRANSCRIPT | {"turns": turns}) + "\n", encoding="utf-8")
    (card,) = spardesk("grade", source, "--inspector", "both", "--review", queue).lines
    assert list(differences(INSPECTED, card)) == []
    assert card["rules"]["entities"] and card["rules"]["findings"]
    assert card["disagreements"]
    assert list(differences(REVIEW, json.loads(queue.read_text(encoding="utf-8")))) == []


def test_without_a_scenario_state_checks_do_not_apply(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(TRANSCRIPT) + "\n", encoding="utf-8")
    (card,) = spardesk("grade", source).lines
    states = {
        check["status"]
        for criterion in card["criteria"].values()
        for check in criterion["checks"]
        if check["kind"] == "state"
    }
    assert states <= {"not_applicable"}


def test_a_bad_row_becomes_an_error_and_the_others_are_graded(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    bad = {"id": "c-18", "turns": [{"speaker": "bot", "text": "Hello"}]}
    source = tmp_path / "in.jsonl"
    source.write_text(
        "\n".join([json.dumps(bad), "{broken", json.dumps(TRANSCRIPT)]) + "\n", encoding="utf-8"
    )
    outcome = spardesk("grade", source)
    unknown, broken, card = outcome.lines
    assert unknown == {
        "id": "c-18",
        "error": {
            "kind": "unknown_speaker",
            "message": "turn 0: speaker 'bot' is neither 'agent' nor 'customer'",
        },
    }
    assert broken["id"] is None
    assert card["id"] == "c-17"
    assert outcome.code == 1


@pytest.mark.parametrize("what", ["scenarios", "personas"])
def test_lists_are_json(spardesk: Run, what: str) -> None:
    rows = spardesk(what, "list", "--json").json
    assert rows
    if what == "scenarios":
        assert set(rows[0]) >= {"id", "title", "pack", "language", "level", "persona"}
    else:
        assert set(rows[0]) >= {"id", "name", "language"}
