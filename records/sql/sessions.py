"""The sessions of a database: their events and, changed with them, a summary of each."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from grading.types import Scorecard
from records.errors import DamagedJournal, UnknownSession
from records.events import (
    Unfit,
    check,
    check_id,
    check_place,
    checksum,
    dump_event,
    is_session_id,
    load_event,
)
from records.interface import Describe
from records.kinds import NUL
from records.sql.database import Database
from records.sql.schema import EVENTS, SCORECARDS, SESSIONS, TABLES
from records.summaries import Tally, begun, followed, with_grade
from records.types import PersonAverages, SessionQuery, SessionSummary, Window
from simulator.types import Event

_NOT_GRADED = "{}"


def _nothing_known(_scenario: str) -> tuple[str, int | None]:
    return "", None


class SqlJournal:
    """See `SessionJournal`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.describe: Describe = _nothing_known

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        """See `SessionJournal`."""
        check_id(session_id)

        def appended() -> None:
            with self._database.writing() as connection:
                self._append(connection, session_id, event, number)

        self._database.repeated(appended)

    def read(self, session_id: str) -> list[Event]:
        """See `SessionJournal`."""
        if not is_session_id(session_id):
            raise UnknownSession(session_id)
        query = (
            select(EVENTS, SESSIONS.c.events)
            .join(SESSIONS, SESSIONS.c.id == EVENTS.c.session)
            .where(EVENTS.c.session == session_id)
            .order_by(EVENTS.c.n)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        if not rows:
            raise UnknownSession(session_id)
        events = [_event(session_id, number, row) for number, row in enumerate(rows)]
        if len(events) < rows[0]["events"]:
            raise DamagedJournal(session_id, len(events) + 1, "it is missing")
        return events

    def first(self, session_id: str) -> Event:
        """See `SessionJournal`."""
        query = select(EVENTS).where(EVENTS.c.session == session_id, EVENTS.c.n == 0)
        known = is_session_id(session_id)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none() if known else None
        if row is None:
            raise UnknownSession(session_id)
        return _event(session_id, 0, row)

    def write(self, session_id: str, events: Sequence[Event]) -> None:
        """See `SessionJournal`."""
        for number, event in enumerate(events):
            check_place(session_id, number, event)

        def written() -> None:
            with self._database.writing() as connection:
                self._write(connection, session_id, events)

        self._database.repeated(written)

    def ids(self) -> list[str]:
        """See `SessionJournal`."""
        with self._database.reading() as connection:
            return sorted(connection.scalars(select(SESSIONS.c.id)))

    def _write(self, connection: Connection, session_id: str, events: Sequence[Event]) -> None:
        there = select(SESSIONS.c.id).where(SESSIONS.c.id == session_id)
        if connection.scalar(there) is not None:
            raise ValueError(f"The session {session_id!r} has begun already.")
        summary = self._first(connection, session_id, events[0])
        for event in events[1:]:
            summary = followed(summary, event)
        rows = [
            {"session": session_id, "n": n, "body": body.decode(), "checksum": checksum(n, body)}
            for n, body in enumerate(map(dump_event, events))
        ]
        connection.execute(insert(EVENTS), rows)
        connection.execute(insert(SESSIONS).values(events=len(rows), **columns_of(summary)))

    def _append(
        self, connection: Connection, session_id: str, event: Event, expected: int | None
    ) -> None:
        query = select(SESSIONS).where(SESSIONS.c.id == session_id).with_for_update()
        row = connection.execute(query).mappings().one_or_none()
        number = row["events"] if row else 0
        check_place(session_id, number, event, expected)
        body = dump_event(event)
        values = {"session": session_id, "n": number, "body": body.decode()}
        connection.execute(insert(EVENTS).values(checksum=checksum(number, body), **values))
        if row is None:
            columns = columns_of(self._first(connection, session_id, event))
            connection.execute(insert(SESSIONS).values(events=1, **columns))
        else:
            columns = columns_of(followed(summary_of(row), event))
            changed = update(SESSIONS).where(SESSIONS.c.id == session_id)
            connection.execute(changed.values(events=number + 1, **columns))

    def _first(self, connection: Connection, session_id: str, event: Event) -> SessionSummary:
        """The summary of a session that begins; its scorecard may be there before, in a copy."""
        summary = begun(event)
        title, level = self.describe(summary.scenario)
        summary = summary.model_copy(update={"id": session_id, "title": title, "level": level})
        return with_grade(summary, scorecards(connection, [session_id]).get(session_id))


def scorecards(connection: Connection, session_ids: Sequence[str]) -> dict[str, Scorecard]:
    """The scorecards there are of these sessions, by id."""
    kept = [id_ for id_ in session_ids if NUL not in id_]
    rows = connection.execute(select(SCORECARDS).where(SCORECARDS.c.session.in_(kept)))
    return {row.session: Scorecard.model_validate_json(row.body) for row in rows}


def save_scorecard(connection: Connection, session_id: str, card: Scorecard) -> None:
    """Keep a scorecard, and what it says in the session's summary."""
    connection.execute(select(SESSIONS.c.id).where(SESSIONS.c.id == session_id).with_for_update())
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    kept = upsert(SCORECARDS).values(session=session_id, body=card.model_dump_json())
    body = {"body": kept.excluded.body}
    connection.execute(kept.on_conflict_do_update(index_elements=["session"], set_=body))
    scores = {criterion: each.score for criterion, each in card.criteria.items()}
    graded = {"total": card.total, "scores": json.dumps(scores)}
    connection.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(graded))


