"""The same as in a folder, in memory: for tests, and for looking around without a trace."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tinydb import TinyDB

from records.errors import UnknownSession
from records.events import check_place, dump_event, load_event
from records.folder.store import SnapshotStorage, over
from records.folder.upgrading import Tables
from records.reviewing import AuditEntry
from simulator.types import Event


class MemoryStore:
    """Tables as in a file that nobody else has."""

    def __init__(self) -> None:
        self._tables: Tables = {}
        self._lock = threading.RLock()

    def view(self) -> TinyDB:
        """The tables as they are now, to read only."""
        return over(SnapshotStorage(self._tables))

    @contextmanager
    def transaction(self) -> Iterator[TinyDB]:
        """The tables to change; nothing is kept when the block raises."""
        with self._lock:
            storage = SnapshotStorage(dict(self._tables))
            yield over(storage)
            self._tables = storage.tables


class MemoryJournal:
    """Journals that are gone with the program. Kept as JSON, so that nothing is shared."""

    def __init__(self) -> None:
        self._bodies: dict[str, list[bytes]] = {}
        self._lock = threading.Lock()

    def append(self, session_id: str, event: Event) -> None:
        """See `SessionJournal`."""
        with self._lock:
            check_place(session_id, len(self._bodies.get(session_id, ())), event)
            self._bodies.setdefault(session_id, []).append(dump_event(event))

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        with self._lock:
            bodies = list(self._bodies.get(session_id, ()))
        if not bodies:
            raise UnknownSession(session_id)
        return [load_event(body) for body in bodies]

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        return sorted(self.stamps())

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once it has changed."""
        with self._lock:
            return {id_: str(len(bodies)) for id_, bodies in self._bodies.items()}


class MemoryTrail:
    """An audit trail that is gone with the program."""

    def __init__(self) -> None:
        self._entries: list[AuditEntry] = []

    def write(self, entry: AuditEntry) -> None:
        """Add an entry."""
        self._entries.append(entry)

    def read(self) -> list[AuditEntry]:
        """All entries, oldest first."""
        return list(self._entries)
