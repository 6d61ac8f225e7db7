"""Sessions' journals in a folder: one file of checked lines each."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from records.errors import RecordsError, UnknownSession, from_os_error
from records.events import check_id, check_place, dump_event, is_session_id, load_event
from records.files import LOCK_WAIT_S, make_folder, sync_folder
from records.folder.lines import Lines, Repair
from simulator.types import Event

_SUFFIX = ".jsonl"
_DELETED = ".deleted"
"""Of a journal whose session is being deleted: what belongs to it may still be there."""

Stamps = dict[str, tuple[int, int]]
"""Session id → size in bytes and time of the last change, in nanoseconds, of its file."""


class FileJournal:
    """Journals in one folder; see `SessionJournal`. Reading a torn file notes a repair."""

    def __init__(self, folder: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        make_folder(folder)
        self.folder = folder
        self._lines: Lines[Event] = Lines(folder / "journal", load_event, lock_wait_s)

    @property
    def repairs(self) -> list[Repair]:
        """The torn lines found since this was opened."""
        return self._lines.repairs

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        """See `SessionJournal`; also raises `DamagedJournal`."""

        def body(place: int) -> bytes:
            check_place(session_id, place, event, number)
            return dump_event(event)

        check_id(session_id)
        self._lines.append(self._path(session_id), body)

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        if not self._is_there(session_id):
            raise UnknownSession(session_id)
        events = self._lines.read(self._path(session_id))
        if not events:  # cut off before its first event was acknowledged
            raise UnknownSession(session_id)
        return events

    def first(self, session_id: str) -> Event:
        """See `SessionJournal`."""
        path = self._path(session_id)
        event = self._lines.first(path) if self._is_there(session_id) else None
        if event is None:
            raise UnknownSession(session_id)
        return event

    def write(self, session_id: str, events: Sequence[Event]) -> None:
        """See `SessionJournal`."""

        def bodies(before: list[Event]) -> list[bytes]:
            for number, event in enumerate(events, start=len(before)):
                check_place(session_id, number, event)
            if before:
                raise ValueError(f"The session {session_id!r} has begun already.")
            return [dump_event(event) for event in events]

        check_id(session_id)
        self._lines.replace(self._path(session_id), bodies)

    def mend(self) -> list[str]:
        """Cut off torn last lines for good, and clear away what was not written to its end.

        A sentence each.
        """
        found = [self._lines.mend(self._path(id_)) for id_ in self.ids()]
        said = [str(repair) for repair in found if repair]
        if any(self.folder.glob(".*.new")):
            with self._lines.held():
                for left in self.folder.glob(".*.new"):
                    left.unlink(missing_ok=True)
            said.append(
                "sessions: a session that a crash had cut short in a copy was cleared away."
            )
        return said

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        return sorted(self._stamps())

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once its file has changed."""
        return {id_: _stamp(found) for id_, found in self._stamps().items()}

    def frozen(self) -> "FrozenJournal":
        """The journals as they are now, to read while others write on."""
        return FrozenJournal(self, self._stamps())

    def read_up_to(self, session_id: str, size: int) -> list[Event]:
        """The events that there were when the file had this size."""
        return self._lines.read(self._path(session_id), size)

    # --- deleting -------------------------------------------------------------------------------

    def bury(self, session_ids: Iterable[str]) -> int:
        """First step of deleting: no reader finds the sessions any more; how many there were.

        Also of those that are not there, so that a crash forgets none of what belongs to them.
        """
        count = 0
        with self._lines.held():
            for session_id in session_ids:
                path = self._path(session_id)
                try:
                    path.replace(path.with_suffix(_DELETED))
                    count += 1
                except FileNotFoundError:
                    path.with_suffix(_DELETED).touch(mode=0o600)
                except OSError as error:
                    raise from_os_error(error, path, "delete the file") from error
            sync_folder(self.folder)
        return count

    def buried(self) -> list[str]:
        """The sessions whose deletion is not finished."""
        return sorted(path.stem for path in self.folder.glob(f"*{_DELETED}"))

    def clear(self, session_ids: Iterable[str]) -> None:
        """Last step of deleting: the journals themselves."""
        for session_id in session_ids:
            self._path(session_id).with_suffix(_DELETED).unlink(missing_ok=True)
        sync_folder(self.folder)

    def _stamps(self) -> Stamps:
        found: Stamps = {}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if entry.name.endswith(_SUFFIX):
                        with suppress(FileNotFoundError):  # deleted meanwhile
                            status = entry.stat()
                            id_ = entry.name.removesuffix(_SUFFIX)
                            found[id_] = (status.st_size, status.st_mtime_ns)
        except OSError as error:
            raise from_os_error(error, self.folder, "list the sessions in") from error
        return found

    def _is_there(self, session_id: str) -> bool:
        return is_session_id(session_id) and self._path(session_id).exists()

    def _path(self, session_id: str) -> Path:
        return self.folder / f"{session_id}{_SUFFIX}"


class FrozenJournal:
    """Journals as they were at one moment; journals only grow, so their sizes tell."""

    def __init__(self, journal: FileJournal, stamps: Stamps) -> None:
        self._journal = journal
        self._stamps = stamps

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        if session_id not in self._stamps:
            raise UnknownSession(session_id)
        events = self._journal.read_up_to(session_id, self._stamps[session_id][0])
        if not events:
            raise UnknownSession(session_id)
        return events

    def first(self, session_id: str) -> Event:
        """See `SessionJournal`."""
        if session_id not in self._stamps:
            raise UnknownSession(session_id)
        return self._journal.first(session_id)

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        return sorted(self._stamps)

    def stamps(self) -> dict[str, str]:
        """As they were."""
        return {id_: _stamp(found) for id_, found in self._stamps.items()}

    def frozen(self) -> "FrozenJournal":
        """These."""
        return self

    def bury(self, session_ids: Iterable[str]) -> int:
        """Nothing is deleted here; raises `RecordsError`."""
        raise RecordsError(f"These records are only to be read; {[*session_ids]} were not deleted.")

    def clear(self, session_ids: Iterable[str]) -> None:
        """Nothing is deleted here."""

    def append(
        self,
        session_id: str,
        event: Event,
        number: int | None = None,  # noqa: ARG002
    ) -> None:
        """Nothing is written here; raises `RecordsError`."""
        raise _only_read(session_id, [event])

    def write(self, session_id: str, events: Sequence[Event]) -> None:
        """Nothing is written here; raises `RecordsError`."""
        raise _only_read(session_id, events)


def _only_read(session_id: str, events: Sequence[Event]) -> RecordsError:
    return RecordsError(
        f"These records are only to be read: {len(events)} event(s) of {session_id!r} are not kept."
    )


def _stamp(found: tuple[int, int]) -> str:
    return f"{found[0]}-{found[1]}"
