"""What a database's errors mean, in sentences that never hold a password."""

from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

from records.errors import DamagedStore, RecordsBusy, RecordsError

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03")
_FULL = ("SQLITE_FULL", "53100")
_READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "25006", "42501")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002")
_NO_SERVER = ("08", "28", "3D", "57P")
"""Beginnings of PostgreSQL's codes: no connection, not let in, no such database, shutting down."""


def from_sql_error(error: SQLAlchemyError, place: str, waited_s: float) -> RecordsError:
    """The error to raise for a failed use of the database: says where, why, and what to do."""
    code = _code(error)
    if isinstance(error, TimeoutError) or code.startswith(_BUSY):
        return RecordsBusy(place, waited_s)
    if code.startswith(_DAMAGED):
        return DamagedStore(
            f"The database {place!r} is damaged, or is none: {_cause(error)}. "
            "Restore it from a backup, or choose another with --records."
        )
    return RecordsError(f"Could not use the database {place!r}: {_cause(error)}. {_step(error)}")


def _step(error: SQLAlchemyError) -> str:
    code = _code(error)
    if code.startswith(_FULL):
        return "Free some space there and try again; everything saved before is still there."
    if code.startswith(_READ_ONLY):
        return "Allow writing there, or choose another place with --records, and try again."
    unreached = not code and isinstance(error, OperationalError | InterfaceError)
    if unreached or code.startswith(_NO_SERVER):
        return (
            "Check that it runs, and the address, name and password in --records, and try again. "
            "If it stopped just now, look whether the last change was kept before repeating it."
        )
    return "Nothing of this change was kept. Look into the database's own log, and try again."


def _code(error: SQLAlchemyError) -> str:
    """PostgreSQL's five characters or SQLite's name of what happened; empty where there is none."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    return str(getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None) or "")


def _cause(error: SQLAlchemyError) -> str:
    """The driver's own words, in one line, without statement and values."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    lines = str(origin).strip().splitlines()
    return lines[0].rstrip(" .:") if lines else type(origin).__name__
