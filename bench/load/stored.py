"""Records that many sessions are in already, made once per number and seed.

Half of a hundred thousand sessions' time would go into waiting for the disk and into models of
rows; so a few are kept as usual, in SQLite, and the rest are their rows once more, with other
people, times and checksums, in one transaction. `Records` reads all of them like any others.
"""

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.load.people import CROWD, trainee
from dialogue.types import Mood, Perception
from grading.types import CriterionScore, Scorecard
from llm.paths import cache_folder
from records import Records, open_records
from records.batches import batched
from records.contents import RecordsSource
from records.copying import copy_into
from records.events import checksum
from scenarios.library import Library
from simulator.types import AgentSaid, Cue, CustomerSaid, Does, Ended, EndReason, Event, Started

FORM = 1
"""Raised when what is made changes."""

PATTERNS = 8
_EXCHANGES = 2
"""Of each session: enough for summaries and means, and a hundred thousand still fit on a disk."""

_CRITERIA = ("politeness", "empathy", "logic", "resolution")
_BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_SPREAD_MIN = 300 * 24 * 60
_AT_A_TIME = 2_000
_AT = re.compile(r'"at":"[^"]*"')

Row = dict[str, Any]


def put_into(place: str, count: int, seed: int) -> None:
    """Have so many sessions in empty records; a database of SQLite is copied as a file."""
    made = stored_file(count, seed)
    if place.startswith("sqlite:///"):
        shutil.copyfile(made, place.removeprefix("sqlite:///"))
        return
    with closing(open_records(f"sqlite:///{made}")) as source, closing(open_records(place)) as to:
        copy_into(RecordsSource(source), to)


def stored_file(count: int, seed: int) -> Path:
    """The database with so many sessions, from the cache or made now."""
    folder = cache_folder() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"stored-{FORM}-{count}-{seed}.db"
    if not path.exists():
        beside = path.with_suffix(".new")
        _remove(beside)
        with closing(open_records(f"sqlite:///{beside}")) as records:
            _keep_patterns(records)
        _multiply(beside, count, seed)
        beside.replace(path)
        _remove(beside)
    return path


def _remove(path: Path) -> None:
    """A database with what lies beside it."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


# --- the patterns -------------------------------------------------------------------------------


def _keep_patterns(records: Records) -> None:
    library = Library.load()
    scenarios = [each for each in library.scenarios() if each.language == "en"]
    records.describe_scenarios(lambda id_: (library.scenario(id_).title, None))
    for number in range(PATTERNS):
        scenario = scenarios[number % len(scenarios)]
        session = _pattern(number)
        first = Started(
            at=_BEGIN,
            session_id=session,
            person=session,
            scenario=scenario.id,
            persona=scenario.persona,
            pack=library.pack_of(scenario.id).id,
            language=scenario.language,
            seed=number,
            model="scripted:load",
            content_version="load",
            prompt_version="load",
        )
        records.journal.write(session, [first, *_conversation()])
        records.save_scorecard(session, _scorecard(session, 40.0 + 5 * number))


def _pattern(number: int) -> str:
    return f"pattern-{number:03}"


def _conversation() -> Iterator[Event]:
    mood = Mood(emotion="annoyed", patience=0.5, trust=0.5)
    cue = Cue(acts=(Does.STATE_PROBLEM,), mood=mood, means="It has not arrived.")
    for number in range(0, 2 * _EXCHANGES, 2):
        yield AgentSaid(at=_BEGIN, index=number, text="Hello, how can I help you with this?")
        yield CustomerSaid(
            at=_BEGIN,
            index=number + 1,
            text="It still has not arrived, and nobody tells me why.",
            perception=Perception(),
            cue=cue,
            state={"told": []},
        )
    yield Ended(at=_BEGIN, reason=EndReason.SOLVED)


def _scorecard(id_: str, score: float) -> Scorecard:
    one = CriterionScore(status="scored", score=score, coverage=1.0)
    return Scorecard(
        id=id_,
        criteria=dict.fromkeys(_CRITERIA, one),
        total=score,
        coverage=1.0,
        rubric="core",
        rubric_version="2",
        grader_version="2.0.0",
        model="scripted:load",
    )


# --- many of them -------------------------------------------------------------------------------


def _multiply(path: Path, count: int, seed: int) -> None:
    """So many sessions by the patterns; the patterns themselves go."""
    draw = random.Random(seed)
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        patterns = [_Pattern(database, _pattern(number)) for number in range(PATTERNS)]
        for table, key in (("events", "session"), ("scorecards", "session")):
            database.execute(f"DELETE FROM {table} WHERE {key} LIKE 'pattern-%'")
        database.execute("DELETE FROM sessions WHERE id LIKE 'pattern-%'")
        for numbers in batched(range(count), _AT_A_TIME):
            made = [_made(patterns, number, draw) for number in numbers]
            for table in ("sessions", "events", "scorecards"):
                _insert(database, table, [row for rows in made for row in rows[table]])
        database.commit()


class _Pattern:
    """A session's rows."""

    def __init__(self, database: sqlite3.Connection, id_: str) -> None:
        def rows(table: str, key: str = "session") -> list[Row]:
            found = database.execute(f"SELECT * FROM {table} WHERE {key} = ?", (id_,))
            return [dict(row) for row in found]

        self.id = id_
        [self.session] = rows("sessions", "id")
        [self.scorecard] = rows("scorecards")
        self.events = rows("events")


def _made(patterns: list[_Pattern], number: int, draw: random.Random) -> dict[str, list[Row]]:
    """The rows of one session, by table."""
    pattern = draw.choice(patterns)
    id_, person = f"stored-{number:07}", trainee(number % CROWD)
    begun = _BEGIN + timedelta(minutes=draw.randrange(_SPREAD_MIN))

    def named(body: str) -> str:
        return body.replace(f'"person":"{pattern.id}"', f'"person":"{person}"').replace(
            pattern.id, id_
        )

    return {
        "sessions": [{**pattern.session, "id": id_, "person": person, **_times(begun)}],
        "events": [_event(row, id_, named(row["body"]), begun) for row in pattern.events],
        "scorecards": [{"session": id_, "body": named(pattern.scorecard["body"])}],
    }


def _times(begun: datetime) -> Row:
    ended = begun + timedelta(minutes=10)
    form = "%Y-%m-%d %H:%M:%S.%f"
    return {"started_at": begun.strftime(form), "ended_at": ended.strftime(form)}


def _event(row: Row, session: str, body: str, begun: datetime) -> Row:
    at = json.dumps((begun + timedelta(minutes=2 * row["n"])).isoformat())
    dated = _AT.sub(f'"at":{at}', body, count=1)
    sum_ = checksum(row["n"], dated.encode())
    return {**row, "session": session, "body": dated, "checksum": sum_}


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    some = list(rows)
    names = list(some[0])
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"
    database.executemany(statement, [tuple(row[name] for name in names) for row in some])
