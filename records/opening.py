"""Opens the records wherever they are."""

import os
from pathlib import Path

from platformdirs import user_data_path

from records.folder.places import FolderRecords, MemoryRecords
from records.interface import Records

RECORDS_VARIABLE = "SPARDESK_RECORDS"
DATA_VARIABLE = "SPARDESK_DATA"
IN_MEMORY = "memory:"


def open_records(where: Path | str | None = None) -> Records:
    """The records in a folder or a database.

    `where` is a folder, or an address such as `sqlite:////srv/spardesk.db` or
    `postgresql://name:password@host/database`, or `memory:` for what nobody keeps. Else they are
    where `SPARDESK_RECORDS` says, else in the folder of `SPARDESK_DATA`, else in the user's data
    folder. Records of an earlier version are upgraded; where they are files, a copy stays beside.

    Raises `RecordsError` when they cannot be opened.
    """
    place = where if where is not None else _usual_place()
    if isinstance(place, str) and place == IN_MEMORY:
        return MemoryRecords()
    if isinstance(place, str) and "://" in place:
        from records.sql.catalogue import SqlRecords  # only who has a database pays for loading it

        return SqlRecords(place)
    return FolderRecords(Path(place).expanduser().absolute())


def _usual_place() -> Path | str:
    named = os.environ.get(RECORDS_VARIABLE) or os.environ.get(DATA_VARIABLE)
    return named or user_data_path("spardesk", appauthor=False)
