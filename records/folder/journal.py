"""Sessions' journals in a folder: one file of checked lines each."""

import os
from pathlib import Path

from records.errors import UnknownSession, from_os_error
from records.events import check_id, check_place, dump_event, is_session_id, load_event
from records.files import LOCK_WAIT_S, make_folder
from records.folder.lines import Lines, Repair
from simulator.types import Event

_SUFFIX = ".jsonl"


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

    def append(self, session_id: str, event: Event) -> None:
        """See `SessionJournal`; also raises `DamagedJournal`."""

        def body(number: int) -> bytes:
            check_place(session_id, number, event)
            return dump_event(event)

        check_id(session_id)
        self._lines.append(self._path(session_id), body)

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        if not is_session_id(session_id) or not self._path(session_id).exists():
            raise UnknownSession(session_id)
        events = self._lines.read(self._path(session_id))
        if not events:  # cut off before its first event was acknowledged
            raise UnknownSession(session_id)
        return events

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        return sorted(self.stamps())

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once its file has changed."""
        try:
            with os.scandir(self.folder) as entries:
                files = [e for e in entries if e.name.endswith(_SUFFIX)]
                return {e.name.removesuffix(_SUFFIX): _stamp(e.stat()) for e in files}
        except OSError as error:
            raise from_os_error(error, self.folder, "list the sessions in") from error

    def _path(self, session_id: str) -> Path:
        return self.folder / f"{session_id}{_SUFFIX}"


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"
