"""`spardesk grade` with the rule-based inspector, and `spardesk bench inspectors`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome
from tests.scripted import ScriptedModel

Run = Callable[..., Outcome]

GOOD = {
    "id": "good",
    "language": "en",
    "turns": [
        {"speaker": "customer", "text": "Hi, where is my parcel 40718?"},
        {"speaker": "agent", "text": "Good morning! It arrives on Monday, thank you for waiting."},
        {"speaker": "customer", "text": "Perfect, thank you so much!"},
    ],
}
BAD = {
    "id": "bad",
    "language": "zh",
    "turns": [
        {"speaker": "customer", "text": "我要退款，太差劲了"},
        {"speaker": "agent", "text": "可以退款，三天到账。"},
        {"speaker": "customer", "text": "真的吗"},
        {"speaker": "agent", "text": "不能退款，别催了。"},
    ],
}


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    return written(tmp_path / "talks.jsonl", GOOD, "{broken", BAD)


def written(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_rules_alone_add_their_view_and_open_no_model(spardesk: Run, talks: Path) -> None:
    good, broken, bad = spardesk("grade", talks, "--inspector", "rules").lines
    assert (good["model"], good["intent"]) == ("", "information")
    assert (good["rules"]["intent"], good["rules"]["topic"]) == ("information", "delivery")
    assert broken["error"]["kind"] == "bad_json"
    assert [fault["kind"] for fault in bad["rules"]["logic"]] == ["contradiction"]
    assert good["disagreements"] == bad["disagreements"] == []


def test_both_say_where_they_disagree_and_what_a_person_should_see(
    spardesk: Run, talks: Path, tmp_path: Path, talkative: ScriptedModel
) -> None:
    queue = tmp_path / "queue.jsonl"
    outcome = spardesk("grade", talks, "--inspector", "both", "--review", queue)
    good, _, bad = outcome.lines
    assert outcome.code == 1
    assert good["model"] and good["rules"]["intent"] == "information"
    assert bad["disagreements"]
    assert all(set(each) == FIELDS for each in bad["disagreements"])
    rows = [json.loads(line) for line in queue.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [
        card["id"] for card in (good, bad) if card["disagreements"]
    ]
    last = rows[-1]
    assert last["disagreements"] == bad["disagreements"]
    for each in last["turns"]:
        assert each["quote"] in BAD["turns"][each["turn"]]["text"]  # type: ignore[index]
    assert "only one judged" in outcome.err
    table = [line.split() for line in outcome.err.splitlines()]
    assert ["mood"] in [row[:1] for row in table]
    assert ["contradiction"] in [row[:1] for row in table]


FIELDS = {"aspect", "rules", "model", "turn", "reason"}


def test_the_model_alone_is_as_it_was(spardesk: Run, talks: Path, talkative: ScriptedModel) -> None:
    outcome = spardesk("grade", talks)
    assert outcome.lines[0]["rules"] is None
    assert outcome.lines[0]["disagreements"] == []
    assert "only one judged" not in outcome.err


def test_rules_of_ones_own_count(spardesk: Run, talks: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "language: en\nversion: house\nextends: shipped\nfindings:\n"
        "  - {id: waited, label: Waited, when: {words: [waiting], speaker: agent}}\n",
        encoding="utf-8",
    )
    good, _, bad = spardesk("grade", talks, "--inspector", "rules", "--rules", own).lines
    assert good["rules"]["rules"] == "en house"
    assert "waited" in {hit["id"] for hit in good["rules"]["findings"]}
    assert bad["rules"]["rules"] == "zh 1"
    own.write_text("language: en\nversion: house\nfidnings: []\n", encoding="utf-8")
    outcome = spardesk("grade", talks, "--inspector", "rules", "--rules", own)
    assert outcome.code == 2
    assert f"{own}:3: fidnings: unknown field; did you mean 'findings'?" in outcome.err


def test_the_bench_says_who_was_right(
    spardesk: Run, tmp_path: Path, talkative: ScriptedModel
) -> None:
    labels = {"topic": "delivery", "intent": "information", "mood": [0, 1]}
    gold = written(
        tmp_path / "gold.jsonl",
        GOOD | labels | {"ratings": {"politeness": 5, "satisfaction": 5}, "answers": {"x": 1}},
        BAD | {"topic": "refund", "intent": "refund", "ratings": {"politeness": 1}},
    )
    cards = tmp_path / "cards.jsonl"
    spardesk("grade", gold, "--inspector", "both", "--out", cards)
    alone = spardesk("bench", "inspectors", gold, "--json").json
    assert alone["rules"]["intent"] == {"count": 2, "of": 2}
    assert alone["rules"]["entities"]["order_number"] == 1
    assert alone["model"] is None
    found = spardesk("bench", "inspectors", gold, "--scorecards", cards, "--json").json
    assert found["model"]["rows"] == 2
    assert found["model"]["topic"]["of"] == 2
    shown = spardesk("bench", "inspectors", gold, "--scorecards", cards).out
    assert "intent right" in shown
    assert "rules, 2 conversations" in shown and "model, 2 conversations" in shown


def test_a_bad_label_is_named_with_its_line(spardesk: Run, tmp_path: Path) -> None:
    gold = written(tmp_path / "gold.jsonl", GOOD, BAD | {"mood": ["sad", 1]})
    outcome = spardesk("bench", "inspectors", gold)
    assert outcome.code == 2
    assert f"{gold}:2: mood[0]: " in outcome.err
