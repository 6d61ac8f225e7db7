"""How long a turn and a grade take: `spardesk bench turn`.

One session with the lines of `bench/turn.yaml`, warm, journalled on disk as in use, the model
reading what was said while the agent thinks, as it does there (`at_once`: the agent does not
think); then its first twelve messages are graded. Figures are medians of wall-clock time; nothing
is asserted here.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

import yaml

from bench.plain import Recorder, bare_seconds, out_of_role, plain_customer
from grading.case import from_events
from grading.grader import grade, with_suggestions
from grading.rubric import load_rubric
from llm.types import ChatModel
from records import FileJournal
from scenarios.library import Library
from simulator.session import Session
from simulator.types import AgentSaid, CustomerSaid, Event
from simulator.world import World

GRADED_MESSAGES = 12

Say = Callable[[str], None]


@dataclass(frozen=True)
class TurnReport:
    """What one session cost. Seconds and tokens; `None` where the server does not count."""

    model: str
    language: str
    scenario: str
    turns: int
    read_ahead: bool
    """Whether the model read what was said while the agent was thinking."""
    warm_up_s: float
    first_word_median_s: float
    first_word_worst_s: float
    whole_turn_median_s: float
    evaluated_tokens_median: float | None
    evaluated_tokens_worst: int | None
    first_half_median_s: float
    second_half_median_s: float
    """Against `first_half_median_s`: whether a turn costs more the longer the session is."""
    lines_guarded: int
    bare_engine_median_s: float
    """The same prompts on the bare engine, to the end of the first sentence."""
    plain_simulator_median_s: float
    """A simulator of one prompt, unguarded, to its first token."""
    plain_simulator_out_of_role: int
    """Of as many lines; by the guard's patterns alone, so at least these."""
    graded_messages: int
    grading_s: float
    checks: int
    suggestions_s: float

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        return asdict(self)


def measure(
    model: ChatModel, language: str, folder: Path, seed: int, say: Say, at_once: bool = False
) -> TurnReport:
    """Play and grade the session of a language; `say` hears each line as it comes.

    Raises `llm.errors.ModelError` when the model fails.
    """
    plan = yaml.safe_load(files("bench").joinpath("turn.yaml").read_text("utf-8"))[language]
    library = Library.load()
    scenario = library.scenario(plan["scenario"])
    world = World(library.pack_of(scenario.id), scenario, library.persona(scenario.persona))
    heard = Recorder(model)
    session = Session.start(world, model=heard, journal=FileJournal(folder), seed=seed)
    warm = _timed(session.warm_up)
    turns = _play(session, plan["lines"], say, at_once)
    bare = bare_seconds(model, heard.streamed)
    plain, said = plain_customer(model, world, plan["lines"])
    speed = Beside(median(bare), median(plain), out_of_role(said, language), not at_once)
    return _report(model, world, turns, warm, speed, _grade(session, model, say))


@dataclass(frozen=True)
class Beside:
    """What the customer's speed is held against, and how it came about."""

    bare_s: float
    plain_s: float
    plain_out_of_role: int
    read_ahead: bool


def _play(session: Session, lines: Iterable[str], say: Say, at_once: bool) -> list[CustomerSaid]:
    turns = []
    for line in lines:
        if session.ended:
            break
        if not at_once:
            session.read_ahead()
        *_, turn = session.reply(line)
        assert isinstance(turn, CustomerSaid)
        turns.append(turn)
        say(f"AGENT     {line}")
        say(
            f"CUSTOMER  {turn.text}  "
            f"[{turn.first_token_s:.1f} s, {turn.evaluated_tokens} tokens read]"
        )
    return turns


def _grade(session: Session, model: ChatModel, say: Say) -> tuple[float, float, int]:
    """Seconds for the checks, seconds for the suggestions, number of checks."""
    case = from_events(_first_messages(session.events), session.world)
    rubric = load_rubric(session.world.pack.rubric)
    begun = monotonic()
    card = grade(case, rubric, model, rewrite=False)
    middle = monotonic()
    with_suggestions(card, case, rubric, model)
    ended = monotonic()
    for name, criterion in card.criteria.items():
        say(f"{name:11} {criterion.status} {criterion.score} coverage {criterion.coverage:.2f}")
    return middle - begun, ended - middle, sum(len(c.checks) for c in card.criteria.values())


def _first_messages(events: list[Event]) -> list[Event]:
    def early(event: Event) -> bool:
        return not isinstance(event, AgentSaid | CustomerSaid) or event.index < GRADED_MESSAGES

    return [event for event in events if early(event)]


def _timed(what: Callable[[], None]) -> float:
    begun = monotonic()
    what()
    return monotonic() - begun


def _report(
    model: ChatModel,
    world: World,
    turns: list[CustomerSaid],
    warm_up_s: float,
    beside: Beside,
    graded: tuple[float, float, int],
) -> TurnReport:
    grading_s, suggestions_s, checks = graded
    first = [turn.first_token_s or 0.0 for turn in turns]
    whole = [turn.total_s or 0.0 for turn in turns]
    read = [turn.evaluated_tokens for turn in turns if turn.evaluated_tokens is not None]
    half = len(first) // 2
    return TurnReport(
        model=model.name,
        language=world.language,
        scenario=world.scenario.id,
        turns=len(turns),
        read_ahead=beside.read_ahead,
        warm_up_s=warm_up_s,
        first_word_median_s=median(first),
        first_word_worst_s=max(first),
        whole_turn_median_s=median(whole),
        evaluated_tokens_median=median(read) if read else None,
        evaluated_tokens_worst=max(read, default=None),
        first_half_median_s=median(first[:half]),
        second_half_median_s=median(first[half:]),
        lines_guarded=sum(bool(turn.flags) for turn in turns),
        bare_engine_median_s=beside.bare_s,
        plain_simulator_median_s=beside.plain_s,
        plain_simulator_out_of_role=beside.plain_out_of_role,
        graded_messages=min(GRADED_MESSAGES, 2 * len(turns)),
        grading_s=grading_s,
        checks=checks,
        suggestions_s=suggestions_s,
    )
