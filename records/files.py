"""Durable file operations: replace atomically, sync folders, hold a lock between programs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from records.errors import RecordsBusy, from_os_error

LOCK_WAIT_S = 5.0


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable, where the platform can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create a folder that only its owner can read; raises `RecordsError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise from_os_error(error, folder, "create the folder") from error


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place of a file: a reader or a crash sees the old bytes or the new ones."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as beside:
            beside.write(content)
            beside.flush()
            os.fsync(beside.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def remove_leftovers(path: Path, wait_s: float = LOCK_WAIT_S) -> int:
    """Remove what a killed `replace_file(path, …)` left beside; how many.

    Whoever replaces `path` right now holds its lock and is waited for.
    """
    pattern = f".{path.name}*.new"
    if not any(path.parent.glob(pattern)):
        return 0
    with locked(path, wait_s):
        left = list(path.parent.glob(pattern))
        for each in left:
            each.unlink(missing_ok=True)
        return len(left)


@contextmanager
def locked(path: Path, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold the lock of `path` against other threads and programs.

    Raises `RecordsBusy` when it is not free within `wait_s` seconds.
    """
    # A new lock object each time: locks of one object are shared within a thread, and the lock
    # belongs to the open file, so two objects keep threads apart as they keep programs apart.
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=wait_s, poll_interval=0.01)
    try:
        lock.acquire()
    except Timeout as error:
        raise RecordsBusy(path, wait_s) from error
    except OSError as error:
        raise from_os_error(error, path, "lock") from error
    try:
        yield
    finally:
        lock.release()
