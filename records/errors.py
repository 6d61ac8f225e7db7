"""What can go wrong with the records, worded for the person in front of it.

RecordsError
├── RecordsBusy      another program is writing the same file
├── UnknownSession   no such session (also a `KeyError`)
├── DamagedJournal   a session's file was changed or damaged where it was already safe
└── DamagedStore     a table's file cannot be read, or a newer version wrote it
"""

import errno
from pathlib import Path


class RecordsError(Exception):
    """Any failure of the records. The message is a sentence with the next step in it."""


class RecordsBusy(RecordsError):
    """Another program holds the file's lock for too long."""

    def __init__(self, path: Path, waited_s: float) -> None:
        super().__init__(
            f"Another program has been writing {str(path)!r} for {waited_s:g} seconds. "
            "Wait for it to finish, or close it, and try again."
        )


class UnknownSession(RecordsError, KeyError):
    """There is no session with this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"There is no session {session_id!r}.")

    def __str__(self) -> str:
        return str(self.args[0])


class DamagedJournal(RecordsError):
    """A session's journal is damaged in its middle."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(
            f"The session file {str(path)!r} is damaged in line {line}: {problem}. "
            f"Restore it from a backup, or remove line {line} and what follows to go on from there."
        )
        self.path = path
        self.line = line


class DamagedStore(RecordsError):
    """A table's file cannot be used."""


def from_os_error(error: OSError, path: Path, doing: str) -> RecordsError:
    """The error to raise for a failed file operation: says where, why, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        cause, step = "there is no space left on the disk", "Free some space there"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        cause, step = "writing is not allowed there", "Choose another folder with --data"
    else:
        cause = error.strerror or str(error)
        step = "Check the disk, or choose another folder with --data,"
    return RecordsError(
        f"Could not {doing} {str(path)!r}: {cause}. {step} and try again; "
        "everything saved before is still there."
    )
