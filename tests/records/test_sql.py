"""What only a database can get wrong: rows changed behind our back, locks, full disks, versions."""

import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, text

from records import (
    DamagedJournal,
    DamagedStore,
    PersonSettings,
    Records,
    RecordsBusy,
    RecordsError,
    open_records,
)
from records.sql.catalogue import SqlRecords
from records.sql.database import Database
from records.sql.schema import METADATA
from records.sql.upgrading import _alone, upgrade
from tests.records.conftest import POSTGRES, SQL
from tests.records.making import agent, scorecard, session, started

sql_places = pytest.mark.parametrize("place", SQL, indirect=True)
new_sql_places = pytest.mark.parametrize("new_place", SQL, indirect=True)


@pytest.fixture
def database(place: str) -> Iterator[SqlRecords]:
    """Records with one session of four events."""
    records = SqlRecords(place, lock_wait_s=0.2)
    for each in session("s1"):
        records.journal.append("s1", each)
    yield records
    records.close()


def execute(records: SqlRecords, statement: str) -> None:
    with records._database.writing() as connection:
        connection.execute(text(statement))


@sql_places
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE events SET body = replace(body, 'Hello', 'Hullo')", "event 2: its checksum"),
        ("DELETE FROM events WHERE n = 1", "event 2: it is event 2, expected event 1"),
        ("UPDATE events SET n = 7 WHERE n = 3", "event 4: its checksum"),
        ("DELETE FROM events WHERE n = 3", "event 4: it is missing"),
    ],
)
def test_a_damaged_session_is_named(database: SqlRecords, damage: str, problem: str) -> None:
    execute(database, damage)
    with pytest.raises(DamagedJournal, match=f"'s1' is damaged in {problem}.*from a backup"):
        database.journal.read("s1")
    assert database.summary("s1").turns == 2


@sql_places
def test_commits_wait_for_the_disk(database: SqlRecords) -> None:
    with database._database.writing() as connection:
        if database._database.file:
            assert connection.scalar(text("PRAGMA synchronous")) == 2
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        else:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"


@sql_places
def test_a_lock_held_too_long_is_said(database: SqlRecords, place: str) -> None:
    other = SqlRecords(place)
    with other._database.writing() as connection:
        connection.execute(text("UPDATE sessions SET turns = turns"))
        with pytest.raises(RecordsBusy, match=r"for 0.2 seconds. Wait for it to finish"):
            database.journal.append("s1", agent(2))
    database.journal.append("s1", agent(2))
    assert len(database.journal.read("s1")) == 5
    other.close()


@sql_places
def test_a_lock_that_comes_free_is_waited_for(database: SqlRecords, place: str) -> None:
    patient = SqlRecords(place)
    with database._database.writing() as connection:
        connection.execute(text("UPDATE sessions SET turns = turns"))
        writer = threading.Thread(target=patient.journal.append, args=("s1", agent(2)))
        writer.start()
        writer.join(timeout=0.2)
        assert writer.is_alive()
    writer.join()
    assert len(database.journal.read("s1")) == 5
    patient.close()


@pytest.mark.parametrize("place", [POSTGRES], indirect=True)
def test_a_lost_connection_is_found_again(database: SqlRecords, place: str) -> None:
    other = SqlRecords(place)
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    kill = text(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}")
    with other._database.reading() as connection:
        assert connection.scalar(kill)
    assert database.journal.read("s1") == session("s1")
    other.close()


@sql_places
def test_threads_append_in_turn(database: SqlRecords) -> None:
    records = SqlRecords(database._database.engine.url.render_as_string(hide_password=False))
    records.journal.append("t1", started("t1"))

    def write(which: int) -> None:
        for index in range(8):
            records.journal.append("t1", agent(index, f"{which}-{index}"))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [each.text for each in records.journal.read("t1") if each.kind == "agent_said"]
    assert sorted(said) == sorted(f"{which}-{index}" for which in range(4) for index in range(8))
    records.close()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_full_disk_keeps_what_was_there(database: SqlRecords) -> None:
    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are now

    event.listen(database._database.engine, "connect", limit)
    database._database.engine.dispose()
    with pytest.raises(RecordsError, match=r"records.db': database or disk is full. Free some"):
        for index in range(50):
            database.journal.append("s1", agent(index + 2, "x" * 5000))
    event.remove(database._database.engine, "connect", limit)
    database._database.engine.dispose()
    kept = database.journal.read("s1")
    assert kept[:4] == session("s1")
    database.journal.append("s1", agent(99))
    assert len(database.journal.read("s1")) == len(kept) + 1


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "mysql://ana:hunter2@example.org/db",
        "postgresql://ana:hunter2@example.org:notaport/db",
        "postgresql+psycopg2://ana:hunter2@example.org/db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_means_nothing_is_said_without_its_password(where: str) -> None:
    with pytest.raises(RecordsError, match=r"at this address .*sqlite:///FILE") as caught:
        open_records(where)
    assert "hunter2" not in str(caught.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "where",
    [
        "postgresql://ana:hunter2@127.0.0.1:1/practice",
        "postgres://ana@127.0.0.1:1/practice?password=hunter2",
    ],
)
def test_a_server_that_does_not_answer_is_said_without_its_password(where: str) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(RecordsError) as caught:
        open_records(where)
    said = str(caught.value)
    assert "'postgresql://ana@127.0.0.1:1/practice'" in said
    assert "Check that it runs" in said
    assert "hunter2" not in said


