"""Killed while records of an earlier version are upgraded."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.faults.making import events, scorecard
from bench.faults.types import Tell, Wrong
from records import PersonSettings, Records, open_records
from records.events import checksum, dump_event
from records.folder.journal import FileJournal
from records.sql.database import Database
from records.sql.upgrading import upgrade
from records.summaries import summarise

_SESSIONS = 40
_FIRST = "0001"


def _ids() -> list[str]:
    return [f"s{number}" for number in range(_SESSIONS)]


@dataclass(frozen=True)
class FolderUpgrade:
    """A folder of the first version."""

    name: str
    kind: str = "upgrade of a folder"

    def prepare(self, place: str) -> None:
        """Made as the first version did."""
        folder = Path(place)
        shutil.rmtree(folder, ignore_errors=True)
        journal = FileJournal(folder / "sessions")
        for id_ in _ids():
            journal.write(id_, events(id_, "ana"))
        cards = [{"session": id_, "card": scorecard(id_).model_dump(mode="json")} for id_ in _ids()]
        settings = PersonSettings(last_scenario="late-parcel").model_dump()
        _write(folder / "scorecards.json", {"scorecards": cards})
        _write(folder / "people.json", {"people": [{"person": "ana", "settings": settings}]})
        _write(folder / "sessions.json", {"sessions": []})
        shutil.copytree(folder, f"{place}.before", dirs_exist_ok=True)

    def work(self, place: str, tell: Tell) -> None:
        """Opening does it."""
        tell("ready")
        open_records(place).close()
        tell("opened")

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """What is not there afterwards; a copy of each file has to lie beside it."""
        for name in ("scorecards.json", "people.json", "sessions.json"):
            copies = list(Path(place).glob(f"{name}.version1*"))
            before = Path(f"{place}.before", name).read_bytes()
            if not copies or any(copy.read_bytes() != before for copy in copies):
                raise Wrong(f"the copy of {name} is not what it was")
        return _missing(records)


@dataclass(frozen=True)
class SqliteUpgrade:
    """A SQLite file of the first version."""

    name: str
    kind: str = "upgrade of SQLite"

    def prepare(self, place: str) -> None:
        """Made as the first version did."""
        file = Path(place.removeprefix("sqlite:///"))
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        database = Database(place)
        upgrade(database, _FIRST)
        database.close()
        with closing(sqlite3.connect(file)) as connection, connection:
            for id_ in _ids():
                _insert(connection, id_)

    def work(self, place: str, tell: Tell) -> None:
        """Opening does it."""
        tell("ready")
        open_records(place).close()
        tell("opened")

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """What is not there afterwards; a copy has to lie beside it."""
        file = Path(place.removeprefix("sqlite:///"))
        copies = list(file.parent.glob(f"{file.name}.version{_FIRST}*"))
        if not copies or any(_sessions_in(copy) != _SESSIONS for copy in copies):
            raise Wrong("the copy of the database is not what it was")
        return _missing(records)


def _missing(records: Records) -> int:
    kept = sum(
        records.journal.read(id_) == events(id_, "ana") and records.scorecard(id_) == scorecard(id_)
        for id_ in records.journal.ids()
    )
    settings = records.settings("ana").last_scenario == "late-parcel"
    return _SESSIONS - kept + (not settings)


def _write(path: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """A file of tables in the first form."""
    numbered = {
        name: {str(number): row for number, row in enumerate(rows, start=1)}
        for name, rows in tables.items()
    }
    path.write_text(json.dumps({"schema": 1, "tables": numbered}), "utf-8")


def _insert(connection: sqlite3.Connection, id_: str) -> None:
    """A session and its scorecard in the first form."""
    kept = events(id_, "ana")
    for number, each in enumerate(kept):
        body = dump_event(each)
        row = (id_, number, body.decode(), checksum(number, body))
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?)", row)
    fields = summarise(kept).model_dump(mode="json", exclude={"private", "scores"})
    fields |= {"scores": "{}", "events": len(kept)}
    for name in ("started_at", "ended_at"):
        fields[name] = fields[name].replace("T", " ").replace("Z", ".000000")
    names = ", ".join(fields)
    marks = ", ".join("?" * len(fields))
    connection.execute(f"INSERT INTO sessions ({names}) VALUES ({marks})", [*fields.values()])
    card = scorecard(id_).model_dump_json()
    connection.execute("INSERT INTO scorecards VALUES (?, ?)", (id_, card))
    settings = '{"person": "ana", "settings": {"last_scenario": "late-parcel"}}'
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", ("ana", settings))


def _sessions_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM sessions").fetchone()[0])
