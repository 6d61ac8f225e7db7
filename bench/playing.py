"""Plays scripted agents against scenarios, in memory, and keeps what happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from time import monotonic

from bench.agents import turns
from llm.types import ChatModel
from scenarios.library import Library
from scenarios.types import AgentKind
from simulator.session import Session
from simulator.types import AgentSaid, CustomerSaid, EndReason, Event
from simulator.world import World


class MemoryJournal:
    """A journal that is gone when the bench is."""

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:  # noqa: ARG002
        """Keep one event; nobody else plays the same session."""
        self._events.setdefault(session_id, []).append(event)

    def read(self, session_id: str) -> list[Event]:
        """All events of a session."""
        return list(self._events[session_id])


@dataclass(frozen=True)
class Game:
    """One session to be played."""

    world: World
    kind: AgentKind
    seed: int


@dataclass(frozen=True)
class Exchange:
    """An agent's message, the customer's answer, and what the customer had said before."""

    agent: AgentSaid
    customer: CustomerSaid
    before: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """One session as it went."""

    game: Game
    events: tuple[Event, ...]
    ended: EndReason | None
    """`None`: the agent ran out of lines first."""
    seconds: float
    exchanges: tuple[Exchange, ...] = field(default=())

    @property
    def turns(self) -> int:
        """Customer turns."""
        return len(self.exchanges)


def games(
    library: Library,
    kinds: Iterable[AgentKind],
    *,
    scenarios: Iterable[str],
    persona: str | None = None,
    level: int | None = None,
    seeds: Iterable[int] = (1,),
) -> Iterator[Game]:
    """Every scenario with every kind of agent and every seed.

    Raises `ContentError` for names that the library does not have.
    """
    chosen = list(scenarios)
    for seed in seeds:
        for id_ in chosen:
            scenario = library.scenario(id_)
            who = library.persona(persona or scenario.persona)
            if who.language == scenario.language:
                world = World(library.pack_of(id_), scenario, who, level)
                yield from (Game(world, kind, seed) for kind in kinds)


def play(game: Game, model: ChatModel) -> Played:
    """One session, from the agent's first line to the end or to the agent's last line.

    Raises `llm.errors.ModelError` when the model fails.
    """
    begun = monotonic()
    journal = MemoryJournal()
    session = Session.start(game.world, model=model, journal=journal, seed=game.seed)
    for turn in turns(game.kind, game.world.scenario, game.seed):
        if session.ended:
            break
        for call in turn.actions:
            session.act(call)
        for _ in session.reply(turn.text):
            pass
    events = tuple(journal.read(session.id))
    return Played(game, events, session.ended, monotonic() - begun, tuple(_exchanges(events)))


def customers(library: Library, how_many: int = 50) -> Iterator[Game]:
    """Different customers: personas and scenarios by turns, each in its language."""
    who = sorted(library.personas.values(), key=lambda each: each.id)
    every = library.scenarios()
    for i in range(how_many):
        scenario = every[i % len(every)]
        fitting = [each for each in who if each.language == scenario.language]
        persona = fitting[(i * 7 + 3) % len(fitting)]
        yield Game(World(library.pack_of(scenario.id), scenario, persona), "good", 100 + i)


def first_turn(game: Game, model: ChatModel) -> Played:
    """A session up to the customer's first words."""
    scenario = game.world.scenario
    greeting = scenario.model_copy(update={"ideal": scenario.ideal[:1]})
    return play(replace(game, world=replace(game.world, scenario=greeting)), model)


def _exchanges(events: tuple[Event, ...]) -> Iterator[Exchange]:
    agent: AgentSaid | None = None
    said: list[str] = []
    for event in events:
        if isinstance(event, AgentSaid):
            agent = event
        elif isinstance(event, CustomerSaid) and agent is not None:
            yield Exchange(agent, event, tuple(said))
            said.append(event.text)