def test_a_test_reaches_a_server_only_when_it_is_marked() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(pytest.fail.Exception, match="mark it `postgres`"):
        open_records("postgresql://ana@127.0.0.1:1/practice")


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_said(postgres_server: object) -> None:
    missing = postgres_server.set(drivername="postgresql", database="nope")  # type: ignore[attr-defined]
    with pytest.raises(RecordsError, match=r"database \"nope\" does not exist.*Check"):
        open_records(missing.render_as_string(hide_password=False))


def test_a_missing_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RecordsError, match=r'pip install "\.\[postgres\]"'):
        open_records("postgresql://ana@127.0.0.1:1/practice")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "r.db").write_bytes(b"Dear diary, " * 100)
    with pytest.raises(DamagedStore, match=r"r.db' is damaged, or is none: file is not a database"):
        open_records(f"sqlite:///{tmp_path}/r.db")


def test_a_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match="Could not create"):
        open_records(f"sqlite:///{tmp_path}/file/r.db")
    with pytest.raises(RecordsError, match=r"unable to open database file\. Allow"):
        open_records(f"sqlite:///{tmp_path}")


def test_the_file_is_private_and_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite:///in/r.db")
    monkeypatch.chdir("/")
    records.save_settings("ana", PersonSettings(last_scenario="late-parcel"))
    records.close()
    for path in [tmp_path / "in", *(tmp_path / "in").glob("r.db*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.suffix == ".lock"
    again = open_records(f"sqlite:///{tmp_path}/in/r.db")
    assert again.settings("ana").last_scenario == "late-parcel"
    again.close()


# --- versions -----------------------------------------------------------------------------------

OLD = (
    "INSERT INTO sessions (id, person, scenario, persona, title, language, started_at, turns, "
    "model, scores, events) VALUES ('s1', 'ana', 'late-parcel', 'dana', 'Late', 'en', "
    "'2026-11-02 09:14:00', 0, 'scripted', '{}', 0)",
    """INSERT INTO settings VALUES
       ('ana', '{"person": "ana", "settings": {"last_scenario": "late-parcel"}}')""",
)


def make_first_version(place: str) -> None:
    database = Database(place)
    upgrade(database, "0001")
    with database.writing() as connection:
        for statement in OLD:
            connection.exec_driver_sql(statement)
    database.close()


@new_sql_places
def test_the_migrations_make_what_the_schema_says(new_place: str) -> None:
    records = SqlRecords(new_place)
    with records._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    records.close()


@new_sql_places
def test_a_database_of_the_first_version_is_upgraded(new_place: str) -> None:
    make_first_version(new_place)
    records = open_records(new_place)
    [found] = records.sessions("ana")
    assert (found.title, found.private) == ("Late", False)
    assert records.settings("ana").last_scenario == "late-parcel"
    records.save_scorecard("s1", scorecard("s1"))
    records.mark_private("s1", True)
    assert records.summary("s1").total == 77.0
    assert records.accounts.find() == []
    records.close()


def test_a_file_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path}/r.db"
    make_first_version(place)
    for _ in range(2):
        open_records(place).close()
    [copy] = tmp_path.glob("r.db.version*")
    assert copy.name == "r.db.version0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0001",)
        ]
        assert connection.execute("SELECT person FROM sessions").fetchall() == [("ana",)]


@new_sql_places
def test_an_upgrade_that_fails_leaves_the_version_that_was(
    new_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_first_version(new_place)

    def fail_late(connection: Connection, *_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.create_index", fail_late)
        with pytest.raises(ZeroDivisionError):
            open_records(new_place)
    database = Database(new_place)
    with database.reading() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
        with pytest.raises(RecordsError), database.reading() as second:
            second.execute(text("SELECT * FROM accounts"))
    database.close()
    open_records(new_place).close()


@new_sql_places
def test_many_that_open_at_once_upgrade_once(new_place: str, tmp_path: Path) -> None:
    make_first_version(new_place)
    opened = at_once(4, lambda: open_records(new_place))
    assert [len(records.sessions("ana")) for records in opened] == [1] * 4
    for records in opened:
        records.close()
    if new_place.startswith("sqlite"):
        assert len(list(tmp_path.glob("new.db.version*"))) == 1


@new_sql_places
def test_an_upgrade_waits_for_that_of_another_program(new_place: str) -> None:
    make_first_version(new_place)
    database, opened = Database(new_place), []
    second = threading.Thread(target=lambda: opened.append(open_records(new_place)))
    with _alone(database):
        second.start()
        second.join(timeout=0.4)
        assert second.is_alive()
    second.join()
    assert [len(records.sessions("ana")) for records in opened] == [1]
    opened[0].close()
    database.close()


@new_sql_places
def test_a_database_of_a_newer_version_is_refused(new_place: str) -> None:
    records = SqlRecords(new_place)
    execute(records, "UPDATE alembic_version SET version_num = '0999'")
    records.close()
    with pytest.raises(DamagedStore, match=r"newer version of Spardesk \(form '0999'\)"):
        open_records(new_place)


def at_once(times: int, work: Callable[[], Records]) -> list[Records]:
    done: list[Records] = []
    threads = [threading.Thread(target=lambda: done.append(work())) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
