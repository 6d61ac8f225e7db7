"""All records of one installation in a database."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import insert, select, update

from grading.types import Scorecard
from records.errors import UnknownSession
from records.files import LOCK_WAIT_S
from records.interface import Describe, Records, Table
from records.kinds import NUL, Kind, T
from records.reviewing import AuditEntry
from records.sql import sessions
from records.sql.database import Database
from records.sql.schema import AUDIT, SESSIONS
from records.sql.sessions import SqlJournal
from records.sql.tables import SqlTable
from records.sql.upgrading import upgrade
from records.types import PersonAverages, SessionQuery, SessionSummary, Window

_PAGE = 500
"""Audit entries that are read at a time."""


class SqlRecords(Records):
    """Records in PostgreSQL or SQLite; brought to the present version when they are opened."""

    def __init__(self, address: str, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self._database = Database(address, lock_wait_s)
        try:
            upgrade(self._database)
        except BaseException:
            self._database.close()
            raise
        self._journal = SqlJournal(self._database)

    @property
    def place(self) -> str:
        """See `Records`."""
        return self._database.place

    @property
    def journal(self) -> SqlJournal:
        """See `Records`."""
        return self._journal

    def table(self, kind: Kind[T]) -> Table[T]:
        """See `Records`."""
        return SqlTable(kind, self._database)

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    # --- sessions -------------------------------------------------------------------------------

    def describe_scenarios(self, describe: Describe) -> None:
        """See `Records`."""
        self._journal.describe = describe

    def summary(self, session_id: str) -> SessionSummary:
        """See `Records`."""
        with self._database.reading() as connection:
            return sessions.one(connection, session_id)

    def find_sessions(self, query: SessionQuery) -> list[SessionSummary]:
        """See `Records`."""
        with self._database.reading() as connection:
            return sessions.find(connection, query)

    def count_sessions(self, query: SessionQuery) -> int:
        """See `Records`."""
        with self._database.reading() as connection:
            return sessions.count(connection, query)

    def averages(self, window: Window) -> list[PersonAverages]:
        """See `Records`."""
        with self._database.reading() as connection:
            return sessions.averages(connection, window)

    def mark_private(self, session_id: str, private: bool) -> None:
        """See `Records`."""
        marked = update(SESSIONS).where(SESSIONS.c.id == session_id).values(private=private)
        with self._database.writing() as connection:
            if not connection.execute(marked).rowcount:
                raise UnknownSession(session_id)

    def problems(self) -> list[str]:
        """None: a summary is there as soon as a session is, whatever becomes of its events."""
        return []

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        """See `Records`."""

        def saved() -> None:
            with self._database.writing() as connection:
                sessions.save_scorecard(connection, session_id, card)

        self._database.repeated(saved)

    def scorecard(self, session_id: str) -> Scorecard | None:
        """See `Records`."""
        with self._database.reading() as connection:
            return sessions.scorecard(connection, session_id)

    # --- who did what ---------------------------------------------------------------------------

    def audit(self, entry: AuditEntry) -> None:
        """See `Records`."""
        texts = entry.model_dump(include={"who", "about", "session"})
        found_by = {name: text and text.replace(NUL, "�") for name, text in texts.items()}
        with self._database.writing() as connection:
            written = insert(AUDIT).values(at=entry.at, body=entry.model_dump_json(), **found_by)
            connection.execute(written)

    def audit_trail(
        self,
        who: str | None = None,
        about: str | None = None,
        session: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[AuditEntry]:
        """See `Records`."""
        wanted = {AUDIT.c.who: who, AUDIT.c.about: about, AUDIT.c.session: session}
        chosen = [column == value for column, value in wanted.items() if value is not None]
        if since is not None:
            chosen.append(AUDIT.c.at >= since)
        last = 0
        while True:
            page = select(AUDIT.c.n, AUDIT.c.body).where(AUDIT.c.n > last, *chosen)
            with self._database.reading() as connection:
                rows = connection.execute(page.order_by(AUDIT.c.n).limit(_PAGE)).all()
            for row in rows:
                yield AuditEntry.model_validate_json(row.body)
            if len(rows) < _PAGE:
                return
            last = rows[-1].n
