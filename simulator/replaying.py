"""Going back: a new session that begins as another one went, up to one of the agent's messages."""

from collections.abc import Sequence
from datetime import datetime

from simulator.types import AgentSaid, CustomerSaid, DeskUsed, Event, Failed, Started


class CannotReplay(ValueError):
    """There is no message of the agent's at that place."""


def rewound(events: Sequence[Event], from_turn: int, session_id: str, now: datetime) -> list[Event]:
    """The events of a new session: the old one's before the agent's message `from_turn`.

    Same customer, seed and state; what was done at the desk for that message is undone, too. Times
    are moved so that the customer's last words were said just now. Raises `CannotReplay` when
    `from_turn` is not the index of one of the agent's messages.
    """
    started = events[0]
    assert isinstance(started, Started)
    agents = [event.index for event in events if isinstance(event, AgentSaid)]
    if from_turn not in agents:
        listed = ", ".join(map(str, agents)) or "none yet"
        raise CannotReplay(
            f"Turn {from_turn} of the session {started.session_id!r} is not one of the agent's "
            f"messages. Those are: {listed}."
        )
    kept = _before(events[1:], from_turn)
    update = {"session_id": session_id, "replays": started.session_id, "from_turn": from_turn}
    moved = now - (kept[-1].at if kept else started.at)
    first = started.model_copy(update={**update, "at": started.at + moved})
    return [first, *(event.model_copy(update={"at": event.at + moved}) for event in kept)]


def _before(events: Sequence[Event], from_turn: int) -> list[Event]:
    """What happened up to the customer's answer before a message; failures are forgotten."""
    kept: list[Event] = []
    pending: list[Event] = []
    for event in events:
        if isinstance(event, AgentSaid) and event.index >= from_turn:
            break
        pending.append(event)
        if isinstance(event, CustomerSaid):
            kept += [each for each in pending if not isinstance(each, Failed)]
            pending = []
    return kept if from_turn else [e for e in kept if not isinstance(e, DeskUsed)]
