"""The records of one installation: journals, scorecards, the list of sessions, settings."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_data_path
from tinydb import Query

from grading.types import Scorecard
from records.errors import DamagedStore
from records.files import LOCK_WAIT_S, make_folder
from records.journal import FileJournal
from records.sessions import SessionIndex
from records.store import Store
from records.types import PersonSettings, SessionSummary

DATA_VARIABLE = "SPARDESK_DATA"


class Records:
    """Everything that is kept, in one folder.

    `sessions/` holds the journals (the truth), `scorecards.json` and `people.json` what was made
    and chosen since, `sessions.json` an index that can be thrown away.
    """

    def __init__(self, folder: Path, lock_wait_s: float = LOCK_WAIT_S) -> None:
        make_folder(folder)
        self.folder = folder
        self.journal = FileJournal(folder / "sessions")
        self._scorecards = Store(folder / "scorecards.json", lock_wait_s)
        self._people = Store(folder / "people.json", lock_wait_s)
        index = _rebuildable(folder / "sessions.json", lock_wait_s)
        self._index = SessionIndex(index, self.journal, self.scorecard)

    def describe_scenarios(self, describe: Callable[[str], tuple[str, int | None]]) -> None:
        """Say how to find a scenario's title and level, which the journals do not hold."""
        self._index.describe = describe

    def sessions(self, person: str) -> list[SessionSummary]:
        """A person's sessions, newest first."""
        return self._index.of(person)

    def problems(self) -> list[str]:
        """Sessions that are not listed because their files cannot be read: a sentence each."""
        return self._index.problems()

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        """Keep a session's scorecard, in place of an earlier one."""
        document = {"session": session_id, "card": card.model_dump(mode="json")}
        with self._scorecards.transaction() as db:
            db.table("scorecards").upsert(document, Query().session == session_id)
        self._index.refresh(session_id)

    def scorecard(self, session_id: str) -> Scorecard | None:
        """A session's scorecard; `None`: not graded."""
        table = self._scorecards.view().table("scorecards")
        found = table.get(Query().session == session_id)
        return Scorecard.model_validate(found["card"]) if isinstance(found, dict) else None

    def settings(self, person: str) -> PersonSettings:
        """What is remembered about a person."""
        found = self._people.view().table("people").get(Query().person == person)
        return PersonSettings.model_validate(found["settings"] if isinstance(found, dict) else {})

    def save_settings(self, person: str, settings: PersonSettings) -> None:
        """Remember a person's settings, in place of earlier ones."""
        document = {"person": person, "settings": settings.model_dump(mode="json")}
        with self._people.transaction() as db:
            db.table("people").upsert(document, Query().person == person)

    def close(self) -> None:
        """Nothing is held open between calls; here for other kinds of records."""


def open_records(folder: Path | None = None) -> Records:
    """The records in `folder`; else in `SPARDESK_DATA`, else in the user's data folder.

    Raises `RecordsError` when the folder cannot be used.
    """
    if folder is None:
        named = os.environ.get(DATA_VARIABLE)
        folder = Path(named) if named else user_data_path("spardesk", appauthor=False)
    return Records(folder.expanduser().absolute())


def _rebuildable(path: Path, lock_wait_s: float) -> Store:
    """The store of an index: a damaged file is moved aside, since it can be made again."""
    try:
        return Store(path, lock_wait_s)
    except DamagedStore as error:
        warnings.warn(f"The list of sessions is made again: {error}", RuntimeWarning, stacklevel=3)
        path.replace(path.with_suffix(".damaged"))
        return Store(path, lock_wait_s)
