"""The audit trail as a file of checked lines, which only grows."""

from pathlib import Path

from pydantic import ValidationError

from records.events import Unfit
from records.files import LOCK_WAIT_S
from records.folder.lines import Lines
from records.reviewing import AuditEntry


class FileTrail:
    """An audit trail in a file."""

    def __init__(self, path: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self._path = path
        self._lines: Lines[AuditEntry] = Lines(path, _load, lock_wait_s)

    def write(self, entry: AuditEntry) -> None:
        """Add an entry, durably."""
        self._lines.append(self._path, lambda _number: entry.model_dump_json().encode())

    def read(self) -> list[AuditEntry]:
        """All entries, oldest first."""
        return self._lines.read(self._path) if self._path.exists() else []


def _load(body: bytes) -> AuditEntry:
    try:
        return AuditEntry.model_validate_json(body)
    except ValidationError as error:
        raise Unfit("it is not an audit entry, or a newer version of Spardesk wrote it") from error
