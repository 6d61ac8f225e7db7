"""All records of one installation in one folder."""

import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tinydb import Query

from grading.types import Scorecard
from records.errors import DamagedStore
from records.files import LOCK_WAIT_S, make_folder
from records.folder.journal import FileJournal
from records.folder.memory import MemoryJournal, MemoryStore, MemoryTrail
from records.folder.sessions import SessionIndex, StampedJournal
from records.folder.store import Store, TableStore
from records.folder.tables import FolderTable
from records.folder.trail import FileTrail
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
}
"""File → its tables; those that change together, and as often, lie together."""


class Trail(Protocol):
    """Where the audit trail is written."""

    def write(self, entry: AuditEntry) -> None:
        """Add an entry."""
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
        stores: dict[str, TableStore],
        trail: Trail,
    ) -> None:
        self._place = place
        self._journal = journal
        self._stores = {table: stores[file] for file in stores for table in FILES[file]}
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

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        """See `Records`."""
        document = {"session": session_id, "card": card.model_dump(mode="json")}
        with self._stores["scorecards"].transaction() as db:
            db.table("scorecards").remove(Query().session == session_id)
            db.table("scorecards").insert(document)

    def scorecard(self, session_id: str) -> Scorecard | None:
        """See `Records`."""
        table = self._stores["scorecards"].view().table("scorecards")
        found = table.get(Query().session == session_id)
        return Scorecard.model_validate(found["card"]) if isinstance(found, dict) else None

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

    def audit(self, entry: AuditEntry) -> None:
        """See `Records`."""
        self._trail.write(entry)

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


class FolderRecords(TinyRecords):
    """Everything that is kept, in one folder.

    `sessions/` holds the journals (the truth), `sessions.json` an index that can be thrown away,
    the files of `FILES` what was made and chosen since, `audit.jsonl` the audit trail.
    """

    def __init__(self, folder: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        make_folder(folder)
        self.folder = folder
        super().__init__(
            str(folder),
            FileJournal(folder / "sessions", lock_wait_s),
            _rebuildable(folder / "sessions.json", lock_wait_s),
            {file: Store(folder / f"{file}.json", lock_wait_s) for file in FILES},
            FileTrail(folder / "audit.jsonl", lock_wait_s),
        )


class MemoryRecords(TinyRecords):
    """Records that are gone with the program."""

    def __init__(self) -> None:
        stores: dict[str, TableStore] = {file: MemoryStore() for file in FILES}
        super().__init__("memory:", MemoryJournal(), MemoryStore(), stores, MemoryTrail())


def _grade(card: dict[str, Any] | None) -> dict[str, Any]:
    """What a kept scorecard says in a summary."""
    if card is None:
        return {}
    scores = {criterion: each["score"] for criterion, each in card["criteria"].items()}
    return {"total": card["total"], "scores": scores}


def _rebuildable(path: Path, lock_wait_s: float) -> Store:
    """The store of an index: a damaged file is moved aside, since it can be made again."""
    try:
        return Store(path, lock_wait_s)
    except DamagedStore as error:
        warnings.warn(f"The list of sessions is made again: {error}", RuntimeWarning, stacklevel=4)
        path.replace(path.with_suffix(".damaged"))
        return Store(path, lock_wait_s)
