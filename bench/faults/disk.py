"""A full disk: a small file system of our own where that is allowed, else a limit on files."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOUNT_BYTES = 3_000_000
LIMIT_BYTES = 500_000
_BALLAST = "ballast"
_BALLAST_BYTES = 1_200_000


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Make a folder a disk that is soon full, if that is allowed; whether it was."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _mount(folder):
        yield False
        return
    try:
        (folder / _BALLAST).write_bytes(b"\0" * _BALLAST_BYTES)
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def make_room(folder: Path) -> None:
    """Free some space, as an operator would."""
    (folder / _BALLAST).unlink(missing_ok=True)


def limit_files() -> None:
    """Let no file of this process get larger: a write fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))


def _mount(folder: Path) -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None or shutil.which("umount") is None:
        return False
    options = f"size={MOUNT_BYTES},mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "spardesk-bench", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
