"""The only code that touches storage: session journals and everything around them."""

from records.errors import (
    DamagedJournal,
    DamagedStore,
    Overtaken,
    RecordsBusy,
    RecordsError,
    Taken,
    UnknownSession,
)
from records.folder.journal import FileJournal
from records.folder.lines import Repair
from records.folder.places import FolderRecords
from records.interface import Records, Table
from records.opening import open_records
from records.types import PersonAverages, PersonSettings, SessionQuery, SessionSummary, Window

__all__ = [
    "DamagedJournal",
    "DamagedStore",
    "FileJournal",
    "FolderRecords",
    "Overtaken",
    "PersonAverages",
    "PersonSettings",
    "Records",
    "RecordsBusy",
    "RecordsError",
    "Repair",
    "SessionQuery",
    "SessionSummary",
    "Table",
    "Taken",
    "UnknownSession",
    "Window",
    "open_records",
]
