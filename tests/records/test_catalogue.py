"""The catalogue: scorecards, settings and the list of sessions survive crashes and company."""

import errno
import json
import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from records import (
    DamagedStore,
    FolderRecords,
    PersonSettings,
    Records,
    RecordsBusy,
    RecordsError,
    open_records,
)
from records.files import locked
from records.folder.store import Store
from records.folder.upgrading import SCHEMA
from tests.records.making import agent, scorecard, session, started


def test_a_scorecard_comes_back_after_opening_again(tmp_path: Path) -> None:
    keep(open_records(tmp_path), "s1")
    open_records(tmp_path).save_scorecard("s1", scorecard("s1"))
    records = open_records(tmp_path)
    assert records.scorecard("s1") == scorecard("s1")
    assert records.scorecard("s2") is None


def test_sessions_are_listed_newest_first_with_their_grade(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    keep(records, "s1", minutes=0)
    keep(records, "s2", minutes=60)
    keep(records, "s3", person="someone-else", minutes=30)
    records.save_scorecard("s1", scorecard("s1", total=64.0))
    listed = records.sessions("local")
    assert [s.id for s in listed] == ["s2", "s1"]
    assert (listed[1].total, listed[1].scores) == (64.0, {"politeness": 64.0})
    assert listed[0].total is None
    assert (listed[0].turns, listed[0].end_reason) == (2, "solved")


def test_the_list_follows_journals_that_others_write(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    other = open_records(tmp_path)
    other.journal.append("s1", started("s1"))
    assert records.sessions("local")[0].turns == 0
    other.journal.append("s1", agent(0))
    assert records.sessions("local")[0].turns == 1


@pytest.mark.parametrize("damage", [None, b"", b"{", b'{"schema": 1, "tables": []}'])
def test_a_lost_list_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    records = open_records(tmp_path)
    keep(records, "s1")
    records.save_scorecard("s1", scorecard("s1"))
    before = records.sessions("local")
    index = tmp_path / "sessions.json"
    if damage is None:
        index.unlink()
        again = open_records(tmp_path)
    else:
        index.write_bytes(damage)
        with pytest.warns(RuntimeWarning, match="made again"):
            again = open_records(tmp_path)
    assert again.sessions("local") == before


def test_a_session_that_cannot_be_read_is_said_and_hides_no_other(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    keep(records, "s1")
    keep(records, "s2")
    path = tmp_path / "sessions" / "s1.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Hello", b"Hullo"))
    assert [s.id for s in records.sessions("local")] == ["s2"]
    [problem] = records.problems()
    assert "s1.jsonl' is damaged in line 2" in problem


def test_titles_come_from_whoever_knows_the_scenarios(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    records.describe_scenarios(lambda scenario: (f"Title of {scenario}", 2))
    keep(records, "s1")
    [listed] = records.sessions("local")
    assert (listed.title, listed.level) == ("Title of late-parcel", 2)


def test_settings_are_per_person(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    records.save_settings("ana", PersonSettings(last_scenario="late-parcel"))
    assert open_records(tmp_path).settings("ana").last_scenario == "late-parcel"
    assert records.settings("ben") == PersonSettings()


def test_a_damaged_table_of_grades_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "scorecards.json").write_bytes(b'{"schema": 1, "tab')
    with pytest.raises(DamagedStore, match=r"scorecards.json' is damaged"):
        open_records(tmp_path)
    assert (tmp_path / "scorecards.json").exists()


def test_files_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "people.json").write_text(json.dumps({"schema": 99, "tables": {}}))
    with pytest.raises(DamagedStore, match="newer version of Spardesk"):
        open_records(tmp_path)


def test_the_form_is_written_into_every_file(tmp_path: Path) -> None:
    records = open_records(tmp_path)
    keep(records, "s1")
    records.save_scorecard("s1", scorecard("s1"))
    records.save_settings("ana", PersonSettings())
    records.sessions("local")
    for name in ("people", "scorecards", "sessions"):
        assert json.loads((tmp_path / f"{name}.json").read_text())["schema"] == SCHEMA


def test_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = open_records(tmp_path)
    records.save_scorecard("s1", scorecard("s1"))
    records.save_settings("ana", PersonSettings())

    def no_space(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("records.files.os.fsync", no_space)
        with pytest.raises(RecordsError, match=r"scorecards.json': there is no space left.*Free"):
            records.save_scorecard("s2", scorecard("s2"))
        with pytest.raises(RecordsError, match="no space left"):
            records.save_scorecard("s1", scorecard("s1", total=1.0))
        with pytest.raises(RecordsError, match="no space left"):
            records.save_settings("ana", PersonSettings(last_scenario="another"))
    assert records.settings("ana") == PersonSettings()
    assert records.scorecard("s1") == scorecard("s1")
    assert records.scorecard("s2") is None
    assert not list(tmp_path.glob(".*.new"))


def test_a_failed_transaction_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.json")
    with store.transaction() as db:
        db.table("t").insert({"a": 1})
    with pytest.raises(ZeroDivisionError), store.transaction() as db:
        db.table("t").insert({"a": 2})
        raise ZeroDivisionError
    assert [dict(row) for row in store.view().table("t").all()] == [{"a": 1}]


def test_a_lock_held_too_long_is_said(tmp_path: Path) -> None:
    records = FolderRecords(tmp_path, lock_wait_s=0.1)
    with (
        locked(tmp_path / "scorecards.json"),
        pytest.raises(RecordsBusy, match=r"scorecards.json' for 0.1 seconds.*try again"),
    ):
        records.save_scorecard("s1", scorecard("s1"))


def test_a_lock_that_comes_free_is_waited_for(tmp_path: Path) -> None:
    records = open_records(tmp_path)

    def hold() -> None:
        with locked(tmp_path / "scorecards.json"):
            held.set()
            time.sleep(0.3)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    records.save_scorecard("s1", scorecard("s1"))
    holder.join()
    assert records.scorecard("s1") is not None


def save_many(folder: Path, prefix: str) -> None:
    records = open_records(folder)
    for number in range(15):
        records.save_scorecard(f"{prefix}{number}", scorecard(f"{prefix}{number}"))


def test_two_programs_write_without_losing_each_others_rows(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=save_many, args=(tmp_path, prefix)) for prefix in "ab"]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    records = open_records(tmp_path)
    assert all(records.scorecard(f"{prefix}{n}") for prefix in "ab" for n in range(15))


def test_the_folder_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARDESK_DATA", str(tmp_path / "chosen"))
    assert open_records().folder == tmp_path / "chosen"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match=r"Could not create the folder .*--data"):
        open_records(tmp_path / "file" / "in")


def keep(records: Records, session_id: str, person: str = "local", minutes: int = 0) -> None:
    for event in session(session_id, person, minutes):
        records.journal.append(session_id, event)
