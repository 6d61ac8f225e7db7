"""What can go wrong with the records, worded for the person in front of it.

RecordsError
├── RecordsBusy      another program is writing the same thing
├── Overtaken        a session went on elsewhere since it was read here
├── UnknownSession   no such session (also a `KeyError`)
├── Taken            there is one already with this key, login, name …
├── DamagedJournal   a session was changed or damaged where it was already safe
└── DamagedStore     a file or database cannot be read, or a newer version wrote it
"""

import errno
from pathlib import Path


class RecordsError(Exception):
    """Any failure of the records. The message is a sentence with the next step in it."""


class RecordsBusy(RecordsError):
    """Another program holds a lock for too long."""

    def __init__(self, what: Path | str, waited_s: float) -> None:
        super().__init__(
            f"Another program has been writing {str(what)!r} for {waited_s:g} seconds. "
            "Wait for it to finish, or close it, and try again."
        )


class Overtaken(RecordsError):
    """A session went on elsewhere, in another program, since it was read here."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"The session {session_id!r} went on in another window or program meanwhile, so this "
            "was not kept. Load the page again to see all of it, and go on from there."
        )


class UnknownSession(RecordsError, KeyError):
    """There is no session with this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"There is no session {session_id!r}.")

    def __str__(self) -> str:
        return str(self.args[0])


class Taken(RecordsError):
    """What has to be there only once is there already."""

    def __init__(self, one: str, field: str, value: str) -> None:
        secret = "hash" in field
        shown = "" if secret else f" {value!r}"
        super().__init__(
            f"There is already {_a(one)} with the {field.replace('_', ' ')}{shown}. "
            f"Choose another {field.replace('_', ' ')}, or change the one that is there."
        )
        self.field = field


class DamagedJournal(RecordsError):
    """A session is damaged in its middle, or a file that is written line by line."""

    def __init__(self, where: Path | str, line: int, problem: str) -> None:
        if isinstance(where, Path):
            at = f"The file {str(where)!r} is damaged in line {line}: {problem}. "
            step = f"remove line {line} and what follows to go on from there."
        else:
            at = f"The session {where!r} is damaged in event {line}: {problem}. "
            step = "start the session anew."
        super().__init__(f"{at}Restore it from a backup, or {step}")
        self.where = where
        self.line = line
        """From 1."""


class DamagedStore(RecordsError):
    """A file of tables or a database cannot be used."""


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


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
