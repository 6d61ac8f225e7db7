"""TinyDB tables in files that are replaced atomically, one writer at a time.

TinyDB rewrites its file in place, and is not made for several threads or programs. Here a
transaction takes the file's lock, works in memory, and puts a whole new file in place of the old
one at its end; a failed transaction leaves the old one. Readers need no lock.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage

from records.errors import DamagedStore, from_os_error
from records.files import LOCK_WAIT_S, locked, replace_file

SCHEMA = 1
"""Version of the files' form; a higher one in a file was written by a newer Spardesk."""

Tables = dict[str, dict[str, Any]]


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


class Store:
    """One file of tables. Safe for threads and for several programs."""

    def __init__(self, path: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self.path = path
        self._lock_wait_s = lock_wait_s
        self._cache: tuple[tuple[int, int, int], Tables] | None = None
        self._cache_lock = threading.Lock()
        self.view()  # a file that cannot be used is said at the start

    def view(self) -> TinyDB:
        """The tables as they are now, to read only. Raises `DamagedStore`, `RecordsError`."""
        return TinyDB(self._tables(), storage=SnapshotStorage)

    @contextmanager
    def transaction(self) -> Iterator[TinyDB]:
        """The tables to change: all changes are kept when the block ends, none when it raises.

        Raises `RecordsBusy`, `DamagedStore`, and `RecordsError` when the disk does not take it.
        """
        with locked(self.path, self._lock_wait_s):
            storage = SnapshotStorage(dict(self._tables()))
            yield TinyDB(storage, storage=_itself)
            if storage.changed:
                self._keep(storage.tables)

    def _keep(self, tables: Tables) -> None:
        content = json.dumps({"schema": SCHEMA, "tables": tables}, ensure_ascii=False)
        try:
            replace_file(self.path, content.encode())
        except OSError as error:
            raise from_os_error(error, self.path, "save") from error

    def _tables(self) -> Tables:
        """The file's tables, parsed again only when it was replaced."""
        with self._cache_lock:
            try:
                status = self.path.stat()
                signature = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self._cache is None or self._cache[0] != signature:
                    self._cache = (signature, _parse(self.path, self.path.read_bytes()))
                return self._cache[1]
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise from_os_error(error, self.path, "read") from error


def _itself(storage: SnapshotStorage) -> SnapshotStorage:
    """TinyDB makes its storage from its arguments; here it is ready."""
    return storage


def _parse(path: Path, content: bytes) -> Tables:
    try:
        data = json.loads(content)
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
    return tables
