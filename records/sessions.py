"""The list of sessions: an index over the journals that keeps itself up to date.

Whoever wrote a journal need not tell: a file that is not as it was when it was read is read again.
"""

from collections.abc import Callable

from tinydb import Query

from grading.types import Scorecard
from records.errors import DamagedJournal, UnknownSession
from records.journal import FileJournal
from records.store import Store
from records.types import SessionSummary
from simulator.types import AgentSaid, CustomerSaid, Ended, Event, Started

_TABLE = "sessions"


def summarise(events: list[Event]) -> SessionSummary:
    """The summary of a session, grade apart. `events` begins with `Started`."""
    first = events[0]
    if not isinstance(first, Started):
        raise ValueError(f"A session begins with 'started', not with {first.kind!r}.")
    ended = next((e for e in events if isinstance(e, Ended)), None)
    return SessionSummary(
        id=first.session_id,
        person=first.person,
        scenario=first.scenario,
        persona=first.persona,
        language=first.language,
        started_at=first.at,
        ended_at=ended.at if ended else None,
        end_reason=ended.reason if ended else None,
        turns=sum(isinstance(e, AgentSaid | CustomerSaid) for e in events),
        model=first.model,
    )


def with_grade(summary: SessionSummary, card: Scorecard | None) -> SessionSummary:
    """The summary with the scores of a scorecard."""
    if card is None:
        return summary
    scores = {id_: criterion.score for id_, criterion in card.criteria.items()}
    return summary.model_copy(update={"total": card.total, "scores": scores})


def _nothing_known(_scenario: str) -> tuple[str, int | None]:
    return "", None


class SessionIndex:
    """Summaries of all sessions in a store; made again from the journals where out of date."""

    def __init__(
        self,
        store: Store,
        journal: FileJournal,
        scorecard: Callable[[str], Scorecard | None],
        describe: Callable[[str], tuple[str, int | None]] = _nothing_known,
    ) -> None:
        self._store = store
        self._journal = journal
        self._scorecard = scorecard
        self.describe = describe
        """Scenario id → title and level; what the journal does not hold."""

    def of(self, person: str) -> list[SessionSummary]:
        """A person's sessions, newest first."""
        self._catch_up()
        rows = self._store.view().table(_TABLE).search(Query().person == person)
        found = [SessionSummary.model_validate(row["summary"]) for row in rows]
        return sorted(found, key=lambda summary: summary.started_at, reverse=True)

    def problems(self) -> list[str]:
        """What is wrong with the sessions that cannot be listed, a sentence each."""
        self._catch_up()
        rows = self._store.view().table(_TABLE).search(Query().problem.exists())
        return [str(row["problem"]) for row in rows]

    def refresh(self, session_id: str) -> None:
        """Make one session's summary again, after its grade has changed."""
        self._update({session_id: self._journal.stamps().get(session_id, "")})

    def _catch_up(self) -> None:
        stamps = self._journal.stamps()
        rows = self._store.view().table(_TABLE).all()
        known = {row["id"]: row["stamp"] for row in rows}
        stale = {id_: stamp for id_, stamp in stamps.items() if known.get(id_) != stamp}
        gone = known.keys() - stamps.keys()
        if stale or gone:
            self._update(stale, gone)

    def _update(self, stale: dict[str, str], gone: frozenset[str] | set[str] = frozenset()) -> None:
        rows = [row for id_, stamp in stale.items() if (row := self._row(id_, stamp))]
        with self._store.transaction() as db:
            table = db.table(_TABLE)
            replaced = set(stale) | set(gone)
            table.remove(Query().id.test(lambda id_: id_ in replaced))
            table.insert_multiple(rows)

    def _row(self, session_id: str, stamp: str) -> dict[str, object] | None:
        """The index entry; `None` for one without a first event."""
        try:
            summary = summarise(self._journal.read(session_id))
        except UnknownSession:
            return None
        except (DamagedJournal, ValueError) as error:
            return {"id": session_id, "stamp": stamp, "person": None, "problem": str(error)}
        title, level = self.describe(summary.scenario)
        summary = summary.model_copy(update={"title": title, "level": level})
        summary = with_grade(summary, self._scorecard(session_id))
        return {
            "id": session_id,
            "stamp": stamp,
            "person": summary.person,
            "summary": summary.model_dump(mode="json"),
        }
