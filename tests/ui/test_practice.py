"""The use cases: who may do what, and that nothing is lost or done twice."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.types import Scorecard
from llm.errors import ModelError, ServerUnreachable
from personas.errors import ContentError
from records import Overtaken, open_records
from records.hooks import Webhook
from scenarios.library import Library
from simulator.session import SessionOver
from simulator.types import ActionCall, CustomerSaid, EndReason
from tests.ui.conftest import Voice
from ui.services.errors import (
    CannotStart,
    MessageTooLong,
    NoSuchSession,
    NotEnded,
    PracticeError,
    SessionBusy,
)
from ui.services.line import InLine
from ui.services.practice import MAX_MESSAGE, Practice
from ui.services.webhooks.outbox import SESSION_GRADED

ANA, BEN = "ana", "ben"
SCENARIO = "broken-coffee-machine"


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@pytest.fixture
def session(practice: Practice) -> str:
    return practice.start(ANA, SCENARIO, seed=7)


def test_two_web_processes_never_go_on_with_one_session_beside_each_other(
    practice: Practice, data: Path, voice: Voice, session: str
) -> None:
    """Each holds an object of it; the one that is behind keeps nothing and reads it again."""
    other = Practice(Library.load(), open_records(data), voice.model)
    list(practice.reply(session, ANA, "Hello, how can I help?"))
    list(other.reply(session, ANA, "May I have the order number?"))
    before = practice.events(session, ANA)
    with pytest.raises(Overtaken):
        list(practice.reply(session, ANA, "Which machine is it?"))
    assert practice.events(session, ANA) == before
    list(practice.reply(session, ANA, "Which machine is it?"))
    said = [event for event in other.events(session, ANA) if hasattr(event, "index")]
    assert [event.index for event in said] == [0, 1, 2, 3, 4, 5]
    other.close()


def test_choices_show_the_trainees_view_only(practice: Practice) -> None:
    scenario = practice.library.scenario(SCENARIO)
    shown = "".join(choice.model_dump_json() for choice in practice.scenarios())
    assert scenario.title in shown
    assert scenario.brief.opening not in shown


def test_a_view_holds_nothing_of_the_brief_or_the_notes(practice: Practice, session: str) -> None:
    shown = practice.view(session, ANA).model_dump_json()
    scenario = practice.library.scenario(SCENARIO)
    hidden = [fact.says for fact in scenario.brief.facts] + list(scenario.notes.traps)
    assert hidden
    assert not [text for text in hidden if text in shown]


@pytest.mark.parametrize(
    "use",
    [
        lambda p, s: p.view(s, BEN),
        lambda p, s: p.events(s, BEN),
        lambda p, s: list(p.reply(s, BEN, "Hello")),
        lambda p, s: list(p.retry(s, BEN)),
        lambda p, s: p.act(s, BEN, ActionCall(name="look_up_order")),
        lambda p, s: p.end(s, BEN),
        lambda p, s: p.grade(s, BEN),
        lambda p, s: p.grading(s, BEN),
        lambda p, s: p.scorecard(s, BEN),
        lambda p, s: p.warm_up(s, BEN),
        lambda p, s: p.read_ahead(s, BEN),
    ],
)
def test_a_session_is_its_persons_alone(practice: Practice, session: str, use) -> None:  # type: ignore[no-untyped-def]
    before = practice.events(session, ANA)
    with pytest.raises(NoSuchSession) as refused:
        use(practice, session)
    with pytest.raises(NoSuchSession) as unknown:
        practice.view("nope", BEN)
    assert str(refused.value).replace(session, "nope") == str(unknown.value)
    assert practice.events(session, ANA) == before
    assert practice.sessions(BEN) == []


def test_what_was_said_is_read_ahead_only_while_nobody_else_talks(
    practice: Practice, session: str, voice: Voice
) -> None:
    list(practice.reply(session, ANA, "Hello"))
    practice.read_ahead(session, ANA)
    assert eventually(lambda: len(voice.read()) == 1)
    practice.start(BEN, SCENARIO, seed=8)
    practice.read_ahead(session, ANA)
    time.sleep(0.2)
    assert len(voice.read()) == 1


def test_a_wrong_choice_is_named_and_starts_nothing(practice: Practice) -> None:
    with pytest.raises(ContentError, match="brokn-coffee-machine"):
        practice.start(ANA, "brokn-coffee-machine")
    with pytest.raises(CannotStart, match="'zhou-min' speaks 'zh'"):
        practice.start(ANA, SCENARIO, "zhou-min")
    assert practice.sessions(ANA) == []


def test_the_last_choice_is_remembered(practice: Practice) -> None:
    practice.start(ANA, SCENARIO, "priya-raman")
    assert practice.last_choice(ANA).last_scenario == SCENARIO
    assert practice.last_choice(ANA).last_persona == "priya-raman"


def test_a_conversation_goes_on_in_another_program(
    practice: Practice, session: str, data: Path, voice: Voice
) -> None:
    list(practice.reply(session, ANA, "Good morning, how can I help?"))
    again = Practice(Library.load(), open_records(data), voice.model)
    assert again.view(session, ANA) == practice.view(session, ANA)
    list(again.reply(session, ANA, "May I have the order number?"))
    assert [line.index for line in again.view(session, ANA).lines] == [0, 1, 2, 3]


def test_a_practice_is_the_same_in_a_database(tmp_path: Path, voice: Voice) -> None:
    records = open_records(f"sqlite:///{tmp_path}/r.db")
    practice = Practice(Library.load(), records, voice.model)
    first = practice.start(ANA, SCENARIO, seed=7)
    for text in ("Good morning, how can I help?", "May I have the order number?"):
        list(practice.reply(first, ANA, text))
    practice.end(first, ANA)
    card = practice.grade(first, ANA)
    second = practice.replay(first, ANA, from_turn=2)
    with pytest.raises(NoSuchSession):
        practice.view(first, BEN)
    again = Practice(Library.load(), open_records(f"sqlite:///{tmp_path}/r.db"), voice.model)
    list(again.reply(second, ANA, "Sorry about that. What is the order number?"))
    assert [len(again.view(each, ANA).lines) for each in (first, second)] == [4, 4]
    assert again.scorecard(first, ANA) == card
    totals = {summary.id: summary.total for summary in again.sessions(ANA)}
    assert totals == {first: card.total, second: None}
    assert again.last_choice(ANA).last_scenario == SCENARIO


def test_looking_needs_no_model(session: str, data: Path) -> None:
    def no_model() -> object:
        raise ModelError("there is none")

    practice = Practice(Library.load(), open_records(data), no_model)  # type: ignore[arg-type]
    assert practice.view(session, ANA).lines == ()
    practice.end(session, ANA)
    assert practice.view(session, ANA).ended == EndReason.AGENT_CLOSED


def test_a_second_message_is_refused_while_the_customer_answers(
    practice: Practice, session: str, voice: Voice
) -> None:
    with answering(practice, session, voice):
        assert practice.view(session, ANA).busy
        with pytest.raises(SessionBusy, match="still answering your last message"):
            list(practice.reply(session, ANA, "Are you there?"))
        voice.gate.set()
    said = [line.text for line in practice.view(session, ANA).lines if line.speaker == "agent"]
    assert said == ["Good morning, how can I help?"]


def test_the_desk_waits_for_the_answer(practice: Practice, session: str, voice: Voice) -> None:
    with answering(practice, session, voice):
        threading.Timer(0.2, voice.gate.set).start()
        call = ActionCall(name="look_up_order", arguments={"order_id": "4471"})
        assert practice.act(session, ANA, call).done
    kinds = [event.kind for event in practice.events(session, ANA)]
    assert kinds == ["started", "agent_said", "customer_said", "desk_used"]


def test_a_failed_answer_is_tried_again_without_saying_it_twice(
    practice: Practice, session: str, voice: Voice
) -> None:
    voice.fails = ServerUnreachable("The server went away.")
    with pytest.raises(ServerUnreachable):
        list(practice.reply(session, ANA, "Good morning, how can I help?"))
    view = practice.view(session, ANA)
    assert (view.waits_for_customer, view.failure) == (True, "The server went away.")
    voice.fails = None
    assert isinstance(list(practice.retry(session, ANA))[-1], CustomerSaid)
    view = practice.view(session, ANA)
    assert (len(view.lines), view.failure, view.busy) == (2, None, False)


def test_an_answer_that_nobody_waits_for_leaves_the_session_usable(
    practice: Practice, session: str
) -> None:
    answer = practice.reply(session, ANA, "Good morning, how can I help?")
    next(answer)
    assert isinstance(answer, Iterator)
    answer.close()  # type: ignore[attr-defined]
    assert practice.view(session, ANA).waits_for_customer
    list(practice.retry(session, ANA))
    assert len(practice.view(session, ANA).lines) == 2


def test_who_comes_while_all_are_busy_sees_a_place_and_comes_next(practice: Practice) -> None:
    busy = [practice.start(ANA, SCENARIO) for _ in range(practice.answers_at_once)]
    answers = [practice.reply(session, ANA, "Good morning, how can I help?") for session in busy]
    for answer in answers:
        next(answer)
    late = practice.start(BEN, SCENARIO)
    waiting = practice.reply(late, BEN, "Hello, how can I help?")
    assert next(waiting) == InLine(1)
    assert not practice.view(late, BEN).lines
    list(answers[0])
    assert isinstance(list(waiting)[-1], CustomerSaid)


def test_a_message_can_be_too_long(practice: Practice, session: str) -> None:
    with pytest.raises(MessageTooLong, match="20,001 characters"):
        list(practice.reply(session, ANA, "x" * (MAX_MESSAGE + 1)))
    assert practice.view(session, ANA).lines == ()
    list(practice.reply(session, ANA, "x" * MAX_MESSAGE))
    assert len(practice.view(session, ANA).lines[0].text) == MAX_MESSAGE


def test_an_ended_session_takes_nothing_more(practice: Practice, session: str) -> None:
    practice.end(session, ANA)
    practice.end(session, ANA)
    with pytest.raises(SessionOver):
        list(practice.reply(session, ANA, "One more thing"))
    assert [e.kind for e in practice.events(session, ANA)] == ["started", "ended"]


def test_only_an_ended_session_is_graded(practice: Practice, session: str) -> None:
    for grade in (practice.grade, practice.grading):
        with pytest.raises(NotEnded):
            grade(session, ANA)


def test_a_grade_is_made_once_and_kept(practice: Practice, session: str) -> None:
    list(practice.reply(session, ANA, "Good morning, how can I help?"))
    practice.end(session, ANA)
    heard: list[tuple[int, int]] = []
    first = practice.grade(session, ANA, lambda done, all_: heard.append((done, all_)))
    assert heard
    assert heard[-1][0] == heard[-1][1]
    heard.clear()
    assert practice.grade(session, ANA, lambda done, all_: heard.append((done, all_))) == first
    assert not heard
    assert practice.scorecard(session, ANA) == first
    assert practice.grading(session, ANA).scorecard == first
    [summary] = practice.sessions(ANA)
    assert summary.total == first.total
    assert {point.criterion for point in practice.progress(ANA)} <= set(first.criteria)


def test_two_web_processes_that_grade_at_once_keep_and_tell_of_one_grade(
    practice: Practice, data: Path, voice: Voice, session: str
) -> None:
    practice.end(session, ANA)
    at = datetime(2026, 11, 28, tzinfo=UTC)
    practice.records.webhooks.add(
        Webhook(id="w", url="http://x", secret="s", events=(SESSION_GRADED,), created_at=at)
    )
    other = Practice(Library.load(), open_records(data), voice.model)
    made: list[Scorecard] = []

    def meanwhile(*_: int) -> None:
        if not made:
            made.append(other.grade(session, ANA))

    assert practice.grade(session, ANA, meanwhile) == made[0]
    assert len(practice.records.deliveries.find(webhook="w")) == 1
    other.close()


def test_grading_in_the_background_ends_in_the_records(practice: Practice, session: str) -> None:
    list(practice.reply(session, ANA, "Good morning, how can I help?"))
    practice.end(session, ANA)
    found = wait_for_grade(practice, session)
    assert found == practice.scorecard(session, ANA)


def test_a_failed_grading_says_why_and_can_be_begun_again(
    practice: Practice, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.end(session, ANA)

    def fail(*args: object, **more: object) -> Scorecard:
        raise ServerUnreachable("The server went away.")

    with monkeypatch.context() as patched:
        patched.setattr("ui.services.practice.grade", fail)
        while (view := practice.grading(session, ANA)).status == "running":
            time.sleep(0.01)
        assert (view.status, view.failure) == ("failed", "The server went away.")
    assert practice.grading(session, ANA).status == "failed"
    practice.grading(session, ANA, again=True)
    assert wait_for_grade(practice, session).id == session


def test_refusals_are_sentences() -> None:
    refusals: list[PracticeError] = [NoSuchSession("x"), NotEnded(), MessageTooLong(9, 8)]
    assert all(str(refusal).endswith((".", "again.")) for refusal in refusals)


def wait_for_grade(practice: Practice, session: str) -> Scorecard:
    while (view := practice.grading(session, ANA)).status == "running":
        time.sleep(0.01)
    assert view.scorecard is not None, view.failure
    return view.scorecard


class answering:
    """A block during which the customer is answering, until the voice's gate is set."""

    def __init__(self, practice: Practice, session: str, voice: Voice) -> None:
        self._practice, self._session, self._voice = practice, session, voice
        self._thread = threading.Thread(target=self._talk)

    def _talk(self) -> None:
        list(self._practice.reply(self._session, ANA, "Good morning, how can I help?"))

    def __enter__(self) -> None:
        self._voice.gate.clear()
        self._thread.start()
        while not self._practice.view(self._session, ANA).lines:
            time.sleep(0.01)

    def __exit__(self, *error: object) -> None:
        self._voice.gate.set()
        self._thread.join(timeout=10)
