"""Files of checked lines that only grow, durable line by line.

A line is `{"n":3,"sum":"1c291ca3","event":{…}}`: its number from 0, the CRC-32 of number and
event, and the event. A file that ends without a line break was cut off by a crash before its last
event was acknowledged; that rest is dropped. Anything else that does not fit is damage, and said.
"""

import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from records.errors import DamagedJournal, from_os_error
from records.events import Unfit, check, checksum
from records.files import LOCK_WAIT_S, locked, replace_file, sync_folder

T = TypeVar("T")

_LINE = re.compile(rb'\{"n":(\d+),"sum":"([0-9a-f]{8})","event":(.*)\}', re.DOTALL)


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
class End:
    """Where the good lines of a file end."""

    size: int
    lines: int


class Lines(Generic[T]):
    """Files of lines that share a lock. Safe for threads and for several programs.

    `load` makes of a line's event what it was, or raises `Unfit`. `repairs` lists the torn lines
    found since this was opened; each is also a `RuntimeWarning`.
    """

    def __init__(
        self, lock: Path, load: Callable[[bytes], T], lock_wait_s: float = LOCK_WAIT_S
    ) -> None:
        self.repairs: list[Repair] = []
        self._lock_path = lock
        self._lock_wait_s = lock_wait_s
        self._load = load
        self._ends: dict[Path, End] = {}
        self._lock = threading.Lock()

    def append(self, path: Path, *bodies: Callable[[int], bytes]) -> None:
        """Write more lines; each of `bodies` makes its event when it hears the line's number."""
        with self.held():
            end = self._end_of(path)
            lines = [_line(n, body(n)) for n, body in enumerate(bodies, start=end.lines)]
            content = b"".join(lines)
            try:
                _write(path, content, at=end.size)
            except OSError as error:
                raise from_os_error(error, path, "write the file") from error
            self._ends[path] = End(end.size + len(content), end.lines + len(lines))

    def read(self, path: Path, size: int | None = None) -> list[T]:
        """What was written, in its order, or was when the file had this size.

        Raises `DamagedJournal`.
        """
        with self.held():
            content = _content(path)[:size]
        return [self._parse(path, n, line) for n, line in enumerate(self._whole(path, content))]

    def first(self, path: Path) -> T | None:
        """The first line alone; `None`: there is none. Raises `DamagedJournal`."""
        with self.held():
            content = _content(path)
        line, end, _ = content.partition(b"\n")
        return self._parse(path, 0, line) if end else None

    def replace(self, path: Path, bodies: Callable[[list[T]], list[bytes]]) -> None:
        """Put other lines in place of all; `bodies` makes their events of those there are."""
        with self.held():
            content = _content(path) if path.exists() else b""
            lines = enumerate(self._whole(path, content))
            events = bodies([self._parse(path, n, line) for n, line in lines])
            try:
                replace_file(path, b"".join(_line(n, event) for n, event in enumerate(events)))
            except OSError as error:
                raise from_os_error(error, path, "write the file") from error
            self._ends.pop(path, None)

    def mend(self, path: Path) -> Repair | None:
        """Cut off a torn last line for good; a file without any whole line goes with it."""
        if not _is_torn(path):
            return None
        with self.held():
            if not path.exists():
                return None
            *lines, rest = _content(path).split(b"\n")
            if not rest and lines:
                return None  # another program has mended it meanwhile
            _cut(path, sum(len(line) + 1 for line in lines))
            return Repair(path, len(lines) + 1, rest)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock that all changes of these files take."""
        with self._lock, locked(self._lock_path, self._lock_wait_s):
            yield

    def _end_of(self, path: Path) -> End:
        """Where to append; read from the file unless this object wrote its last line."""
        size = path.stat().st_size if path.exists() else 0
        if size == 0:
            return End(0, 0)
        known = self._ends.get(path, End(0, 0))
        if known.size == size:
            return known
        good = self._whole(path, _content(path))
        for n, line in enumerate(good):
            self._parse(path, n, line)
        return End(sum(len(line) + 1 for line in good), len(good))

    def _whole(self, path: Path, content: bytes) -> list[bytes]:
        """The whole lines of a file; a torn rest is noted."""
        *lines, rest = content.split(b"\n")
        if rest:
            self._note(Repair(path, len(lines) + 1, rest))
        return lines

    def _note(self, repair: Repair) -> None:
        if repair not in self.repairs:
            self.repairs.append(repair)
            warnings.warn(str(repair), RuntimeWarning, stacklevel=5)

    def _parse(self, path: Path, number: int, line: bytes) -> T:
        """What a line says, after checking it; raises `DamagedJournal`."""
        try:
            match = _LINE.fullmatch(line)
            if match is None:
                raise Unfit("it is not a journal line")
            check(number, int(match[1]), match[2].decode(), match[3])
            return self._load(match[3])
        except Unfit as error:
            raise DamagedJournal(path, number + 1, str(error)) from error


def _line(number: int, body: bytes) -> bytes:
    """An event as a line of the file."""
    return b'{"n":%d,"sum":"%s","event":%s}\n' % (number, checksum(number, body).encode(), body)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise from_os_error(error, path, "read the file") from error


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


def _is_torn(path: Path) -> bool:
    """Whether a file is empty or ends in the midst of a line."""
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except FileNotFoundError:
        return False
    except OSError as error:
        raise from_os_error(error, path, "read the file") from error


def _cut(path: Path, size: int) -> None:
    """Cut a file off durably, or remove it when nothing stays."""
    try:
        if size == 0:
            path.unlink()
            sync_folder(path.parent)
            return
        with path.open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())
    except OSError as error:
        raise from_os_error(error, path, "mend the file") from error


def _write_all(descriptor: int, content: bytes) -> None:
    """Write everything: a single write may take only a part."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
