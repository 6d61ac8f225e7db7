"""A backup: one ZIP file with a manifest, each of its members with a checksum.

`sessions/ID.json` holds a session with its scorecard, `rows/KIND.jsonl` the rows,
`scorecards.jsonl` scorecards without a session, `audit.jsonl` the audit trail, and `manifest.json`
the SHA-256 of each of them, how much there was, and from when it is.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from records.contents import (
    RecordsSource,
    SessionContent,
    Source,
    Tally,
    counts,
    differing,
    tally,
)
from records.errors import RecordsError, from_os_error
from records.files import sync_folder
from records.interface import Records
from records.kinds import KINDS, Kind, T
from records.reviewing import AuditEntry
from records.types import Kept

MANIFEST = "manifest.json"
AUDIT = "audit.jsonl"
_SESSIONS = "sessions/"
_ALONE = "scorecards.jsonl"
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError)


class DamagedArchive(RecordsError):
    """A backup is not what was written."""


class Manifest(Kept):
    """What a backup holds."""

    spardesk_backup: Literal[1] = 1
    made_at: datetime
    place: str
    """Where the records were."""
    counts: dict[str, int]
    damaged: tuple[str, ...] = ()
    """The sessions that could not be read and are not in it, a sentence each."""
    members: dict[str, str]
    """Name → SHA-256."""


def write_archive(records: Records, path: Path, hear: Callable[[int], None]) -> Manifest:
    """Write a backup of everything as it is now, while the program runs, and verify it.

    The file is there when it is whole. Raises `RecordsError`, also when there is one already.
    """
    if path.exists():
        raise RecordsError(f"There is already a file {str(path)!r}. Name another for the backup.")
    beside = path.with_name(f"{path.name}.unfinished")
    try:
        with records.frozen() as frozen:
            source = RecordsSource(frozen)
            here = tally(source)
            _write(source, counts(here), beside, hear)
            _verify(here, beside)
        beside.replace(path)
        sync_folder(path.absolute().parent)
    except OSError as error:
        raise from_os_error(error, path, "write the backup") from error
    return ArchiveSource(path).manifest


class ArchiveSource:
    """A backup to read from; see `Source`. Opening it checks every member.

    Raises `DamagedArchive`, with the names of what is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path.absolute())
        self.damaged: list[str] = []
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._manifest()
        except FileNotFoundError as error:
            raise RecordsError(f"There is no backup {str(path)!r}. Check the name.") from error
        except _UNREADABLE as error:
            raise DamagedArchive(
                f"{str(path)!r} is no backup of Spardesk, or was cut off ({error}). "
                "Restore another one."
            ) from error
        self._check()

    def sessions(self) -> Iterator[SessionContent]:
        """See `Source`."""
        members = self.manifest.members
        ids = [Path(name).stem for name in members if name.startswith(_SESSIONS)]
        for id_ in sorted(ids):
            yield SessionContent.model_validate_json(self._zip.read(_member(id_)))
        yield from map(SessionContent.model_validate_json, self._lines(_ALONE))

    def rows(self, kind: Kind[T]) -> list[T]:
        """See `Source`."""
        return [
            kind.model.model_validate_json(line) for line in self._lines(f"rows/{kind.name}.jsonl")
        ]

    def audit(self) -> Iterator[AuditEntry]:
        """See `Source`."""
        return map(AuditEntry.model_validate_json, self._lines(AUDIT))

    def _lines(self, name: str) -> list[bytes]:
        return self._zip.read(name).splitlines() if name in self.manifest.members else []

    def _manifest(self) -> Manifest:
        content = self._zip.read(MANIFEST)
        try:
            return Manifest.model_validate_json(content)
        except ValidationError as error:
            raise DamagedArchive(
                f"The manifest of {self.name!r} is of an unknown form, perhaps from a newer "
                "version of Spardesk. Update Spardesk, or restore another backup."
            ) from error

    def _check(self) -> None:
        bad = [name for name, sum_ in self.manifest.members.items() if self._sum(name) != sum_]
        strange = set(self._zip.namelist()) - self.manifest.members.keys() - {MANIFEST}
        bad += sorted(strange)
        if bad:
            shown = ", ".join(bad[:10]) + (f" and {len(bad) - 10} more" if len(bad) > 10 else "")
            raise DamagedArchive(
                f"The backup {self.name!r} is damaged in {shown}. Nothing was restored from it; "
                "restore another one."
            )

    def _sum(self, name: str) -> str | None:
        try:
            return hashlib.sha256(self._zip.read(name)).hexdigest()
        except _UNREADABLE:
            return None


def _write(
    source: Source, numbers: dict[str, int], path: Path, hear: Callable[[int], None]
) -> None:
    members: dict[str, str] = {}
    alone: list[SessionContent] = []
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: str) -> None:
            archive.writestr(name, content)
            members[name] = hashlib.sha256(content.encode()).hexdigest()

        for done, session in enumerate(source.sessions(), start=1):
            if session.events:
                put(_member(session.id), session.model_dump_json())
            else:
                alone.append(session)
            hear(done)
        put(_ALONE, _joined(session.model_dump_json() for session in alone))
        for kind in KINDS:
            put(f"rows/{kind.name}.jsonl", _joined(r.model_dump_json() for r in source.rows(kind)))
        put(AUDIT, _joined(entry.model_dump_json() for entry in source.audit()))
        manifest = Manifest(
            made_at=datetime.now(UTC),
            place=source.name,
            counts=numbers,
            damaged=tuple(source.damaged),
            members=members,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _member(session_id: str) -> str:
    return f"{_SESSIONS}{session_id}.json"


def _joined(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _verify(here: Tally, path: Path) -> None:
    wrong = differing(here, tally(ArchiveSource(path)))
    if wrong:
        raise RecordsError(
            f"What was written to {str(path)!r} is not what was read: {', '.join(wrong)} differ. "
            "Check the disk, and make the backup on another one."
        )
