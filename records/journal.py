"""A session's journal: one file of checked lines, durable line by line.

A line is `{"n":3,"sum":"1c291ca3","event":{…}}`: its number from 0, the CRC-32 of number and
event, and the event. A file that ends without a line break was cut off by a crash before its last
event was acknowledged; that rest is dropped. Anything else that does not fit is damage, and said.
"""

import os
import re
import threading
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from records.errors import DamagedJournal, UnknownSession, from_os_error
from records.files import locked, make_folder, sync_folder
from simulator.types import Event

_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_LINE = re.compile(rb'\{"n":(\d+),"sum":"([0-9a-f]{8})","event":(.*)\}', re.DOTALL)
_SESSION_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Repair:
    """A torn last line that was left out: the trace of a crash while it was being written."""

    path: Path
    line: int
    """Line in the file, from 1."""
    dropped: bytes
    """What there was of it."""

    def __str__(self) -> str:
        return (
            f"{self.path.name}: line {self.line} was cut off after {len(self.dropped)} bytes, "
            "probably by a crash; it had not been acknowledged and was left out."
        )


@dataclass(frozen=True)
class _End:
    """Where the good lines of a file end."""

    size: int
    lines: int


class FileJournal:
    """Journals in one folder, a file per session. Safe for threads and for several programs.

    `repairs` lists the torn lines found since it was opened; each is also a `RuntimeWarning`.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self.folder = folder
        self.repairs: list[Repair] = []
        self._ends: dict[str, _End] = {}
        self._lock = threading.Lock()

    def append(self, session_id: str, event: Event) -> None:
        """Keep one event; when this returns, it survives a crash or a power cut.

        Raises `RecordsError` (nothing was kept), `RecordsBusy`, `DamagedJournal`, or `ValueError`
        for an id that is not made of lower-case letters, digits, `-` and `_`.
        """
        path = self._path(session_id)
        if path is None:
            raise ValueError(f"{session_id!r} cannot be the id of a session.")
        with self._lock, locked(self.folder / "journal"):
            end = self._end_of(session_id, path)
            line = _line(end.lines, event)
            try:
                _write(path, line, at=end.size)
            except OSError as error:
                raise from_os_error(error, path, "write the session file") from error
            self._ends[session_id] = _End(end.size + len(line), end.lines + 1)

    def read(self, session_id: str) -> list[Event]:
        """All events of a session, oldest first.

        Raises `UnknownSession` (a `KeyError`), `DamagedJournal`, `RecordsError`.
        """
        path = self._path(session_id)
        if path is None or not path.exists():
            raise UnknownSession(session_id)
        with self._lock, locked(self.folder / "journal"):
            content = _content(path)
        events = [_event(path, n, line) for n, line in enumerate(self._lines(path, content))]
        if not events:  # cut off before its first event was acknowledged
            raise UnknownSession(session_id)
        return events

    def stamps(self) -> dict[str, str]:
        """Session id → a mark that differs once its file has changed."""
        try:
            with os.scandir(self.folder) as entries:
                files = [e for e in entries if e.name.endswith(_SUFFIX)]
                return {e.name.removesuffix(_SUFFIX): _stamp(e.stat()) for e in files}
        except OSError as error:
            raise from_os_error(error, self.folder, "list the sessions in") from error

    def _path(self, session_id: str) -> Path | None:
        """The session's file; `None` for what cannot be an id, such as a path."""
        if not _SESSION_ID.fullmatch(session_id):
            return None
        return self.folder / f"{session_id}{_SUFFIX}"

    def _end_of(self, session_id: str, path: Path) -> _End:
        """Where to append; read from the file unless this object wrote its last line."""
        size = path.stat().st_size if path.exists() else 0
        known = self._ends.get(session_id, _End(0, 0))
        if known.size == size:
            return known
        content = _content(path)
        good = list(self._lines(path, content))
        for n, line in enumerate(good):
            _event(path, n, line)
        return _End(sum(len(line) + 1 for line in good), len(good))

    def _lines(self, path: Path, content: bytes) -> Iterator[bytes]:
        """The whole lines of a file; a torn rest is noted."""
        *lines, rest = content.split(b"\n")
        if rest:
            self._note(Repair(path, len(lines) + 1, rest))
        yield from lines

    def _note(self, repair: Repair) -> None:
        if repair not in self.repairs:
            self.repairs.append(repair)
            warnings.warn(str(repair), RuntimeWarning, stacklevel=4)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def _line(number: int, event: Event) -> bytes:
    """An event as a line of the file."""
    body = _EVENTS.dump_json(event)
    return b'{"n":%d,"sum":"%s","event":%s}\n' % (number, _checksum(number, body), body)


def _checksum(number: int, body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(b"%d:%s" % (number, body))


def _event(path: Path, number: int, line: bytes) -> Event:
    """The event of a line, after checking it; raises `DamagedJournal`."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise DamagedJournal(path, number + 1, "it is not a journal line")
    found, checksum, body = int(match[1]), match[2], match[3]
    if checksum != _checksum(found, body):
        raise DamagedJournal(path, number + 1, "its checksum does not fit")
    if found != number:
        raise DamagedJournal(path, number + 1, f"it is event {found}, expected event {number}")
    try:
        return _EVENTS.validate_json(body)
    except ValidationError as error:
        problem = "its event is of an unknown form, perhaps from a newer version of Spardesk"
        raise DamagedJournal(path, number + 1, problem) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise from_os_error(error, path, "read the session file") from error


def _write(path: Path, line: bytes, at: int) -> None:
    """Write a line at the end of the good ones, durably; on failure the file is as before."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, at)
        os.lseek(descriptor, at, os.SEEK_SET)
        try:
            _write_all(descriptor, line)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, at)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    """Write everything: a single write may take only a part."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
