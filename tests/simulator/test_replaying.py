"""Going back to one of the agent's messages: the same customer, the same state."""

from datetime import UTC, datetime, timedelta

import pytest

from scenarios.library import Library
from simulator.replaying import CannotReplay
from simulator.session import Session
from simulator.types import ActionCall, CustomerSaid, Started
from simulator.world import World
from tests.scripted import ScriptedModel
from tests.simulator.making import MemoryJournal
from tests.simulator.test_ideals import plain

LIBRARY = Library.load()
LINES = ("Hello, how can I help?", "I'm so sorry. May I have the order number?", "One moment.")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def played(journal: MemoryJournal) -> Session:
    scenario = LIBRARY.scenario("broken-coffee-machine")
    world = World(LIBRARY.pack_of(scenario.id), scenario, LIBRARY.persona("ben-whitlock"), 3)
    model = ScriptedModel(reply=plain, default=0.5)
    session = Session.start(world, model=model, journal=journal, session_id="old", seed=5)
    for line in LINES:
        session.act(ActionCall(name="look_up_order", arguments={"order_id": "4471"}))
        list(session.reply(line))
    return session


def replay(journal: MemoryJournal, turn: int) -> Session:
    return Session.replay(
        journal.read("old"),
        turn,
        LIBRARY,
        model=ScriptedModel(reply=plain, default=0.5),
        journal=journal,
        session_id="new",
        clock=lambda: NOW,
    )


def test_it_begins_as_the_old_one_went() -> None:
    journal = MemoryJournal()
    old = played(journal)
    new = replay(journal, 4)
    assert [turn.text for turn in new.turns] == [turn.text for turn in old.turns[:4]]
    assert isinstance(old.turns[3], CustomerSaid)
    assert new.agenda.model_dump(mode="json") == old.turns[3].state
    assert len(new.desk.results) == 2
    assert (new.world.level, new.world.persona.id, new.seed) == (3, "ben-whitlock", 5)
    started = journal.read("new")[0]
    assert isinstance(started, Started)
    assert (started.replays, started.from_turn) == ("old", 4)


def test_the_same_message_gets_the_same_answer_and_another_another() -> None:
    journal = MemoryJournal()
    old = played(journal)
    list(replay(journal, 4).reply(LINES[2]))
    assert [e for e in journal.read("new") if isinstance(e, CustomerSaid)][-1].text == (
        old.turns[5].text
    )
    journal.events.pop("new")
    list(replay(journal, 4).reply("I will refund the full amount to your card today."))
    assert [e for e in journal.read("new") if isinstance(e, CustomerSaid)][-1].text != (
        old.turns[5].text
    )


def test_the_first_message_can_be_replayed_and_nothing_is_left_of_it() -> None:
    journal = MemoryJournal()
    played(journal)
    new = replay(journal, 0)
    assert new.turns == [] and new.desk.results == []


def test_times_are_as_if_the_customer_had_just_spoken() -> None:
    journal = MemoryJournal()
    played(journal)
    replay(journal, 4)
    assert abs(journal.read("new")[-1].at - NOW) < timedelta(seconds=1)


@pytest.mark.parametrize("turn", [1, 3, 6, -1])
def test_only_the_agents_messages_can_be_said_again(turn: int) -> None:
    journal = MemoryJournal()
    played(journal)
    with pytest.raises(CannotReplay, match=f"Turn {turn} of the session 'old'.*0, 2, 4"):
        replay(journal, turn)
