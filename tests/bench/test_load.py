"""Two trainees practise over HTTP; what the bench says of them is so, and losses would be seen."""

from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bench.load import server
from bench.load.checking import model_seconds
from bench.load.model import PacedModel, delay
from bench.load.people import CROWD, trainee
from bench.load.running import percentile, run
from bench.load.stored import put_into
from bench.load.types import Pace, Plan, Turn
from llm.types import Message, Prompt, Sampling
from records import SessionQuery, Window, open_records
from ui.cli.bench_load_server import serve
from ui.services.people.passwords import hash_password

FAST = Pace(first_s=0.05, per_s=1000.0)
STORED = 400


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch, open_ports: set[int]) -> None:
    """The port of the web app that this test starts may be connected to."""
    real = server._port

    def port(pipe: Connection) -> int:
        found = real(pipe)
        open_ports.add(found)
        return found

    monkeypatch.setattr(server, "_port", port)


@pytest.mark.timeout(600)  # a busy machine starves it; alone it takes some 15 s
def test_two_trainees_lose_nothing(tmp_path: Path, reachable: None) -> None:
    place = f"sqlite:///{tmp_path / 'load.db'}"
    plan = Plan(users=2, turns=2, think_s=0.1, stored=STORED, pace=FAST)
    heard: list[str] = []
    report = run(plan, place, serve, hash_password("seven slow grey herons"), heard.append)
    assert report.problems == ()
    assert (report.turns_planned, report.turns_done, report.turns_in_records) == (4, 4, 4)
    assert report.is_complete
    assert (report.store, report.people_of_team) == ("sqlite", CROWD)
    assert report.peak_memory_mb > 50
    assert report.own_share_ms_median is not None
    assert report.own_share_ms_95 is not None
    assert 0 < report.own_share_ms_median <= report.own_share_ms_95
    with closing(open_records(place)) as records:
        sessions = records.find_sessions(SessionQuery())
        new = [each for each in sessions if not each.id.startswith("stored-")]
        assert len(sessions) - len(new) == STORED
        assert {each.person for each in new} == {trainee(0), trainee(1)}
        turns = [
            Turn(each.id, event.text, 1.0)
            for each in new
            for event in records.journal.read(each.id)
            if event.kind == "agent_said"
        ]
        assert None not in model_seconds(records, turns, FAST)
        lost = [Turn(turns[0].session, "This was never said.", 1.0), Turn("nowhere", "Hi.", 1.0)]
        assert model_seconds(records, lost, FAST) == [None, None]


def test_stored_sessions_are_like_any_others(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path / 'stored.db'}"
    put_into(place, STORED, seed=3)
    with closing(open_records(place)) as records:
        ids = records.journal.ids()
        assert len(ids) == STORED
        events = records.journal.read(ids[-1])  # checks sums and numbers
        summary = records.summary(ids[-1])
        assert (events[0].person, events[0].at) == (summary.person, summary.started_at)  # type: ignore[union-attr]
        assert summary.end_reason is not None
        card = records.scorecard(ids[-1])
        assert card is not None
        assert (card.id, card.total) == (ids[-1], summary.total)
        [means] = records.averages(Window(persons=(trainee(5),)))
        assert (means.sessions, means.graded) == (STORED // CROWD, STORED // CROWD)
        assert set(means.scores) == set(card.criteria)


def test_the_model_says_the_last_meaning_and_takes_its_time() -> None:
    script = 'CUSTOMER (calm, means "No."): No.\nCUSTOMER (calm, means "It broke, again."):'
    prompt = Prompt(messages=(Message(role="user", content="Go on."),), prefill=script)
    said = "".join(delta.text for delta in PacedModel(FAST).stream(prompt, Sampling()))
    assert said == " It broke, again."
    assert delay(said, Pace(first_s=1.0, per_s=2.0)) == 1.0 + 5 / 2


def test_percentiles() -> None:
    assert percentile([], 0.95) is None
    assert percentile([5.0], 0.95) == 5.0
    assert percentile(list(map(float, range(100))), 0.95) == 94.0
