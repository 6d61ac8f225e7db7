"""A practice session: one agent, one simulated customer, from greeting to goodbye."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from dialogue.perceive_settings import settings as perception_settings
from dialogue.reading import message_acts
from dialogue.types import Mood, Perception
from llm.errors import ModelError
from llm.types import ChatModel, Usage
from scenarios.library import Library
from simulator.actor import Actor, Known, Line
from simulator.agenda import Agenda
from simulator.desk import Desk
from simulator.director import Director
from simulator.hearing import Hearing
from simulator.intake import labels
from simulator.replaying import rewound
from simulator.script import actor_text
from simulator.types import (
    ActionCall,
    ActionResult,
    AgentSaid,
    Cue,
    CustomerSaid,
    DeskUsed,
    Ended,
    EndReason,
    Event,
    Failed,
    Journal,
    Started,
)
from simulator.world import World

Clock = Callable[[], datetime]


class SessionOver(Exception):
    """The session has ended; nothing more can be said in it."""


class NothingToAnswer(Exception):
    """A retry was asked for, and no message of the agent is waiting for an answer."""


@dataclass(frozen=True)
class Piece:
    """A released piece of the customer's line."""

    text: str


def _now() -> datetime:
    return datetime.now(UTC)


class Session:
    """One conversation. The journal is the truth; this object can be made anew from it."""

    def __init__(
        self,
        world: World,
        model: ChatModel,
        journal: Journal,
        events: list[Event],
        clock: Clock = _now,
    ) -> None:
        started = events[0]
        assert isinstance(started, Started)
        self.world = world
        self.id = started.session_id
        self.seed = started.seed
        self.started_at = started.at
        self.events = events
        self._model = model
        self._journal = journal
        self._clock = clock
        self._hearing = Hearing(model, world)
        self._director = Director(world.scenario, world.persona, self.seed, world.played_at)
        self._actor = Actor(model, world, self.seed)
        self.desk = Desk(world.pack, (e.result for e in events if isinstance(e, DeskUsed)))
        self._remember_script()

    @classmethod
    def start(
        cls,
        world: World,
        *,
        model: ChatModel,
        journal: Journal,
        session_id: str | None = None,
        person: str = "local",
        seed: int = 0,
        clock: Clock = _now,
    ) -> "Session":
        """A new session, journalled."""
        started = Started(
            at=clock(),
            session_id=session_id or uuid.uuid4().hex,
            person=person,
            scenario=world.scenario.id,
            persona=world.persona.id,
            pack=world.pack.id,
            language=world.language,
            seed=seed,
            level=world.played_at,
            model=model.name,
            content_version=world.pack.version,
            prompt_version=_prompt_version(world.language),
        )
        journal.append(started.session_id, started)
        return cls(world, model, journal, [started], clock)

    @classmethod
    def resume(
        cls,
        session_id: str,
        library: Library,
        *,
        model: ChatModel,
        journal: Journal,
        clock: Clock = _now,
    ) -> "Session":
        """A session as its journal has it; raises `KeyError` when there is none."""
        events = journal.read(session_id)
        started = events[0]
        assert isinstance(started, Started)
        world = World(
            pack=library.pack_of(started.scenario),
            scenario=library.scenario(started.scenario),
            persona=library.persona(started.persona),
            played_at=started.level,
        )
        session = cls(world, model, journal, events, clock)
        session._close_if_said()
        return session

    @classmethod
    def replay(
        cls,
        events: Sequence[Event],
        from_turn: int,
        library: Library,
        *,
        model: ChatModel,
        journal: Journal,
        session_id: str | None = None,
        clock: Clock = _now,
    ) -> "Session":
        """A new session that is another one up to the agent's message `from_turn`.

        Raises `simulator.replaying.CannotReplay`.
        """
        new = session_id or uuid.uuid4().hex
        for event in rewound(events, from_turn, new, clock()):
            journal.append(new, event)
        return cls.resume(new, library, model=model, journal=journal, clock=clock)

    # --- what can be seen ------------------------------------------------------------------------

    @property
    def turns(self) -> list[AgentSaid | CustomerSaid]:
        """Both sides' messages in order; index 0 is the agent's first."""
        return [e for e in self.events if isinstance(e, AgentSaid | CustomerSaid)]

    @property
    def ended(self) -> EndReason | None:
        """Why the session ended, if it has."""
        last = self.events[-1]
        return last.reason if isinstance(last, Ended) else None

    @property
    def unanswered(self) -> bool:
        """Whether the agent's last message still waits for the customer's answer."""
        turns = self.turns
        return self.ended is None and bool(turns) and isinstance(turns[-1], AgentSaid)

    @property
    def agenda(self) -> Agenda:
        """The director's state after the last customer turn."""
        for event in reversed(self.events):
            if isinstance(event, CustomerSaid):
                return Agenda.model_validate(event.state)
        return self._director.at_start()

    @property
    def mood(self) -> Mood:
        """How the customer feels now."""
        agenda = self.agenda
        return agenda.feeling.mood(agenda.settled)

    # --- what can be done ------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Have the model read what all prompts begin with; may run beside the greeting."""
        self._actor.warm_up()
        self._hearing.warm_up()

    def read_ahead(self) -> None:
        """Have the model read what was said, before the next answer; changes nothing here.

        May run beside everything else. Raises `llm.errors.ModelError` when the model fails.
        """
        if self.ended is None and not self.unanswered:
            self._actor.read_ahead()

    def act(self, call: ActionCall) -> ActionResult:
        """Do something at the desk; kept at once, part of the agent's next turn."""
        self._check_open()
        result = self.desk.do(call)
        self._keep(DeskUsed(at=self._clock(), result=result))
        return result

    def reply(self, text: str) -> Iterator[Piece | CustomerSaid]:
        """Send the agent's message; yield the customer's answer in pieces, then the whole turn.

        The message is durable before the model is asked for anything. Raises `SessionOver`, and
        `llm.errors.ModelError` when the model fails; `retry` goes on from there.
        """
        self._check_open()
        by_rule = Perception(acts=message_acts(text))
        said = AgentSaid(
            at=self._clock(), index=len(self.turns), text=text, labels=labels(text, by_rule)
        )
        begun = monotonic()
        self._keep(said)
        yield from self._answer(said, begun)

    def retry(self) -> Iterator[Piece | CustomerSaid]:
        """Ask once more for the answer to the agent's last message; it is not sent again."""
        self._check_open()
        turns = self.turns
        if not turns or not isinstance(turns[-1], AgentSaid):
            raise NothingToAnswer("There is no message waiting for an answer.")
        yield from self._answer(turns[-1], monotonic())

    def end(self, reason: EndReason = EndReason.AGENT_CLOSED) -> None:
        """End the session from the agent's side; ending twice changes nothing."""
        if self.ended is None:
            self._keep(Ended(at=self._clock(), reason=reason))

    # --- one message, one way through ------------------------------------------------------------

    def _answer(self, agent: AgentSaid, begun: float) -> Iterator[Piece | CustomerSaid]:
        try:
            perception = self._hearing.perceive(agent.text, self.agenda.told)
            waited = self._waited(agent)
            cue, agenda = self._director.direct(perception, self.agenda, waited)
            line = Line()
            for piece in self._actor.say(agent, cue, self._said(), self._known(cue), line):
                yield Piece(piece)
        except ModelError as error:
            self._keep(Failed(at=self._clock(), message=str(error)))
            raise
        turn = self._turn(agent, perception, cue, agenda, line, begun)
        self._keep(turn)
        self._actor.script.add(agent, turn)
        if cue.ends is not None:
            self._keep(Ended(at=self._clock(), reason=cue.ends))
        yield turn

    def _turn(
        self,
        agent: AgentSaid,
        perception: Perception,
        cue: Cue,
        agenda: Agenda,
        line: Line,
        begun: float,
    ) -> CustomerSaid:
        released = line.first_released
        usage = [*self._hearing.usage, *line.usage]
        return CustomerSaid(
            at=self._clock(),
            index=agent.index + 1,
            text=line.text,
            perception=perception,
            cue=cue,
            state=agenda.model_dump(mode="json"),
            flags=tuple(line.flags),
            candidates=tuple(line.candidates),
            first_token_s=None if released is None else released - begun,
            total_s=monotonic() - begun,
            evaluated_tokens=_total(usage, "evaluated_tokens"),
            generated_tokens=_total(usage, "generated_tokens"),
        )

    def _waited(self, agent: AgentSaid) -> float:
        """Seconds the customer has waited for this message; 0 when the clock went back."""
        said = [e.at for e in self.events if isinstance(e, CustomerSaid)]
        return max(0.0, (agent.at - said[-1]).total_seconds()) if said else 0.0

    def _said(self) -> tuple[str, ...]:
        return tuple(e.text for e in self.events if isinstance(e, CustomerSaid))

    def _known(self, cue: Cue) -> Known:
        facts = self.world.scenario.brief.facts
        open_now = {*cue.facts, *self.agenda.told}
        return Known(
            hidden=tuple(fact.says for fact in facts if fact.id not in open_now),
            told_now=tuple(fact.says for fact in facts if fact.id in cue.facts),
        )

    def _remember_script(self) -> None:
        agent: AgentSaid | None = None
        for event in self.events:
            if isinstance(event, AgentSaid):
                agent = event
            elif isinstance(event, CustomerSaid) and agent is not None:
                self._actor.script.add(agent, event)

    def _keep(self, event: Event) -> None:
        """Keep an event after those that are known here: other programs use the journal, too."""
        self._journal.append(self.id, event, len(self.events))
        self.events.append(event)

    def _close_if_said(self) -> None:
        """A crash may have come between the customer's last words and the end they brought."""
        last = self.events[-1]
        if isinstance(last, CustomerSaid) and last.cue.ends is not None:
            self._keep(Ended(at=self._clock(), reason=last.cue.ends))

    def _check_open(self) -> None:
        if self.ended is not None:
            raise SessionOver(f"This session has ended ({self.ended.value}).")


def _total(usage: list[Usage], name: str) -> int | None:
    counts = [value for one in usage if (value := getattr(one, name)) is not None]
    return sum(counts) if counts else None


def _prompt_version(language: str) -> str:
    return (
        f"actor-{language}-{actor_text(language).version}/perceive-{perception_settings().version}"
    )
