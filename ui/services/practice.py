"""The use cases of practising: choose, talk, end, grade, look back. Pages and CLI call these.

A page holds a session's id and nothing else that counts: who may see and do what is decided here,
from the journal.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from grading.adjusting import site_adjustment
from grading.case import from_events
from grading.grader import grade
from grading.rubric import load_rubric
from grading.types import Scorecard
from llm.errors import ModelError
from llm.types import ChatModel
from records import PersonSettings, Records, RecordsError, SessionSummary, UnknownSession
from records.reviewing import Override
from scenarios.library import Library
from simulator.session import Piece, Session
from simulator.types import ActionCall, ActionResult, Event, Started
from ui.services.clock import Clock, now
from ui.services.errors import MessageTooLong, NoSuchSession, NotEnded, TooLate
from ui.services.grading_jobs import GradingJobs, Progress
from ui.services.line import InLine, Line
from ui.services.live import LiveSessions
from ui.services.models import SharedModel
from ui.services.offering import persona_choices, scenario_choice, title_and_level, world_of
from ui.services.viewing import session_view
from ui.services.views import (
    GradingView,
    PersonaChoice,
    ProgressPoint,
    ScenarioChoice,
    SessionView,
)
from ui.services.webhooks.outbox import Outbox
from ui.settings import DEFAULT_ANSWERS_AT_ONCE

MAX_MESSAGE = 20_000
"""Characters of one message."""

ANSWERS_PER_GRADING = 4
"""For so many customers that answer at once one conversation is graded beside them: a grade asks
the model dozens of questions, and each would hold a customer up."""

DESK_WAIT_S = 120.0
"""How long something done at the desk, or the end, waits for an answer that is being made."""


class Practice:
    """Practice sessions of all people on one machine. Safe for threads.

    `open_model` is called once, when a model is first needed. `data` is the folder of the site's
    own calibration, where somebody made one (`spardesk calibrate`). `answers_at_once`: customers
    that answer at the same time; others wait in line.
    """

    def __init__(
        self,
        library: Library,
        records: Records,
        open_model: Callable[[], ChatModel] | ChatModel,
        data: Path | None = None,
        clock: Clock = now,
        answers_at_once: int = DEFAULT_ANSWERS_AT_ONCE,
    ) -> None:
        self.library = library
        self.answers_at_once = answers_at_once
        self.records = records
        self.data = data
        self.outbox = Outbox(records, clock)
        self.model = SharedModel(open_model)
        self._live = LiveSessions(self._resume)
        self._line = Line(answers_at_once)
        self._grading = GradingJobs(max(1, answers_at_once // ANSWERS_PER_GRADING))
        records.describe_scenarios(partial(title_and_level, library))

    # --- choose ---------------------------------------------------------------------------------

    def scenarios(self) -> list[ScenarioChoice]:
        """What there is to practise."""
        return [scenario_choice(self.library, each.id) for each in self.library.scenarios()]

    def personas(self, language: str | None = None) -> list[PersonaChoice]:
        """Who there is to talk with, by name; in one language or in all."""
        return persona_choices(self.library, language)

    def last_choice(self, person: str) -> PersonSettings:
        """What this person chose last."""
        return self.records.settings(person)

    def start(
        self,
        person: str,
        scenario_id: str,
        persona_id: str | None = None,
        seed: int | None = None,
        level: int | None = None,
    ) -> str:
        """Begin a session; its id.

        Without a persona the scenario's own one comes, without a level its own. The same seed,
        the same customer.
        Raises `ContentError`, `CannotStart`, `ModelError`, `RecordsError`.
        """
        world = world_of(self.library, scenario_id, persona_id, level)
        session_id = secrets.token_hex(8)
        seed = secrets.randbelow(2**31) if seed is None else seed
        session = Session.start(
            world,
            model=self.model.open(),
            journal=self.records.journal,
            session_id=session_id,
            person=person,
            seed=seed,
        )
        self._live.add(session)
        self._remember(person, last_scenario=scenario_id, last_persona=world.persona.id)
        return session_id

    def was_told(self, person: str) -> bool:
        """Whether this person has been told that they are recorded and graded, and what for."""
        return self.records.settings(person).told_at is not None

    def note_told(self, person: str) -> None:
        """Remember that they were told."""
        if not self.was_told(person):
            self._remember(person, told_at=now())

    def _remember(self, person: str, **fields: object) -> None:
        known = self.records.settings(person)
        self.records.save_settings(person, known.model_copy(update=fields))

    def replay(self, session_id: str, person: str, from_turn: int) -> str:
        """Begin a session that goes back to another, before one of the agent's messages; its id.

        The same customer in the same state, another answer; the old session stays as it is.
        Raises `CannotReplay`, `NoSuchSession`, `ContentError`, `ModelError`, `RecordsError`.
        """
        session = Session.replay(
            self.events(session_id, person),
            from_turn,
            self.library,
            model=self.model.open(),
            journal=self.records.journal,
            session_id=secrets.token_hex(8),
        )
        self._live.add(session)
        return session.id

    # --- talk -----------------------------------------------------------------------------------

    def view(self, session_id: str, person: str) -> SessionView:
        """Everything the session's page shows."""
        events = self.events(session_id, person)
        first = events[0]
        assert isinstance(first, Started)
        return session_view(
            events,
            world_of(self.library, first.scenario, first.persona, first.level),
            busy=self._live.is_busy(session_id),
            graded=self.records.scorecard(session_id) is not None,
        )

    def is_private(self, session_id: str, person: str) -> bool:
        """Whether the session is kept from the person's manager."""
        self._require_own(session_id, person)
        return self.records.summary(session_id).private

    def mark_private(self, session_id: str, person: str, private: bool) -> None:
        """Keep a session from the person's manager, or no longer.

        While the conversation goes on; afterwards it can only be shown again. Raises `TooLate`.
        """
        over = any(event.kind == "ended" for event in self.events(session_id, person))
        if private and over:
            raise TooLate
        self.records.mark_private(session_id, private)

    def events(self, session_id: str, person: str) -> list[Event]:
        """Everything that happened in a session, oldest first; raises `NoSuchSession`."""
        try:
            events = self.records.journal.read(session_id)
        except UnknownSession as error:
            raise NoSuchSession(session_id) from error
        _require_own(events[0], session_id, person)
        return events

    def _require_own(self, session_id: str, person: str) -> None:
        """As `events`, of which only the first is read: for what needs none of the others."""
        try:
            first = self.records.journal.first(session_id)
        except UnknownSession as error:
            raise NoSuchSession(session_id) from error
        _require_own(first, session_id, person)

    def reply(self, session_id: str, person: str, text: str) -> Iterator[InLine | Piece | Event]:
        """Say something to the customer; yields the answer piece by piece, then its event.

        Before, while others are answered, the place in line.
        Raises `MessageTooLong`, `SessionBusy`, `SessionOver` (nothing was kept), `RecordsError`,
        `ModelError` (the message was kept: `retry` goes on from it).
        """
        self._require_own(session_id, person)
        if len(text) > MAX_MESSAGE:
            raise MessageTooLong(len(text), MAX_MESSAGE)
        with self._line.turn() as waiting:
            yield from waiting
            with self._live.use(session_id) as session:
                yield from session.reply(text)

    def talking(self) -> int:
        """How many customers answer, or are waited for, right now."""
        return self._line.present

    def retry(self, session_id: str, person: str) -> Iterator[InLine | Piece | Event]:
        """Ask for the answer to the last message again; as `reply`."""
        self._require_own(session_id, person)
        with self._line.turn() as waiting:
            yield from waiting
            with self._live.use(session_id) as session:
                yield from session.retry()

    def warm_up(self, session_id: str, person: str) -> None:
        """Have the model read what the session's prompts begin with, while the agent greets.

        Returns at once.
        """
        self._require_own(session_id, person)
        self._in_background(lambda: self._live.beside(session_id).warm_up())

    def read_ahead(self, session_id: str, person: str) -> None:
        """Have the model read the conversation while the agent thinks: the answer comes sooner.

        Returns at once. Only while nobody else talks: with several conversations by turns a server
        reads the whole of each anew, and reading ahead would cost the others their time.
        """
        self._require_own(session_id, person)
        if session := self._live.alone(session_id):
            self._in_background(session.read_ahead)

    def _in_background(self, work: Callable[[], None]) -> None:
        """What goes wrong here goes wrong again, and is said, when the customer should answer."""

        def quietly() -> None:
            with suppress(ModelError, RecordsError):
                work()

        threading.Thread(target=quietly, daemon=True).start()

    def act(self, session_id: str, person: str, call: ActionCall) -> ActionResult:
        """Do something at the desk. What the desk refuses is a result, too."""
        self._require_own(session_id, person)
        with self._live.use(session_id, DESK_WAIT_S) as session:
            return session.act(call)

    def end(self, session_id: str, person: str) -> None:
        """End the conversation from the agent's side; nothing happens when it has ended."""
        self._require_own(session_id, person)
        with self._live.use(session_id, DESK_WAIT_S) as session:
            session.end()

    # --- look back ------------------------------------------------------------------------------

    def grade(self, session_id: str, person: str, progress: Progress | None = None) -> Scorecard:
        """The scorecard of an ended session: the stored one, else made and stored now.

        `progress` hears (checks done, all checks). Raises `NotEnded`, `SessionBusy` when it is
        being graded already, `ModelError`, `RecordsError`.
        """
        found = self.scorecard(session_id, person)
        if found is not None:
            return found
        return self._grading.run(session_id, self._grader(session_id, person), progress)

    def grading(self, session_id: str, person: str, again: bool = False) -> GradingView:
        """How far the grading is; begins it in the background when there is no scorecard.

        `again` begins it anew after a failure.
        """
        found = self.scorecard(session_id, person)
        if found is not None:
            return GradingView(status="done", scorecard=found)
        return self._grading.follow(session_id, self._grader(session_id, person), again)

    def scorecard(self, session_id: str, person: str) -> Scorecard | None:
        """The stored scorecard; `None`: not graded yet."""
        self._require_own(session_id, person)
        return self.records.scorecard(session_id)

    def overrides(self, session_id: str, person: str) -> tuple[Override, ...]:
        """What managers said about the session's scores, oldest first."""
        self._require_own(session_id, person)
        found = self.records.overrides.find(session=session_id)
        return tuple(sorted(found, key=lambda override: override.at))

    def sessions(self, person: str) -> list[SessionSummary]:
        """This person's sessions, newest first, under the titles that scenarios have now."""
        return [self.titled(summary) for summary in self.records.sessions(person)]

    def titled(self, summary: SessionSummary) -> SessionSummary:
        """A summary under the title and level that its scenario has now."""
        title, level = title_and_level(self.library, summary.scenario)
        return summary.model_copy(update={"title": title, "level": level}) if title else summary

    def problems(self) -> list[str]:
        """Sessions that cannot be listed because their files are damaged: a sentence each."""
        return self.records.problems()

    def progress(self, person: str) -> list[ProgressPoint]:
        """Scores per criterion over time, oldest first."""
        return [
            ProgressPoint(
                session_id=s.id,
                at=s.started_at,
                title=s.title or s.scenario,
                criterion=criterion,
                score=score,
            )
            for s in reversed(self.sessions(person))
            for criterion, score in s.scores.items()
            if score is not None
        ]

    def persona_name(self, persona_id: str) -> str:
        """A persona's name; the id when there is no such persona any more."""
        persona = self.library.personas.get(persona_id)
        return persona.name if persona else persona_id

    def close(self) -> None:
        """Give back model and records. Journals need no closing."""
        self.model.close()
        self.records.close()

    # --- inside ---------------------------------------------------------------------------------

    def _resume(self, session_id: str) -> Session:
        return Session.resume(
            session_id, self.library, model=self.model, journal=self.records.journal
        )

    def _grader(self, session_id: str, person: str) -> Callable[[Progress], Scorecard]:
        """The work of grading a session, to be done here or in the background."""
        events = self.events(session_id, person)
        if not any(event.kind == "ended" for event in events):
            raise NotEnded
        first = events[0]
        assert isinstance(first, Started)
        world = world_of(self.library, first.scenario, first.persona, first.level)

        def work(progress: Progress) -> Scorecard:
            found = self.records.scorecard(session_id)
            if found is not None:  # another caller was faster
                return found
            rubric, model = load_rubric(world.pack.rubric), self.model.open()
            site = site_adjustment(self.data, model.name, rubric) if self.data else None
            case = from_events(events, world)
            card = grade(case, rubric, model, progress, adjustment=site)
            found = self.records.scorecard(session_id)
            if found is not None:  # another web process was faster, and webhooks know
                return found
            self.records.save_scorecard(session_id, card)
            self.outbox.session_graded(self.records.summary(session_id))
            return card

        return work


def _require_own(first: Event, session_id: str, person: str) -> None:
    """Raises `NoSuchSession` unless a session that begins so is this person's."""
    if not isinstance(first, Started) or first.person != person:
        raise NoSuchSession(session_id)
