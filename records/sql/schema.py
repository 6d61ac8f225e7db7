"""The tables of the database, as they are after all migrations."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from records.kinds import EVERY_KIND, Kind


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, also in databases that know no time zones; without a zone UTC is meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database gets."""
        if value is None:
            return None
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.replace(tzinfo=None) if dialect.name == "sqlite" else aware

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What the program gets."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

EVENTS = Table(
    "events",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("checksum", String(8), nullable=False),
)
"""The sessions' journals: the truth about them."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("person", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("persona", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("level", Integer),
    Column("language", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("end_reason", Text),
    Column("turns", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("total", Float),
    Column("scores", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("events", Integer, nullable=False),
    Index("sessions_by_person", "person", "started_at"),
    Index("sessions_by_time", "started_at"),
)
"""A summary of each, changed together with its events. `events`: how many there are."""

SCORECARDS = Table(
    "scorecards",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("about", Text),
    Column("session", Text),
    Column("body", Text, nullable=False),
    Index("audit_by_time", "at"),
    Index("audit_by_who", "who"),
    Index("audit_by_about", "about"),
    Index("audit_by_session", "session"),
)


def _table_of(kind: Kind[Any]) -> Table:
    """Rows as JSON, with the fields by which they are found beside it."""
    found_by = [Column(field, Text) for field in (*kind.unique, *kind.indexed)]
    return Table(
        kind.name,
        METADATA,
        Column(kind.key, Text, primary_key=True),
        *found_by,
        Column("body", Text, nullable=False),
        *[UniqueConstraint(field, name=f"{kind.name}_{field}_once") for field in kind.unique],
        *[Index(f"{kind.name}_by_{field}", field) for field in kind.indexed],
    )


TABLES = {kind.name: _table_of(kind) for kind in EVERY_KIND}
"""Kind → its table."""
