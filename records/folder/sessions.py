"""The list of sessions: an index over the journals that keeps itself up to date.

Whoever wrote a journal need not tell: a file that is not as it was when it was read is read again.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from tinydb import Query

from records.errors import DamagedJournal, UnknownSession
from records.folder.store import TableStore
from records.interface import Describe, SessionJournal
from records.summaries import summarise
from records.types import SessionSummary, Window

_TABLE = "sessions"


class StampedJournal(SessionJournal, Protocol):
    """A journal that can tell which sessions have changed, be frozen, and delete in two steps."""

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once it has changed."""
        ...

    def frozen(self) -> "StampedJournal":
        """The journals as they are now, to read."""
        ...

    def bury(self, session_ids: Iterable[str]) -> int:
        """First step of deleting: no reader finds the sessions any more; how many there were."""
        ...

    def clear(self, session_ids: Iterable[str]) -> None:
        """Last step of deleting, when nothing else is left of them."""
        ...


def _nothing_known(_scenario: str) -> tuple[str, int | None]:
    return "", None


class SessionIndex:
    """Summaries of all sessions, grades apart; made again from the journals where out of date."""

    def __init__(
        self, store: TableStore, journal: StampedJournal, describe: Describe = _nothing_known
    ) -> None:
        self._store = store
        self._journal = journal
        self.describe = describe
        """Scenario id → title and level; what the journal does not hold."""

    def within(self, window: Window) -> Iterator[SessionSummary]:
        """The sessions of a window, in no order."""
        self.catch_up()
        persons = None if window.persons is None else set(window.persons)
        for row in self._store.view().table(_TABLE).all():
            if row["person"] is not None and (persons is None or row["person"] in persons):
                summary = SessionSummary.model_validate(row["summary"])
                if _is_within(summary, window):
                    yield summary

    def one(self, session_id: str) -> SessionSummary:
        """One session; raises `UnknownSession`, and `DamagedJournal` when it cannot be read."""
        self.catch_up()
        row = self._store.view().table(_TABLE).get(Query().id == session_id)
        if not isinstance(row, dict):
            raise UnknownSession(session_id)
        if "summary" not in row:
            return summarise(self._journal.read(session_id))
        return SessionSummary.model_validate(row["summary"])

    def problems(self) -> list[str]:
        """What is wrong with the sessions that cannot be listed, a sentence each."""
        self.catch_up()
        rows = self._store.view().table(_TABLE).search(Query().problem.exists())
        return [str(row["problem"]) for row in rows]

    def catch_up(self) -> None:
        """Read again what has changed."""
        stamps = self._journal.stamps()
        rows = self._store.view().table(_TABLE).all()
        known = {row["id"]: row["stamp"] for row in rows}
        stale = {id_: stamp for id_, stamp in stamps.items() if known.get(id_) != stamp}
        gone = known.keys() - stamps.keys()
        if stale or gone:
            self._update(stale, gone)

    def _update(self, stale: dict[str, str], gone: set[str]) -> None:
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
        return {
            "id": session_id,
            "stamp": stamp,
            "person": summary.person,
            "summary": summary.model_dump(mode="json"),
        }


def _is_within(summary: SessionSummary, window: Window) -> bool:
    """Persons apart."""
    return (
        (window.since is None or summary.started_at >= window.since)
        and (window.until is None or summary.started_at < window.until)
        and window.scenario in (None, summary.scenario)
    )
