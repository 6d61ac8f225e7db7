"""All records of one installation in one folder."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from tinydb import Query

from grading.types import Scorecard
from records.events import check_id
from records.folder.memory import MemoryStore, MemoryTrail
from records.folder.sessions import SessionIndex, StampedJournal
from records.folder.store import TableStore
from records.folder.tables import FolderTable
from records.interface import Describe, Records, Table
from records.kinds import Kind, T
from records.reviewing import AuditEntry
from records.summaries import average
from records.types import PersonAverages, SessionQuery, SessionSummary, Window

FILES = {
    "scorecards": ("scorecards",),
    "people": ("settings", "accounts", "teams", "tokens"),
    "logins": ("logins", "failures"),
    "reviews": ("overrides", "reviews", "private"),
    "webhooks": ("webhooks", "deliveries"),
    "marks": ("marks",),
}
"""File → its tables; those that change together, and as often, lie together.

A row refers only to rows of earlier files, and to sessions."""


class Trail(Protocol):
    """Where the audit trail is written."""

    def write(self, *entries: AuditEntry) -> None:
        """Add entries."""
        ...

    def rewrite(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """Put what `how` makes of each entry in its place."""
        ...

    def read(self) -> list[AuditEntry]:
        """All entries, oldest first."""
        ...


class TinyRecords(Records):
    """Records in TinyDB tables around journals; `in_folder` and `in_memory` make them."""

    def __init__(
        self,
        place: str,
        journal: StampedJournal,
        index: TableStore,
        stores: Mapping[str, TableStore],
        trail: Trail,
    ) -> None:
        self._place = place
        self._journal = journal
        self._files = stores
        self._stores = {table: stores[file] for file in stores for table in FILES[file]}
        self._index_store = index
        self._index = SessionIndex(index, journal)
        self._trail = trail

    @property
    def place(self) -> str:
        """See `Records`."""
        return self._place

    @property
    def journal(self) -> StampedJournal:
        """See `Records`."""
        return self._journal

    def table(self, kind: Kind[T]) -> Table[T]:
        """See `Records`."""
        return FolderTable(kind, self._stores[kind.name])

    def close(self) -> None:
        """Nothing is held open between calls."""

    # --- sessions -------------------------------------------------------------------------------

    def describe_scenarios(self, describe: Describe) -> None:
        """See `Records`."""
        self._index.describe = describe

    def summary(self, session_id: str) -> SessionSummary:
        """See `Records`."""
        return self._completed([self._index.one(session_id)])[0]

    def find_sessions(self, query: SessionQuery) -> list[SessionSummary]:
        """See `Records`."""
        found = sorted(self._matching(query), key=lambda s: (s.started_at, s.id), reverse=True)
        end = None if query.limit is None else query.offset + query.limit
        return found[query.offset : end]

    def count_sessions(self, query: SessionQuery) -> int:
        """See `Records`."""
        return len(self._matching(query))

    def averages(self, window: Window) -> list[PersonAverages]:
        """See `Records`."""
        by_person: dict[str, list[SessionSummary]] = {}
        for summary in self._completed(list(self._index.within(window))):
            by_person.setdefault(summary.person, []).append(summary)
        return [average(person, by_person[person]) for person in sorted(by_person)]

    def mark_private(self, session_id: str, private: bool) -> None:
        """See `Records`."""
        self._index.one(session_id)
        with self._stores["private"].transaction() as db:
            db.table("private").remove(Query().session == session_id)
            if private:
                db.table("private").insert({"session": session_id})

    def problems(self) -> list[str]:
        """See `Records`."""
        return self._index.problems()

    def notices(self) -> list[str]:
        """See `Records`."""
        return self.problems()

    def delete_sessions(self, session_ids: Iterable[str]) -> int:
        """See `Records`."""
        doomed = list(session_ids)
        for session_id in doomed:
            check_id(session_id)
        with self._deleting():
            count = self._journal.bury(doomed)
            self._clear(doomed)
        return count

    def save_scorecards(self, cards: Mapping[str, Scorecard]) -> None:
        """See `Records`."""
        documents = [
            {"session": id_, "card": card.model_dump(mode="json")} for id_, card in cards.items()
        ]
        with self._stores["scorecards"].transaction() as db:
            db.table("scorecards").remove(Query().session.test(lambda id_: id_ in cards))
            db.table("scorecards").insert_multiple(documents)

    def graded(self) -> list[str]:
        """See `Records`."""
        rows = self._stores["scorecards"].view().table("scorecards").all()
        return sorted(row["session"] for row in rows)

    def scorecards(self, session_ids: Iterable[str]) -> dict[str, Scorecard]:
        """See `Records`."""
        wanted = frozenset(session_ids)
        rows = self._stores["scorecards"].view().table("scorecards").all()
        found = [row for row in rows if row["session"] in wanted]
        return {row["session"]: Scorecard.model_validate(row["card"]) for row in found}

    def _matching(self, query: SessionQuery) -> list[SessionSummary]:
        return [
            summary
            for summary in self._completed(list(self._index.within(query)))
            if query.graded in (None, bool(summary.scores))
            and query.private in (None, summary.private)
        ]

    def _completed(self, summaries: list[SessionSummary]) -> list[SessionSummary]:
        """With what is kept beside the journals: the grade, and whether it is private."""
        graded = self._stores["scorecards"].view().table("scorecards").all()
        cards = {row["session"]: row["card"] for row in graded}
        marked = self._stores["private"].view().table("private").all()
        private = {row["session"] for row in marked}
        return [
            summary.model_copy(
                update=_grade(cards.get(summary.id)) | {"private": summary.id in private}
            )
            for summary in summaries
        ]

    # --- who did what ---------------------------------------------------------------------------

    def audit(self, *entries: AuditEntry) -> None:
        """See `Records`."""
        self._trail.write(*entries)

    def change_audit(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """See `Records`."""
        self._trail.rewrite(how)

    def audit_trail(
        self,
        who: str | None = None,
        about: str | None = None,
        session: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[AuditEntry]:
        """See `Records`."""
        for entry in self._trail.read():
            if (
                who in (None, entry.who)
                and about in (None, entry.about)
                and session in (None, entry.session)
                and (since is None or entry.at >= since)
            ):
                yield entry

    # --- all of it ------------------------------------------------------------------------------

    @contextmanager
    def frozen(self) -> Iterator[Records]:
        """See `Records`."""
        with self._deleting():
            trail = MemoryTrail(self._trail.read())
            # Whatever refers to something is read before it, so that it is there too.
            files = {name: MemoryStore(self._files[name].tables()) for name in reversed(FILES)}
            index = MemoryStore(self._index_store.tables())
            view = TinyRecords(self._place, self._journal.frozen(), index, files, trail)
            view.describe_scenarios(self._index.describe)
            yield view

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        """Held while sessions are deleted, and while nothing may be."""
        yield

    def _clear(self, doomed: list[str]) -> None:
        """All that belongs to sessions that no reader finds any more."""
        gone = frozenset(doomed)
        of_them = Query().session.test(lambda id_: id_ in gone)
        for table in ("scorecards", "overrides", "reviews", "private"):
            with self._stores[table].transaction() as db:
                db.table(table).remove(of_them)
        self._index.catch_up()
        self._journal.clear(doomed)


def _grade(card: dict[str, Any] | None) -> dict[str, Any]:
    """What a kept scorecard says in a summary."""
    if card is None:
        return {}
    scores = {criterion: each["score"] for criterion, each in card["criteria"].items()}
    return {"total": card["total"], "scores": scores}
