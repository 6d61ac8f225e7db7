"""Conversations that programs send to be graded: in the background, in turn, within bounds."""

import threading
import time
from collections.abc import Callable

import pytest

from dialogue.types import Transcript, Turn
from llm.errors import ModelError
from records import open_records
from tests.scripted import ScriptedModel
from tests.ui.cast import Cast, Clock
from ui.services.access import Actor
from ui.services.errors import Missing, QueueFull, Unfit
from ui.services.models import SharedModel
from ui.services.transcripts import KEPT, MOST_AT_ONCE, MOST_WAITING, Order, Transcripts
from ui.services.views import JobView
from ui.services.webhooks.outbox import Outbox


class Bench:
    """The queue with a model that works while `gate` is open."""

    def __init__(self, model: Callable[[], ScriptedModel] | None = None) -> None:
        self.gate = threading.Event()
        self.clock = Clock()
        self.cast = Cast()
        self.graded: list[str] = []

        def opened() -> ScriptedModel:
            self.gate.wait(20)
            return ScriptedModel(reply=lambda _prompt: "Fine.", default=0.7)

        outbox = Outbox(open_records("memory:"), self.clock)
        self.queue = Transcripts(SharedModel(model or opened), outbox, self.clock)
        grade = self.queue._grade

        def noted(job: object) -> object:
            self.graded.append(job.person)  # type: ignore[attr-defined]
            return grade(job)  # type: ignore[arg-type]

        self.queue._grade = noted  # type: ignore[assignment, method-assign]

    def send(self, actor: Actor, *ids: str) -> str:
        return self.queue.submit(actor, Order(tuple(map(conversation, ids)))).id

    def done(self, actor: Actor, job: str) -> JobView:
        for _ in range(1000):
            view = self.queue.job(actor, job)
            if view.status in ("done", "failed"):
                return view
            time.sleep(0.02)
        pytest.fail("it is not graded")


def conversation(id_: str) -> Transcript:
    turns = (
        Turn(speaker="customer", text="Where is my parcel?"),
        Turn(speaker="agent", text="Hello, I am sorry. It comes tomorrow, I promise."),
    )
    return Transcript(id=id_, language="en", turns=turns)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_job_waits_runs_and_is_done(bench: Bench) -> None:
    tess = bench.cast.actor("tess")
    first = bench.send(tess, "a", "b")
    second = bench.send(tess, "c")
    view = bench.queue.job(tess, second)
    assert (view.status, view.ahead, view.graded) == ("queued", 2, 0)
    bench.gate.set()
    view = bench.done(tess, first)
    assert [card.id for card in view.results] == ["a", "b"]
    assert view.status == "done"
    assert bench.done(tess, second).graded == 1


def test_everybody_has_their_turn(bench: Bench) -> None:
    """A large batch does not keep others waiting until all of it is done."""
    tess, tom = bench.cast.actor("tess"), bench.cast.actor("tom")
    large = bench.send(tess, *"abcdef")
    small = bench.send(tom, "x")
    assert (bench.queue.job(tom, small).ahead or 0) <= 2
    bench.gate.set()
    bench.done(tess, large)
    assert bench.graded.index(tom.id) <= 2
    assert bench.graded.count(tess.id) == 6


def test_somebody_elses_job_is_not_there(bench: Bench) -> None:
    job = bench.send(bench.cast.actor("tess"), "a")
    for login in ("tom", "max", "ada"):
        with pytest.raises(Missing):
            bench.queue.job(bench.cast.actor(login), job)
    bench.gate.set()


def test_more_than_may_wait_is_refused_and_others_may_still_send(bench: Bench) -> None:
    tess, tom = bench.cast.actor("tess"), bench.cast.actor("tom")
    for batch in range(MOST_WAITING // MOST_AT_ONCE):
        bench.send(tess, *(f"{batch}-{number}" for number in range(MOST_AT_ONCE)))
    with pytest.raises(QueueFull):
        bench.send(tess, "one more")
    assert bench.send(tom, "a")


@pytest.mark.parametrize(
    "order",
    [
        Order(()),
        Order(tuple(conversation(str(n)) for n in range(MOST_AT_ONCE + 1))),
        Order((conversation("a"), conversation("a"))),
        Order((conversation("a"),), rubric="/etc/passwd"),
        Order((conversation("a"),), rubric="../rubrics/core.yaml"),
    ],
)
def test_what_cannot_be_graded_is_refused_at_once(bench: Bench, order: Order) -> None:
    with pytest.raises(Unfit):
        bench.queue.submit(bench.cast.actor("tess"), order)


def test_without_a_model_the_job_fails_with_the_reason(bench: Bench) -> None:
    def missing() -> ScriptedModel:
        raise ModelError("No model is installed. Install one.")

    broken, tess = Bench(missing), bench.cast.actor("tess")
    view = broken.done(tess, broken.send(tess, "a"))
    assert (view.status, view.failure) == ("failed", "No model is installed. Install one.")
    by_rules = broken.queue.submit(tess, Order((conversation("a"),), inspector="rules"))
    [card] = broken.done(tess, by_rules.id).results
    assert card.rules is not None  # type: ignore[union-attr]


def test_results_are_forgotten_after_a_day(bench: Bench) -> None:
    tess = bench.cast.actor("tess")
    job = bench.send(tess, "a")
    bench.gate.set()
    bench.done(tess, job)
    bench.clock.on(seconds=KEPT.total_seconds() + 1)
    with pytest.raises(Missing):
        bench.queue.job(tess, job)


def test_masked_conversations_are_graded_masked(bench: Bench) -> None:
    turn = Turn(speaker="agent", text="Sorry. Write to anna@example.org please.")
    order = Order((Transcript(id="a", language="en", turns=(turn,)),), mask=True)
    tess = bench.cast.actor("tess")
    bench.gate.set()
    view = bench.done(tess, bench.queue.submit(tess, order).id)
    assert "anna@example.org" not in view.model_dump_json()
