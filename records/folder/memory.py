"""The same as in a folder, in memory: for tests, and for looking around without a trace."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def __init__(self, tables: Tables | None = None) -> None:
        self._tables: Tables = tables or {}
        self._lock = threading.RLock()
        self.notices: list[str] = []

    def view(self) -> TinyDB:
        """The tables as they are now, to read only."""
        return over(SnapshotStorage(self._tables))

    def tables(self) -> Tables:
        """The tables as they are now."""
        return self._tables

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

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        """See `SessionJournal`."""
        with self._lock:
            check_place(session_id, len(self._bodies.get(session_id, ())), event, number)
            self._bodies.setdefault(session_id, []).append(dump_event(event))

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        with self._lock:
            bodies = list(self._bodies.get(session_id, ()))
        if not bodies:
            raise UnknownSession(session_id)
        return [load_event(body) for body in bodies]

    def first(self, session_id: str) -> Event:
        """See `SessionJournal`."""
        return self.read(session_id)[0]

    def write(self, session_id: str, events: Sequence[Event]) -> None:
        """See `SessionJournal`."""
        with self._lock:
            for number, event in enumerate(events):
                check_place(session_id, number, event)
            if session_id in self._bodies:
                raise ValueError(f"The session {session_id!r} has begun already.")
            self._bodies[session_id] = [dump_event(event) for event in events]

    def frozen(self) -> "MemoryJournal":
        """The journals as they are now."""
        copy = MemoryJournal()
        with self._lock:
            copy._bodies = {id_: list(bodies) for id_, bodies in self._bodies.items()}
        return copy

    def bury(self, session_ids: Iterable[str]) -> int:
        """Delete sessions; how many there were."""
        with self._lock:
            return sum(self._bodies.pop(id_, None) is not None for id_ in session_ids)

    def clear(self, session_ids: Iterable[str]) -> None:
        """Nothing is left to do."""

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        return sorted(self.stamps())

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once it has changed."""
        with self._lock:
            return {id_: str(len(bodies)) for id_, bodies in self._bodies.items()}


class MemoryTrail:
    """An audit trail that is gone with the program."""

    def __init__(self, entries: Iterable[AuditEntry] = ()) -> None:
        self._entries: list[AuditEntry] = list(entries)

    def write(self, *entries: AuditEntry) -> None:
        """Add entries."""
        self._entries.extend(entries)

    def rewrite(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """Put what `how` makes of each entry in its place."""
        self._entries = [how(entry) for entry in self._entries]

    def read(self) -> list[AuditEntry]:
        """All entries, oldest first."""
        return list(self._entries)
