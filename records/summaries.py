"""From a session's events to its line in a list, one event after the other."""

from collections.abc import Iterable, Mapping

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


class Tally:
    """What a person's sessions come to, added up one by one."""

    def __init__(self) -> None:
        self._private = self._shown = self._graded = 0
        self._totals = _Mean()
        self._scores: dict[str, _Mean] = {}

    def add(self, private: bool, total: float | None, scores: Mapping[str, float | None]) -> None:
        """One more session."""
        if private:
            self._private += 1
            return
        self._shown += 1
        self._graded += bool(scores)
        self._totals.add(total)
        for criterion, score in scores.items():
            if criterion not in self._scores:
                self._scores[criterion] = _Mean()
            self._scores[criterion].add(score)

    def averages(self, person: str) -> PersonAverages:
        """What they come to."""
        means = {criterion: mean.value for criterion, mean in self._scores.items()}
        return PersonAverages(
            person=person,
            sessions=self._shown,
            private=self._private,
            graded=self._graded,
            total=self._totals.value,
            scores={name: mean for name, mean in means.items() if mean is not None},
        )


class _Mean:
    """Of what is there."""

    def __init__(self) -> None:
        self._sum, self._count = 0.0, 0

    def add(self, value: float | None) -> None:
        if value is not None:
            self._sum += value
            self._count += 1

    @property
    def value(self) -> float | None:
        return self._sum / self._count if self._count else None


def average(person: str, summaries: Iterable[SessionSummary]) -> PersonAverages:
    """What a person's sessions come to."""
    tally = Tally()
    for summary in summaries:
        tally.add(summary.private, summary.total, summary.scores)
    return tally.averages(person)
