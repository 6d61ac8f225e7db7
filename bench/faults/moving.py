"""Killed while a backup is written, and while everything is copied."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.faults.making import fill, join
from bench.faults.types import Tell, Wrong
from records import Records, open_records
from records.archive import ArchiveSource, write_archive
from records.contents import RecordsSource, differing, tally
from records.copying import MARK, copy_into


@dataclass(frozen=True)
class Backup:
    """One backup after the other."""

    name: str
    folder: str
    """For the backups."""
    sessions: int = 20
    kind: str = "backup"

    def prepare(self, place: str) -> None:
        """A person with sessions."""
        with closing(open_records(place)) as records:
            join(records, f"p-{self.name}")
            fill(records, [f"s{n}-{self.name}" for n in range(self.sessions)], f"p-{self.name}")
        shutil.rmtree(self.folder, ignore_errors=True)
        Path(self.folder).mkdir(parents=True)

    def work(self, place: str, tell: Tell) -> None:
        """Three of them."""
        records = open_records(place)
        tell("ready")
        for number in range(3):
            write_archive(records, Path(self.folder) / f"{number}.zip", lambda _done: None)
            tell(str(number))
        records.close()

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Backups that were acknowledged and do not hold what is kept."""
        here = tally(RecordsSource(records))
        whole = {
            path.stem
            for path in Path(self.folder).glob("*.zip")
            if not differing(here, tally(ArchiveSource(path)))
        }
        if len(whole) != len(list(Path(self.folder).glob("*.zip"))):
            raise Wrong("a backup is there that is not whole")
        write_archive(records, Path(self.folder) / "again.zip", lambda _done: None)
        return len(set(told) - whole)


@dataclass(frozen=True)
class Copy:
    """Everything, from a folder of its own into the place."""

    name: str
    source: str
    sessions: int = 30
    kind: str = "copy"

    def prepare(self, place: str) -> None:
        """The source; the tables where it goes, in a database."""
        open_records(place).close()
        if not Path(self.source).exists():
            with closing(open_records(self.source)) as records:
                join(records, f"p-{self.name}")
                fill(records, [f"s{n}-{self.name}" for n in range(self.sessions)], "p")

    def work(self, place: str, tell: Tell) -> None:
        """In one go."""
        source, target = open_records(self.source), open_records(place)
        tell("ready")
        copy_into(RecordsSource(source), target)
        tell("copied")

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """One, when an acknowledged copy is not whole; the others are finished."""
        with closing(open_records(self.source)) as opened:
            source = RecordsSource(opened)
            here = tally(source)
            if told:
                return int(bool(differing(here, tally(RecordsSource(records)))))
            marked = records.marks.get(MARK) is not None
            if not marked and records.journal.ids():
                if differing(here, tally(RecordsSource(records))):
                    raise Wrong("a copy is not whole, and nothing says so")
                return 0
            copy_into(source, records)
            return 0
