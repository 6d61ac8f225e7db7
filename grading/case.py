"""What is graded: a conversation and, from a practice session, the facts behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dialogue import language
from dialogue.types import Mood, Perception, Speaker, Transcript, Turn
from scenarios.types import Pack, Scenario
from simulator.types import (
    ActionResult,
    AgentSaid,
    CustomerSaid,
    DeskUsed,
    Ended,
    EndReason,
    Event,
    Started,
)
from simulator.world import World


@dataclass(frozen=True)
class Deed:
    """Something the agent did at the desk, and the agent's turn it belongs to."""

    turn: int
    result: ActionResult


@dataclass(frozen=True)
class Case:
    """A conversation to grade. Voided turns are in `turns` but count nowhere."""

    id: str
    turns: tuple[Turn, ...]
    language: str
    """`en` or `zh`: the language of labels, word lists and rewrites."""
    scenario: Scenario | None = None
    pack: Pack | None = None
    perceptions: Mapping[int, Perception] = field(default_factory=dict)
    """Agent turn → what it did."""
    moods: Mapping[int, Mood] = field(default_factory=dict)
    """Customer turn → how the customer felt."""
    states: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Customer turn → the director's state after it."""
    deeds: tuple[Deed, ...] = ()
    voided: frozenset[int] = frozenset()
    end: EndReason | None = None

    def spoken(self, speaker: Speaker | None = None) -> list[int]:
        """Indices of the turns that count, with text in them, of one side or of both."""
        return list(self._spoken[speaker])

    @cached_property
    def _spoken(self) -> dict[Speaker | None, list[int]]:
        # Looked for once: checks ask for it at every turn, and there can be thousands.
        every = [
            index
            for index, turn in enumerate(self.turns)
            if index not in self.voided and turn.text.strip()
        ]
        sides: dict[Speaker | None, list[int]] = {None: every, "agent": [], "customer": []}
        for index in every:
            sides[self.turns[index].speaker].append(index)
        return sides

    def text(self, index: int) -> str:
        """A turn's text as it was sent."""
        return self.turns[index].text

    def state_before(self, turn: int) -> Mapping[str, Any]:
        """The director's state before a turn; empty when there was none."""
        earlier = [index for index in self.states if index < turn]
        return self.states[max(earlier)] if earlier else {}

    @property
    def end_state(self) -> Mapping[str, Any]:
        """The director's last state; empty without a session."""
        return self.state_before(len(self.turns))


def from_transcript(transcript: Transcript) -> Case:
    """A finished conversation without a scenario's facts."""
    return Case(
        id=transcript.id,
        turns=transcript.turns,
        language=known_language(transcript.language, transcript.turns),
    )


def from_events(events: Iterable[Event], world: World) -> Case:
    """A practice session as its journal tells it.

    A customer's turn with a voiding flag is left out of grading. Deeds belong to the agent's
    next turn; deeds after the last one belong to the turn that never came.
    """
    kept = list(events)
    started = next((event for event in kept if isinstance(event, Started)), None)
    customer = [event for event in kept if isinstance(event, CustomerSaid)]
    return Case(
        id=started.session_id if started else "",
        turns=_turns(kept),
        language=world.scenario.language,
        scenario=world.scenario,
        pack=world.pack,
        perceptions={event.index - 1: event.perception for event in customer},
        moods={event.index: event.cue.mood for event in customer},
        states={event.index: event.state for event in customer},
        deeds=_deeds(kept),
        voided=frozenset(e.index for e in customer if any(flag.voided for flag in e.flags)),
        end=next((event.reason for event in kept if isinstance(event, Ended)), None),
    )


def known_language(stated: str | None, turns: Iterable[Turn]) -> str:
    """`zh` or `en`: what was stated, otherwise what the characters say."""
    if stated:
        return "zh" if stated.lower().startswith("zh") else "en"
    text = " ".join(turn.text for turn in turns)
    return "zh" if mostly_chinese(text) else "en"


def mostly_chinese(text: str) -> bool:
    """Whether a text reads as Chinese."""
    return language.detect(text) == "zh"


def _turns(events: list[Event]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for event in events:
        if isinstance(event, AgentSaid):
            turns.append(Turn(speaker="agent", text=event.text, at=event.at))
        elif isinstance(event, CustomerSaid):
            turns.append(Turn(speaker="customer", text=event.text, at=event.at))
    return tuple(turns)


def _deeds(events: list[Event]) -> tuple[Deed, ...]:
    deeds: list[Deed] = []
    said = 0
    for event in events:
        if isinstance(event, AgentSaid | CustomerSaid):
            said += 1
        elif isinstance(event, DeskUsed):
            deeds.append(Deed(turn=said, result=event.result))
    return tuple(deeds)
