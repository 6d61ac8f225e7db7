"""A session as a program reads it; the form is `docs/interfaces.md`, *An unattended session*."""

from collections.abc import Sequence
from typing import Any

from grading.types import Scorecard
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

Json = dict[str, Any]


def session_report(
    events: Sequence[Event],
    *,
    unused_lines: int,
    scorecard: Scorecard | None,
    failure: str | None = None,
) -> Json:
    """The whole session. `failure`: why it stopped before its end, if it did."""
    started = next(event for event in events if isinstance(event, Started))
    return {
        "session_id": started.session_id,
        "scenario": started.scenario,
        "persona": started.persona,
        "model": started.model,
        "seed": started.seed,
        "level": started.level,
        "replays": started.replays,
        "from_turn": started.from_turn,
        "content_version": started.content_version,
        "end_reason": _end_reason(events, failure),
        "error": failure,
        "unused_lines": unused_lines,
        "turns": turns_of(events),
        "scorecard": scorecard.model_dump(mode="json") if scorecard else None,
    }


def _end_reason(events: Sequence[Event], failure: str | None) -> str | None:
    ended = next((event.reason for event in events if isinstance(event, Ended)), None)
    if ended is None and failure is not None:
        return EndReason.ERROR.value
    return ended.value if ended else None


def turns_of(events: Sequence[Event]) -> list[Json]:
    """All turns in order. What was done at the desk belongs to the agent's next turn."""
    turns: list[Json] = []
    actions: list[ActionResult] = []
    for event in events:
        if isinstance(event, DeskUsed):
            actions.append(event.result)
        elif isinstance(event, AgentSaid):
            turns.append(_agent_turn(event, actions))
            actions = []
        elif isinstance(event, CustomerSaid):
            _perceived(turns, event)
            turns.append(_customer_turn(event))
    return turns


def _agent_turn(event: AgentSaid, actions: Sequence[ActionResult]) -> Json:
    return {
        "index": event.index,
        "speaker": "agent",
        "text": event.text,
        "perception": None,
        "actions": [action.model_dump(mode="json") for action in actions],
        "labels": [label.model_dump(mode="json") for label in event.labels],
    }


def _perceived(turns: Sequence[Json], event: CustomerSaid) -> None:
    """The perception is kept with the answer; it is about the agent's turn before it."""
    if turns and turns[-1]["speaker"] == "agent":
        turns[-1]["perception"] = event.perception.model_dump(mode="json")


def _customer_turn(event: CustomerSaid) -> Json:
    return {
        "index": event.index,
        "speaker": "customer",
        "text": event.text,
        "first_token_s": event.first_token_s,
        "total_s": event.total_s,
        "cue": event.cue.model_dump(mode="json"),
        "flags": [flag.model_dump(mode="json") for flag in event.flags],
        "candidates": list(event.candidates),
        "evaluated_tokens": event.evaluated_tokens,
        "generated_tokens": event.generated_tokens,
    }
