"""TinyDB tables in files that are replaced atomically, one writer at a time.

TinyDB rewrites its file in place, and is not made for several threads or programs. Here a
transaction takes the file's lock, works in memory, and puts a whole new file in place of the old
one at its end; a failed transaction leaves the old one. Readers need no lock.
"""

import json
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tinydb import TinyDB
from tinydb.storages import Storage

from records.errors import DamagedStore, RecordsBusy, from_os_error
from records.files import LOCK_WAIT_S, locked, remove_leftovers, replace_file
from records.folder.upgrading import SCHEMA, Tables, upgraded

_LEFTOVERS_WAIT_S = 0.5


class SnapshotStorage(Storage):
    """A TinyDB storage over one state in memory; `changed` tells whether it was written to."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.changed = False

    def read(self) -> Tables:
        """The present state."""
        return self.tables

    def write(self, data: Tables) -> None:
        """The state after a change."""
        self.tables = data
        self.changed = True


class TableStore(Protocol):
    """Tables that change in transactions.

    Rows are taken out and put in, never updated in place: other readers have them in their hands.
    """

    def view(self) -> TinyDB:
        """The tables as they are now, to read only."""
        ...

    def tables(self) -> Tables:
        """The tables as they are now, which nobody changes in place."""
        ...

    def transaction(self) -> AbstractContextManager[TinyDB]:
        """The tables to change: all changes are kept when the block ends, none when it raises."""
        ...


@dataclass(frozen=True)
class _File:
    """What a file held when it was read."""

    signature: tuple[int, int, int] | None
    """`None`: there is no file."""
    schema: int
    tables: Tables
    """In the present form."""


class Store:
    """One file of tables. Safe for threads and for several programs.

    A file of an earlier version is upgraded when it is opened, with a copy of it beside it.
    """

    def __init__(self, path: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self.path = path
        self._lock_wait_s = lock_wait_s
        self._cache = _File(None, SCHEMA, {})
        self._cache_lock = threading.Lock()
        self._release: Callable[[], object] = lambda: None
        self.notices: list[str] = []
        """What was done to the file for it to be used, a sentence each."""
        self._remove_leftovers()
        if self._file().schema < SCHEMA:  # a file that cannot be used is said at the start
            with locked(path, lock_wait_s):
                self._upgrade()

    def view(self) -> TinyDB:
        """The tables as they are now, to read only. Raises `DamagedStore`, `RecordsError`."""
        return over(SnapshotStorage(self._file().tables))

    def tables(self) -> Tables:
        """The tables as they are now, which nobody changes in place. Raises as `view`."""
        return self._file().tables

    @contextmanager
    def transaction(self) -> Iterator[TinyDB]:
        """The tables to change: all changes are kept when the block ends, none when it raises.

        Raises `RecordsBusy`, `DamagedStore`, and `RecordsError` when the disk does not take it.
        """
        with locked(self.path, self._lock_wait_s):
            self._upgrade()
            storage = SnapshotStorage(dict(self._file().tables))
            yield over(storage)
            if storage.changed:
                self._keep(storage.tables)

    def _upgrade(self) -> None:
        """Bring the file to the present form, if it is not; under its lock."""
        file = self._file()
        if file.schema < SCHEMA:
            copy = _free_name(self.path, file.schema)
            self._write(copy, self.path.read_bytes())
            self._keep(file.tables)
            self.notices.append(
                f"{self.path.name} was brought from form {file.schema} to {SCHEMA}; as it was "
                f"before, it is in {str(copy)!r}."
            )

    def _remove_leftovers(self) -> None:
        with suppress(RecordsBusy):  # it is being written right now; the next start looks again
            if remove_leftovers(self.path, _LEFTOVERS_WAIT_S):
                self.notices.append(
                    f"{self.path.name}: a change that a crash had interrupted before it counted "
                    "was cleared away."
                )

    def _keep(self, tables: Tables) -> None:
        content = json.dumps({"schema": SCHEMA, "tables": tables}, ensure_ascii=False)
        self._write(self.path, content.encode())

    def _write(self, path: Path, content: bytes) -> None:
        try:
            replace_file(path, content)
        except OSError as error:
            raise from_os_error(error, path, "save") from error

    def _file(self) -> _File:
        """What the file holds, parsed again only when it was replaced."""
        with self._cache_lock:
            try:
                if self._cache.signature != _signature(self.path.stat()):
                    self._read_again()
                return self._cache
            except FileNotFoundError:
                return _File(None, SCHEMA, {})
            except OSError as error:
                raise from_os_error(error, self.path, "read") from error

    def _read_again(self) -> None:
        """Read the file, and hold it open until it was replaced.

        Its number on the disk is not given to another as long as it is open: with one that had
        the old number, size and time a change would not be seen.
        """
        held = self.path.open("rb")
        self._cache = _parse(self.path, held.read(), _signature(os.fstat(held.fileno())))
        if os.name == "nt":  # where a file that is open cannot be replaced
            held.close()
        self._release()
        self._release = weakref.finalize(self, held.close)


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size


def over(storage: SnapshotStorage) -> TinyDB:
    """TinyDB over a storage that is there already; it makes its own from its arguments."""
    return TinyDB(storage, storage=lambda ready: ready)


def _free_name(path: Path, schema: int) -> Path:
    """Where the copy of an earlier version goes; none that is there is written over."""
    name, copies = f"{path.name}.version{schema}", 1
    while (copy := path.with_name(name)).exists():
        copies += 1
        name = f"{path.name}.version{schema}-{copies}"
    return copy


def _parse(path: Path, content: bytes, signature: tuple[int, int, int]) -> _File:
    try:
        data: Any = json.loads(content)
        schema, tables = data["schema"], data["tables"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStore(
            f"The file {str(path)!r} is damaged and cannot be read. Restore it from a backup, or "
            "move it away to start it anew; the sessions themselves are kept elsewhere."
        ) from error
    if not isinstance(schema, int) or schema > SCHEMA or not isinstance(tables, dict):
        raise DamagedStore(
            f"The file {str(path)!r} was written by a newer version of Spardesk (form {schema!r}, "
            f"this one knows {SCHEMA}). Update Spardesk, or choose another folder with --data."
        )
    return _File(signature, schema, upgraded(path.name, schema, tables))
