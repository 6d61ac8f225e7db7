"""The audit trail as a file of checked lines, which only grows."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from records.events import Unfit
from records.files import LOCK_WAIT_S, remove_leftovers
from records.folder.lines import Lines
from records.reviewing import AuditEntry


class FileTrail:
    """An audit trail in a file."""

    def __init__(self, path: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self._path = path
        self._lock_wait_s = lock_wait_s
        self._lines: Lines[AuditEntry] = Lines(path, _load, lock_wait_s)

    def write(self, *entries: AuditEntry) -> None:
        """Add entries, durably."""
        bodies = [entry.model_dump_json().encode() for entry in entries]
        self._lines.append(self._path, *[lambda _number, body=body: body for body in bodies])

    def rewrite(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """Put what `how` makes of each entry in its place."""

        def bodies(entries: list[AuditEntry]) -> list[bytes]:
            return [how(entry).model_dump_json().encode() for entry in entries]

        self._lines.replace(self._path, bodies)

    def mend(self) -> list[str]:
        """Cut off a torn last line for good; what was done, a sentence each."""
        repair = self._lines.mend(self._path)
        remove_leftovers(self._path, self._lock_wait_s)
        return [str(repair)] if repair else []

    def read(self) -> list[AuditEntry]:
        """All entries, oldest first."""
        return self._lines.read(self._path) if self._path.exists() else []


def _load(body: bytes) -> AuditEntry:
    try:
        return AuditEntry.model_validate_json(body)
    except ValidationError as error:
        raise Unfit("it is not an audit entry, or a newer version of Spardesk wrote it") from error
