"""Journals, summaries, scorecards and averages, in every store."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import (
    Overtaken,
    PersonAverages,
    Records,
    SessionQuery,
    UnknownSession,
    Window,
    open_records,
)
from simulator.types import Event
from tests.records.making import START, agent, customer, scorecard, session, started

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def keep(records: Records, session_id: str, person: str = "local", minutes: int = 0) -> None:
    for event in session(session_id, person, minutes):
        records.journal.append(session_id, event)


def test_events_come_back_as_they_were(records: Records) -> None:
    odd = "Zeile\n\u2028 \u202e שלום 你好 \x00 'quoted' %s :x end"
    events: list[Event] = [started("s1"), agent(0, odd), customer(1)]
    for event in events:
        records.journal.append("s1", event)
    keep(records, "s2")
    assert records.journal.read("s1") == events
    assert records.journal.ids() == ["s1", "s2"]


def test_an_event_goes_only_where_it_was_meant_to(records: Records) -> None:
    keep(records, "s1")
    kept = records.journal.read("s1")
    for number in (0, len(kept) - 1, len(kept) + 1):
        with pytest.raises(Overtaken, match="went on in another window or program"):
            records.journal.append("s1", agent(9), number)
    assert records.journal.read("s1") == kept
    records.journal.append("s1", agent(9), len(kept))
    assert records.journal.read("s1") == [*kept, agent(9)]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=3))
def test_any_text_comes_back(records: Records, texts: list[str]) -> None:
    session_id = f"s{len(records.journal.ids())}"
    events = [started(session_id), *[agent(n, text) for n, text in enumerate(texts)]]
    for event in events:
        records.journal.append(session_id, event)
    assert records.journal.read(session_id) == events


def test_what_cannot_be_an_id(records: Records) -> None:
    for bad in ("", "../s1", "a/b", "S1", ".hidden", "a" * 65, "s1\n", "s\0"):
        with pytest.raises(ValueError, match="cannot be the id"):
            records.journal.append(bad, started("s1"))
        with pytest.raises(UnknownSession):
            records.journal.read(bad)
        with pytest.raises(UnknownSession):
            records.summary(bad)
    assert records.journal.ids() == []


def test_a_session_that_is_not_there(records: Records) -> None:
    for ask in (
        records.journal.read,
        records.summary,
        lambda session_id: records.mark_private(session_id, True),
    ):
        with pytest.raises(UnknownSession, match="There is no session 'nope'"):
            ask("nope")
    assert records.scorecard("nope") is None


def test_a_session_begins_once(records: Records) -> None:
    with pytest.raises(ValueError, match="'s1' cannot begin with 'agent_said'"):
        records.journal.append("s1", agent(0))
    with pytest.raises(UnknownSession):
        records.journal.read("s1")
    records.journal.append("s1", started("s1", "ana"))
    with pytest.raises(ValueError, match="'s1' has begun already"):
        records.journal.append("s1", started("s1", "ben"))
    assert records.journal.read("s1") == [started("s1", "ana")]
    assert records.sessions("ben") == []


def test_a_summary_follows_its_session(records: Records) -> None:
    records.describe_scenarios(lambda scenario: (f"Title of {scenario}", 2))
    seen = []
    for event in session("s1", "ana"):
        records.journal.append("s1", event)
        seen.append(records.summary("s1"))
    assert [summary.turns for summary in seen] == [0, 1, 2, 2]
    assert [summary.end_reason for summary in seen] == [None, None, None, "solved"]
    assert seen[-1].ended_at == START + timedelta(minutes=5)
    assert (seen[0].person, seen[0].title, seen[0].level) == ("ana", "Title of late-parcel", 2)
    assert records.sessions("ana") == [seen[-1]]
    assert records.problems() == []


def test_a_scorecard_is_in_the_summary_and_the_last_one_counts(records: Records) -> None:
    keep(records, "s1")
    keep(records, "s2")
    records.save_scorecard("s1", scorecard("s1", 50.0))
    records.save_scorecard("s1", scorecard("s1", 64.0))
    assert records.scorecard("s1") == scorecard("s1", 64.0)
    graded, other = records.summary("s1"), records.summary("s2")
    assert (graded.total, graded.scores) == (64.0, {"politeness": 64.0})
    assert (other.total, other.scores, records.scorecard("s2")) == (None, {}, None)


def test_a_scorecard_may_come_before_its_session(records: Records) -> None:
    records.save_scorecard("s1", scorecard("s1", 64.0))
    keep(records, "s1")
    assert records.summary("s1").total == 64.0
    assert records.averages(Window())[0].scores == {"politeness": 64.0}


@pytest.fixture
def many(records: Records) -> Records:
    """Sessions at minute 0, 10, 20 …, of ana, ben and cleo by turns; every other one graded."""
    for number in range(9):
        keep(records, f"s{number}", ["ana", "ben", "cleo"][number % 3], minutes=10 * number)
        if number % 2 == 0:
            records.save_scorecard(f"s{number}", scorecard(f"s{number}", 10.0 * number))
    records.mark_private("s4", True)
    return records


QUERIES = [
    (SessionQuery(), "876543210"),
    (SessionQuery(persons=("ana",)), "630"),
    (SessionQuery(persons=("ana", "ben")), "764310"),
    (SessionQuery(persons=()), ""),
    (SessionQuery(since=START + timedelta(minutes=30)), "876543"),
    (SessionQuery(until=START + timedelta(minutes=30)), "210"),
    (SessionQuery(scenario="late-parcel", graded=True), "86420"),
    (SessionQuery(scenario="another"), ""),
    (SessionQuery(graded=False), "7531"),
    (SessionQuery(private=True), "4"),
    (SessionQuery(private=False, persons=("ben",)), "71"),
    (SessionQuery(limit=2, offset=3), "54"),
    (SessionQuery(offset=7), "10"),
    (SessionQuery(limit=0), ""),
]


def test_sessions_are_found_newest_first(many: Records) -> None:
    for query, expected in QUERIES:
        found = [summary.id for summary in many.find_sessions(query)]
        assert found == [f"s{n}" for n in expected], query
        unpaged = query.model_copy(update={"limit": None, "offset": 0})
        assert many.count_sessions(query) == len(many.find_sessions(unpaged))


def test_averages_leave_private_sessions_out_and_count_them(many: Records) -> None:
    by_person = {each.person: each for each in many.averages(Window())}
    assert list(by_person) == ["ana", "ben", "cleo"]
    assert by_person["ana"] == PersonAverages(
        person="ana", sessions=3, graded=2, total=30.0, scores={"politeness": 30.0}
    )
    assert by_person["ben"] == PersonAverages(person="ben", sessions=2, private=1)
    [few] = many.averages(Window(persons=("cleo",), since=START + timedelta(minutes=50)))
    assert (few.sessions, few.graded, few.total) == (2, 1, 80.0)
    assert many.averages(Window(persons=("nobody",))) == []


def test_a_mark_can_be_taken_back(records: Records) -> None:
    keep(records, "s1")
    records.mark_private("s1", True)
    records.mark_private("s1", True)
    records.journal.append("s1", agent(2))
    assert records.summary("s1").private
    records.mark_private("s1", False)
    assert not records.summary("s1").private


def test_everything_is_there_after_opening_again(place: str) -> None:
    first = open_records(place)
    keep(first, "s1")
    first.save_scorecard("s1", scorecard("s1"))
    first.mark_private("s1", True)
    before = first.summary("s1")
    first.close()
    again = open_records(place)
    assert again.journal.read("s1") == session("s1")
    assert again.scorecard("s1") == scorecard("s1")
    assert again.summary("s1") == before
    again.close()


def test_what_one_program_writes_the_other_sees(place: str) -> None:
    one, other = open_records(place), open_records(place)
    keep(one, "s1")
    assert [summary.turns for summary in other.sessions("local")] == [2]
    other.journal.append("s1", agent(2))
    one.journal.append("s1", agent(3))
    assert (
        one.journal.read("s1") == other.journal.read("s1") == [*session("s1"), agent(2), agent(3)]
    )
    assert one.summary("s1").turns == 4
    for each in (one, other):
        each.close()
