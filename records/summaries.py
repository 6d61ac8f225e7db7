"""From a session's events to its line in a list, one event after the other."""

from collections.abc import Iterable

from grading.types import Scorecard
from records.types import PersonAverages, SessionSummary
from simulator.types import AgentSaid, CustomerSaid, Ended, Event, Started


def begun(first: Event) -> SessionSummary:
    """The summary of a session that has only begun."""
    if not isinstance(first, Started):
        raise ValueError(f"A session begins with 'started', not with {first.kind!r}.")
    return SessionSummary(
        id=first.session_id,
        person=first.person,
        scenario=first.scenario,
        persona=first.persona,
        language=first.language,
        started_at=first.at,
        model=first.model,
    )


def followed(summary: SessionSummary, event: Event) -> SessionSummary:
    """The summary after one more event."""
    if isinstance(event, AgentSaid | CustomerSaid):
        return summary.model_copy(update={"turns": summary.turns + 1})
    if isinstance(event, Ended) and summary.ended_at is None:
        return summary.model_copy(update={"ended_at": event.at, "end_reason": event.reason})
    return summary


def summarise(events: list[Event]) -> SessionSummary:
    """The summary of a session, grade apart. `events` begins with `Started`."""
    summary = begun(events[0])
    for event in events[1:]:
        summary = followed(summary, event)
    return summary


def with_grade(summary: SessionSummary, card: Scorecard | None) -> SessionSummary:
    """The summary with the scores of a scorecard."""
    if card is None:
        return summary
    scores = {id_: criterion.score for id_, criterion in card.criteria.items()}
    return summary.model_copy(update={"total": card.total, "scores": scores})


def average(person: str, summaries: Iterable[SessionSummary]) -> PersonAverages:
    """What a person's sessions come to."""
    every = list(summaries)
    shown = [summary for summary in every if not summary.private]
    by_criterion: dict[str, list[float]] = {}
    for summary in shown:
        for criterion, score in summary.scores.items():
            if score is not None:
                by_criterion.setdefault(criterion, []).append(score)
    return PersonAverages(
        person=person,
        sessions=len(shown),
        private=len(every) - len(shown),
        graded=sum(bool(summary.scores) for summary in shown),
        total=_mean([s.total for s in shown if s.total is not None]),
        scores={criterion: sum(each) / len(each) for criterion, each in by_criterion.items()},
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
