"""All records of one installation in a database."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from grading.types import Scorecard
from records.batches import batched
from records.errors import UnknownSession
from records.events import check_id
from records.files import LOCK_WAIT_S
from records.interface import Describe, Records, Table
from records.kinds import NUL, Kind, T
from records.reviewing import AuditEntry
from records.sql import sessions
from records.sql.database import Database
from records.sql.schema import AUDIT, SCORECARDS, SESSIONS
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
            self._notices = upgrade(self._database)
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

    def notices(self) -> list[str]:
        """See `Records`. Damage is found when a session is read; nobody reads all at the start."""
        said, self._notices = self._notices, []
        return said

    def delete_sessions(self, session_ids: Iterable[str]) -> int:
        """See `Records`; some hundred in a transaction."""
        doomed, count = list(session_ids), 0
        for session_id in doomed:
            check_id(session_id)
        for some in batched(doomed, _PAGE):
            with self._database.writing() as connection:
                count += sessions.delete_all(connection, some)
        return count

    def save_scorecards(self, cards: Mapping[str, Scorecard]) -> None:
        """See `Records`."""

        def saved() -> None:
            with self._database.writing() as connection:
                for session_id in sorted(cards):
                    sessions.save_scorecard(connection, session_id, cards[session_id])

        self._database.repeated(saved)

    def graded(self) -> list[str]:
        """See `Records`."""
        with self._database.reading() as connection:
            return sorted(connection.scalars(select(SCORECARDS.c.session)))

    def scorecards(self, session_ids: Iterable[str]) -> dict[str, Scorecard]:
        """See `Records`."""
        found: dict[str, Scorecard] = {}
        with self._database.reading() as connection:
            for some in batched(session_ids, _PAGE):
                found |= sessions.scorecards(connection, some)
        return found

    # --- who did what ---------------------------------------------------------------------------

    def audit(self, *entries: AuditEntry) -> None:
        """See `Records`."""
        if entries:
            with self._database.writing() as connection:
                connection.execute(insert(AUDIT), [_audit_columns(entry) for entry in entries])

    def change_audit(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """See `Records`."""
        with self._database.writing() as connection:
            rows = connection.execute(select(AUDIT.c.n, AUDIT.c.body).order_by(AUDIT.c.n)).all()
            for row in rows:
                entry = AuditEntry.model_validate_json(row.body)
                changed = how(entry)
                if changed != entry:
                    columns = _audit_columns(changed)
                    connection.execute(update(AUDIT).where(AUDIT.c.n == row.n).values(columns))

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

    # --- all of it ------------------------------------------------------------------------------

    @contextmanager
    def frozen(self) -> Iterator[Records]:
        """See `Records`."""
        with self._database.frozen() as database:
            view = copy(self)
            view._database = database
            view._journal = SqlJournal(database)
            yield view


def _audit_columns(entry: AuditEntry) -> dict[str, Any]:
    """An entry as a row."""
    texts = entry.model_dump(include={"who", "about", "session"})
    found_by = {name: text and text.replace(NUL, "�") for name, text in texts.items()}
    return {"at": entry.at, "body": entry.model_dump_json(), **found_by}
