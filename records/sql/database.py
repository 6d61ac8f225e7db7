"""A database: connections that are durable and patient, transactions, and errors in sentences."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from records.errors import RecordsError
from records.files import LOCK_WAIT_S, make_folder
from records.sql.failures import from_sql_error

T = TypeVar("T")

_TRIES = 5
"""More than one is needed only where a row comes and goes."""

_CONNECT_WAIT_S = 10
_CONNECTIONS = 10
_MORE_CONNECTIONS = 30
"""At once, when many people are there."""


class Database:
    """The database at an address. Safe for threads; each transaction has its own connection."""

    def __init__(self, address: str, lock_wait_s: float = LOCK_WAIT_S) -> None:
        url = _url(address)
        self.place = _place(url)
        self.lock_wait_s = lock_wait_s
        self._turn = threading.Lock()
        """SQLite waits for other writers by trying again now and then, so that one of many can wait
        in vain; those of one program take turns here before."""
        self.file = Path(str(url.database)) if _is_sqlite(url) else None
        """SQLite's file."""
        if self.file:
            make_folder(self.file.parent)
            _touch(self.file)
        self.engine = self._engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks. Raises `RecordsError`."""
        with self._sentences(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, durable when the block has ended, undone when it raises.

        Raises `RecordsError`, `RecordsBusy`, and `IntegrityError` for `repeated`.
        """
        engine = self.engine.execution_options(writes=True)
        with self._in_turn(), self._sentences(), engine.begin() as connection:
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """After this program's other writers, where only one can write; who waited long goes on."""
        taken = self.file is not None and self._turn.acquire(timeout=self.lock_wait_s)
        try:
            yield
        finally:
            if taken:
                self._turn.release()

    @contextmanager
    def frozen(self) -> Iterator["Frozen"]:
        """One transaction that sees all as it is now, however long it is read."""
        level = {} if self.file else {"isolation_level": "REPEATABLE READ"}
        engine = self.engine.execution_options(**level)
        with self._sentences(), engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM alembic_version"))  # from here on
            yield Frozen(self, connection)

    def repeated(self, work: Callable[[], T]) -> T:
        """Do a transaction, again when another program put the same row there meanwhile."""
        for _ in range(_TRIES - 1):
            with suppress(IntegrityError):
                return work()
        try:
            return work()
        except IntegrityError as error:
            raise from_sql_error(error, self.place, self.lock_wait_s) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise from_sql_error(error, self.place, self.lock_wait_s) from error

    def _engine(self, url: URL) -> Engine:
        common = {
            "hide_parameters": True,
            "pool_size": _CONNECTIONS,
            "max_overflow": _MORE_CONNECTIONS,
            "pool_timeout": self.lock_wait_s,
        }
        if self.file:
            engine = create_engine(url, connect_args={"timeout": self.lock_wait_s}, **common)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        wait_ms = round(self.lock_wait_s * 1000)
        options = f"-c synchronous_commit=on -c lock_timeout={wait_ms} -c timezone=UTC"
        arguments = {
            "connect_timeout": _CONNECT_WAIT_S,
            "options": options,
            "application_name": "spardesk",
        }
        try:
            return create_engine(
                url,
                connect_args=arguments,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                **common,
            )
        except ModuleNotFoundError as error:
            raise RecordsError(
                f"The database {self.place!r} needs a driver that is not installed. Install it "
                'with: pip install ".[postgres]"'
            ) from error


class Frozen(Database):
    """A database as it was at one moment, to read, in one thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.place = database.place
        self.lock_wait_s = database.lock_wait_s
        self.file = database.file
        self.engine = database.engine
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The one transaction."""
        with self._sentences():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Nothing is written here; raises `RecordsError`."""
        raise RecordsError(f"These records of {self.place!r} are only to be read.")
        yield self._connection


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Readers beside a writer, every commit on the disk, and transactions that we begin."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is not left in free pages


def _begin_sqlite(connection: Connection) -> None:
    """Who is going to write waits for others at once, not in the midst."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _url(address: str) -> URL:
    """The address with our driver; raises `RecordsError` without repeating what may be secret."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = URL.create("unreadable")
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if _is_sqlite(url) and url.database and url.database != ":memory:":
        return url.set(database=str(Path(url.database).expanduser().absolute()))
    kind = address.partition("://")[0]
    raise RecordsError(
        f"Spardesk cannot keep records at this address ({kind}://…). Give --records a folder, "
        "sqlite:///FILE, or postgresql://NAME:PASSWORD@HOST/DATABASE."
    )


def _is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite"


def _place(url: URL) -> str:
    """The address without password, nor what else follows the database's name."""
    if _is_sqlite(url):
        return f"sqlite:///{url.database}"
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return plain.render_as_string()


def _touch(path: Path) -> None:
    """Make the file before SQLite does, for its owner alone."""
    if not path.exists():
        try:
            path.touch(mode=0o600)
        except OSError as error:
            raise RecordsError(
                f"Could not create the database {str(path)!r}: {error.strerror}. "
                "Choose another place with --records."
            ) from error