def delete_all(connection: Connection, session_ids: Sequence[str]) -> int:
    """Delete sessions and what belongs to them; how many there were."""
    of_them = SESSIONS.c.id.in_(session_ids)
    # In the order of their ids, as whoever appends takes one of them.
    ordered = select(SESSIONS.c.id).where(of_them).order_by(SESSIONS.c.id).with_for_update()
    count = len(connection.scalars(ordered).all())
    for table in (EVENTS, SCORECARDS, TABLES["overrides"], TABLES["reviews"]):
        connection.execute(delete(table).where(table.c.session.in_(session_ids)))
    connection.execute(delete(SESSIONS).where(of_them))
    return count


def one(connection: Connection, session_id: str) -> SessionSummary:
    """One session; raises `UnknownSession`."""
    query = select(SESSIONS).where(SESSIONS.c.id == session_id)
    known = is_session_id(session_id)
    row = connection.execute(query).mappings().one_or_none() if known else None
    if row is None:
        raise UnknownSession(session_id)
    return summary_of(row)


def find(connection: Connection, query: SessionQuery) -> list[SessionSummary]:
    """Sessions, newest first."""
    chosen = (
        select(SESSIONS)
        .where(*_within(query), *_such(query))
        .order_by(SESSIONS.c.started_at.desc(), SESSIONS.c.id.desc())
        .limit(query.limit)
        .offset(query.offset or None)
    )
    return [summary_of(row) for row in connection.execute(chosen).mappings()]


def count(connection: Connection, query: SessionQuery) -> int:
    """How many sessions."""
    chosen = select(func.count()).select_from(SESSIONS).where(*_within(query), *_such(query))
    return connection.scalar(chosen) or 0


def averages(connection: Connection, window: Window) -> list[PersonAverages]:
    """What people's sessions come to, counted here: databases take apart JSON more slowly."""
    columns = SESSIONS.c.person, SESSIONS.c.private, SESSIONS.c.total, SESSIONS.c.scores
    tallies: dict[str, Tally] = defaultdict(Tally)
    for person, private, total, scores in connection.execute(
        select(*columns).where(*_within(window))
    ):
        tallies[person].add(private, total, from_json(scores))
    return [tallies[person].averages(person) for person in sorted(tallies)]


def _within(window: Window) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if window.persons is not None:
        chosen.append(SESSIONS.c.person.in_(window.persons))
    if window.since is not None:
        chosen.append(SESSIONS.c.started_at >= window.since)
    if window.until is not None:
        chosen.append(SESSIONS.c.started_at < window.until)
    if window.scenario is not None:
        chosen.append(SESSIONS.c.scenario == window.scenario)
    return chosen


def _such(query: SessionQuery) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.graded is not None:
        scores = SESSIONS.c.scores
        chosen.append(scores != _NOT_GRADED if query.graded else scores == _NOT_GRADED)
    if query.private is not None:
        chosen.append(SESSIONS.c.private == query.private)
    return chosen


def columns_of(summary: SessionSummary) -> dict[str, Any]:
    """A summary as a row."""
    return summary.model_dump() | {"scores": json.dumps(summary.scores)}


def summary_of(row: RowMapping) -> SessionSummary:
    """A row as a summary."""
    fields = {name: value for name, value in row.items() if name != "events"}
    return SessionSummary.model_validate(fields | {"scores": json.loads(row["scores"])})


def _event(session_id: str, number: int, row: RowMapping) -> Event:
    """The event of a row, after checking it; raises `DamagedJournal`."""
    body = row["body"].encode()
    try:
        check(number, row["n"], row["checksum"], body)
        return load_event(body)
    except Unfit as error:
        raise DamagedJournal(session_id, number + 1, str(error)) from error
