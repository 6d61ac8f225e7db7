"""The only code that touches storage: session journals and the catalogue around them."""

from records.catalogue import Records, open_records
from records.errors import (
    DamagedJournal,
    DamagedStore,
    RecordsBusy,
    RecordsError,
    UnknownSession,
)
from records.journal import FileJournal, Repair
from records.types import PersonSettings, SessionSummary

__all__ = [
    "DamagedJournal",
    "DamagedStore",
    "FileJournal",
    "PersonSettings",
    "Records",
    "RecordsBusy",
    "RecordsError",
    "Repair",
    "SessionSummary",
    "UnknownSession",
    "open_records",
]
