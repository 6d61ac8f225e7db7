"""Where the embedded store is: in a folder, or in memory alone."""

import shlex
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from records.errors import DamagedStore, RecordsBusy
from records.files import LOCK_WAIT_S, locked, make_folder
from records.folder.catalogue import FILES, TinyRecords
from records.folder.journal import FileJournal
from records.folder.memory import MemoryJournal, MemoryStore, MemoryTrail
from records.folder.store import Store, TableStore
from records.folder.trail import FileTrail

_DELETIONS = "deletions"
_MOMENT_S = 0.5

MANY_SESSIONS = 2_000
"""All scorecards lie in one file, 14 KB each: with 2,000 keeping one takes a second or more, with
5,000 longer than another program waits for it."""


class FolderRecords(TinyRecords):
    """Everything that is kept, in one folder.

    `sessions/` holds the journals (the truth), `sessions.json` an index that can be thrown away,
    the files of `FILES` what was made and chosen since, `audit.jsonl` the audit trail.
    """

    def __init__(self, folder: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        make_folder(folder)
        self.folder = folder
        self._lock_wait_s = lock_wait_s
        self._file_journal = FileJournal(folder / "sessions", lock_wait_s)
        self._file_trail = FileTrail(folder / "audit.jsonl", lock_wait_s)
        index = _rebuildable(folder / "sessions.json", lock_wait_s)
        tables = {file: Store(folder / f"{file}.json", lock_wait_s) for file in FILES}
        stores: dict[str, TableStore] = {**tables}
        super().__init__(str(folder), self._file_journal, index, stores, self._file_trail)
        self._notices = [said for store in (index, *tables.values()) for said in store.notices]
        self._finish_deletions()

    def notices(self) -> list[str]:
        """See `Records`. Torn lines are cut off for good, so that they are said once."""
        said, self._notices = self._notices, []
        said += self._file_journal.mend() + self._file_trail.mend() + self.problems()
        count = len(self._file_journal.ids())
        if count > MANY_SESSIONS:
            said.append(_many(count, self.folder))
        return said

    def _finish_deletions(self) -> None:
        """Finish what a crash interrupted; another program that is at it right now does so."""
        if not self._file_journal.buried():
            return
        with suppress(RecordsBusy), locked(self.folder / _DELETIONS, _MOMENT_S):
            buried = self._file_journal.buried()
            self._clear(buried)
            self._notices.append(
                f"The deletion of {len(buried)} session(s) that a crash had interrupted was "
                "finished."
            )

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        with locked(self.folder / _DELETIONS, self._lock_wait_s):
            yield


class MemoryRecords(TinyRecords):
    """Records that are gone with the program."""

    def __init__(self) -> None:
        stores: dict[str, TableStore] = {file: MemoryStore() for file in FILES}
        super().__init__("memory:", MemoryJournal(), MemoryStore(), stores, MemoryTrail())


def _many(count: int, folder: Path) -> str:
    return (
        f"There are {count:,} sessions in the folder {str(folder)!r}; keeping a grade takes "
        f"long there. Move "
        f"everything into a database: spardesk records copy {shlex.quote(str(folder))} "
        f"{shlex.quote(f'sqlite:///{folder}.db')} (or postgresql://NAME:PASSWORD@HOST/DATABASE), "
        "and start Spardesk with that as --records."
    )


def _rebuildable(path: Path, lock_wait_s: float) -> Store:
    """The store of an index: a damaged file is moved aside, since it can be made again."""
    try:
        return Store(path, lock_wait_s)
    except DamagedStore as error:
        sentence = f"The list of sessions is made again: {error}"
        warnings.warn(sentence, RuntimeWarning, stacklevel=4)
        path.replace(path.with_suffix(".damaged"))
        store = Store(path, lock_wait_s)
        store.notices.append(sentence)
        return store
