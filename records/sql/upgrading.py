"""Brings a database to the present version when it is opened, by one program at a time.

All migrations that are due run in one transaction: a crash leaves the version that was there. A
SQLite file is copied before; of a server's database nobody but its operator can make a backup.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from records.errors import DamagedStore
from records.files import locked, sync_folder
from records.sql.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5350_4152
"""Of PostgreSQL's advisory locks, ours."""
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in its module."""
UPGRADE_WAIT_S = 60.0
"""How long to wait for another program that is upgrading."""


def upgrade(database: Database, to: str = "head") -> list[str]:
    """Run the migrations that are due; what was done to records that there were, in sentences.

    Raises `DamagedStore` for a newer version's database.
    """
    script = ScriptDirectory.from_config(_config())
    target = script.get_current_head() if to == "head" else to
    if _version(database, script) == target:
        return []
    with _alone(database) as connection:
        version = _checked(MigrationContext.configure(connection), database, script)
        if version == target:
            return []
        copy = _copy(database.file, version) if database.file and version else None
        config = _config()
        config.attributes["connection"] = connection
        with _ONE_AT_A_TIME:
            command.upgrade(config, to)
    return [_said(database, version, target, copy)] if version else []


def _said(database: Database, version: str, target: str | None, copy: Path | None) -> str:
    as_it_was = f"; as it was before, it is in {str(copy)!r}" if copy else ""
    return f"{database.place} was brought from form {version} to {target}{as_it_was}."


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _version(database: Database, script: ScriptDirectory) -> str | None:
    with database.reading() as connection:
        return _checked(MigrationContext.configure(connection), database, script)


def _checked(context: MigrationContext, database: Database, script: ScriptDirectory) -> str | None:
    """The database's version; `None`: it is empty."""
    version = context.get_current_revision()
    if version and version not in {each.revision for each in script.walk_revisions()}:
        raise DamagedStore(
            f"The database {database.place!r} was written by a newer version of Spardesk (form "
            f"{version!r}). Update Spardesk, or choose another place with --records."
        )
    return version


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A transaction that no other program's upgrade runs beside."""
    if database.file:
        with locked(database.file, UPGRADE_WAIT_S), database.writing() as connection:
            yield connection
        return
    with database.writing() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {round(UPGRADE_WAIT_S * 1000)}"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        yield connection


def _copy(file: Path, version: str) -> Path:
    """A copy of a SQLite file beside it, whole or not there; none that is there is written over."""
    name, copies = f"{file.name}.version{version}", 1
    while (copy := file.with_name(name)).exists():
        copies += 1
        name = f"{file.name}.version{version}-{copies}"
    beside = file.with_name(f"{file.name}.copying")
    beside.unlink(missing_ok=True)  # of a crash
    beside.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(beside)) as target:
        source.backup(target)
    with beside.open("r+b") as whole:
        os.fsync(whole.fileno())
    beside.replace(copy)
    sync_folder(file.parent)
    return copy
