"""From a session's events and its world to what a page shows."""

from collections.abc import Sequence

from dialogue.types import Mood
from simulator.types import AgentSaid, CustomerSaid, DeskUsed, Ended, Event, Failed, Started
from simulator.world import World
from ui.services.views import DeskEntry, LineView, SessionView


def session_view(
    events: Sequence[Event], world: World, *, busy: bool = False, graded: bool = False
) -> SessionView:
    """The view of a session; `events` begins with `Started`."""
    first = events[0]
    if not isinstance(first, Started):
        raise ValueError(f"A session begins with 'started', not with {first.kind!r}.")
    lines = tuple(_line(e) for e in events if isinstance(e, AgentSaid | CustomerSaid))
    ended = next((e for e in events if isinstance(e, Ended)), None)
    return SessionView(
        id=first.session_id,
        title=world.scenario.title,
        business=in_language(world.pack.name, world.scenario.agent_language),
        level=world.level,
        language=world.language,
        scenario=world.scenario.id,
        persona=world.persona.id,
        persona_name=world.customer_name,
        manner_of=None if world.customer_name == world.persona.name else world.persona.name,
        model=first.model,
        card=world.scenario.card,
        policy=in_language(world.pack.policy, world.scenario.agent_language),
        articles=tuple(
            a for a in world.pack.articles if a.language == world.scenario.agent_language
        ),
        actions=world.pack.actions,
        desk=_desk(events, world),
        lines=lines,
        mood=_mood(lines, world),
        started_at=first.at,
        ended_at=ended.at if ended else None,
        ended=ended.reason if ended else None,
        unanswered=bool(lines) and lines[-1].speaker == "agent",
        failure=None if busy else _failure(events),
        busy=busy,
        graded=graded,
    )


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in a language; else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _line(event: AgentSaid | CustomerSaid) -> LineView:
    if isinstance(event, AgentSaid):
        return LineView(index=event.index, speaker="agent", text=event.text, at=event.at)
    return LineView(
        index=event.index,
        speaker="customer",
        text=event.text,
        at=event.at,
        mood=event.cue.mood,
        voided=any(flag.voided for flag in event.flags),
        flags=tuple(dict.fromkeys(flag.kind for flag in event.flags)),
    )


def _desk(events: Sequence[Event], world: World) -> tuple[DeskEntry, ...]:
    titles = {action.name: action.title for action in world.pack.actions}
    return tuple(
        DeskEntry(at=e.at, title=titles.get(e.result.name, e.result.name), result=e.result)
        for e in events
        if isinstance(e, DeskUsed)
    )


def _mood(lines: Sequence[LineView], world: World) -> Mood:
    """The last mood; before the customer has spoken, the one they come with."""
    for line in reversed(lines):
        if line.mood is not None:
            return line.mood
    temper = world.persona.temperament
    feeling = world.scenario.brief.feeling
    return Mood(emotion=feeling, patience=temper.patience, trust=temper.trust)


def _failure(events: Sequence[Event]) -> str | None:
    """Why the last try to answer failed, unless something has been said since."""
    said = [e for e in events if isinstance(e, AgentSaid | CustomerSaid | Failed | Ended)]
    return said[-1].message if said and isinstance(said[-1], Failed) else None
