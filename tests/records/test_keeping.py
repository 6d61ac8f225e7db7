"""What is repaired and said in a folder and a database, and what damage does to copies."""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from records import FolderRecords, RecordsBusy, open_records
from records.archive import ArchiveSource, DamagedArchive, write_archive
from records.contents import RecordsSource
from records.copying import copy_into
from records.folder import places
from records.retention import forget, identify, older_than
from records.starting import start
from tests.records.contract.test_walking import everything, fill
from tests.records.making import START, agent, scorecard, session
from tests.records.test_upgrading import VERSION_1


@pytest.fixture
def folder(tmp_path: Path) -> FolderRecords:
    records = FolderRecords(tmp_path / "r", lock_wait_s=0.2)
    fill(records)
    return records


def quiet(_done: int) -> None:
    pass


# --- what is said at the start ------------------------------------------------------------------


def test_a_deletion_that_was_interrupted_is_finished(
    folder: FolderRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(folder, "_clear", lambda _ids: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            folder.delete_sessions(["s1"])
    assert folder.scorecard("s1") is not None
    again = FolderRecords(folder.folder)
    assert start(again) == [
        "The deletion of 1 session(s) that a crash had interrupted was finished."
    ]
    assert again.scorecard("s1") is None
    assert again.overrides.find() == []
    assert not list((folder.folder / "sessions").glob("*.deleted"))
    assert start(FolderRecords(folder.folder)) == []


def test_torn_lines_are_cut_off_and_said_once(folder: FolderRecords) -> None:
    for name in ("sessions/s1.jsonl", "audit.jsonl"):
        with (folder.folder / name).open("ab") as file:
            file.write(b'{"n":4,"su')
    (folder.folder / "sessions" / "s7.jsonl").write_bytes(b"")
    said = start(open_records(folder.folder))
    assert [each.partition(",")[0] for each in said] == [
        "s1.jsonl: line 5 was cut off after 10 bytes",
        "s7.jsonl: line 1 was cut off after 0 bytes",
        "audit.jsonl: line 4 was cut off after 10 bytes",
    ]
    again = open_records(folder.folder)
    assert start(again) == []
    assert again.journal.read("s1") == session("s1", "ben", 1)
    assert again.journal.ids() == ["s0", "s1", "s2"]
    again.journal.append("s1", agent(2))
    assert len(list(again.audit_trail())) == 3


def test_what_a_killed_program_left_is_cleared_away(folder: FolderRecords) -> None:
    left = [folder.folder / ".people.json-x.new", folder.folder / "sessions" / ".s9.jsonl-x.new"]
    for path in left:
        path.write_bytes(b"{")
    said = " ".join(start(open_records(folder.folder)))
    assert "people.json: a change that a crash had interrupted" in said
    assert "a session that a crash had cut short" in said
    assert not any(path.exists() for path in left)


def test_an_upgrade_is_said_with_its_copy(tmp_path: Path) -> None:
    shutil.copytree(VERSION_1, tmp_path / "r")
    said = start(open_records(tmp_path / "r"))
    assert len(said) == 3
    assert "people.json was brought from form 1 to 2; as it was before, it is in " in said[-1]
    assert str(tmp_path / "r" / "people.json.version1") in said[-1]
    assert start(open_records(tmp_path / "r")) == []


def test_damage_is_said_with_its_place_as_long_as_it_is_there(folder: FolderRecords) -> None:
    damage(folder)
    for _ in range(2):
        [said] = start(open_records(folder.folder))
        assert "s1.jsonl' is damaged in line 2" in said


def test_a_folder_with_many_sessions_names_the_way_out(
    folder: FolderRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MANY_SESSIONS", 3)
    assert start(folder) == []
    folder.journal.write("s9", session("s9"))
    [said] = start(folder)
    assert said.startswith("There are 4 sessions in the folder")
    assert f"spardesk records copy {folder.folder} sqlite:///{folder.folder}.db" in said


def damage(folder: FolderRecords) -> None:
    path = folder.folder / "sessions" / "s1.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Hello", b"Hullo"))


# --- damaged sessions ---------------------------------------------------------------------------


def test_a_damaged_session_is_left_out_of_a_backup_and_named(
    folder: FolderRecords, tmp_path: Path
) -> None:
    damage(folder)
    manifest = write_archive(folder, tmp_path / "b.zip", quiet)
    [said] = manifest.damaged
    assert "s1.jsonl' is damaged in line 2" in said
    target = open_records("memory:")
    copy_into(ArchiveSource(tmp_path / "b.zip"), target)
    assert target.journal.ids() == ["s0", "s2"]
    assert target.scorecard("s1") == scorecard("s1")


def test_a_damaged_session_is_old_and_somebodys_all_the_same(folder: FolderRecords) -> None:
    damage(folder)
    assert sorted(older_than(folder, START + timedelta(hours=1))) == ["s0", "s1", "s2"]
    folder.save_settings("ben", folder.settings("ben"))
    forget(folder, identify(folder, "ben"), "mia", START)
    assert folder.journal.ids() == ["s0", "s2"]
    assert folder.problems() == []


# --- frozen -------------------------------------------------------------------------------------


def test_nothing_is_deleted_from_under_a_backup(folder: FolderRecords) -> None:
    with folder.frozen() as frozen:
        with pytest.raises(RecordsBusy):
            FolderRecords(folder.folder, lock_wait_s=0.1).delete_sessions(["s1"])
        assert len(frozen.journal.read("s1")) == 4
    assert folder.delete_sessions(["s1"]) == 1


# --- archives -----------------------------------------------------------------------------------


@pytest.fixture
def archive(folder: FolderRecords, tmp_path: Path) -> Path:
    write_archive(folder, tmp_path / "b.zip", quiet)
    return tmp_path / "b.zip"


def member(archive: Path, name: str) -> tuple[int, int]:
    """Where the content of a member begins in the file, and how long it is."""
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo(name)
        return info.header_offset + 30 + len(name), info.compress_size


@pytest.mark.parametrize("name", ["sessions/s1.json", "rows/accounts.jsonl", "audit.jsonl"])
def test_damage_is_named(archive: Path, name: str) -> None:
    begin, size = member(archive, name)
    content = bytearray(archive.read_bytes())
    content[begin + size // 2] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(DamagedArchive, match=rf"is damaged in {name}\. Nothing was restored"):
        ArchiveSource(archive)


def test_what_was_put_in_or_changed_with_its_checksum_is_named(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("sessions/evil.json", "{}")
    with pytest.raises(DamagedArchive, match=r"sessions/evil\.json"):
        ArchiveSource(archive)


@pytest.mark.parametrize("keep", [0, 10, 400, -1])
def test_a_backup_that_was_cut_off_is_said(archive: Path, keep: int) -> None:
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(DamagedArchive, match=r"no backup of Spardesk, or was cut off"):
        ArchiveSource(archive)


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as opened:
        opened.writestr("manifest.json", '{"spardesk_backup": 2}')
    with pytest.raises(DamagedArchive, match="newer version"):
        ArchiveSource(tmp_path / "b.zip")


def test_a_backup_that_failed_leaves_no_file(
    folder: FolderRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.archive.os.fsync", full)
    with pytest.raises(Exception, match="no space left on the disk"):
        write_archive(folder, tmp_path / "b.zip", quiet)
    assert not (tmp_path / "b.zip").exists()


# --- SQLite -------------------------------------------------------------------------------------


def test_what_is_deleted_is_not_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "r.db"
    with closing(open_records(f"sqlite:///{file}")) as records:
        records.journal.append("s1", session("s1")[0])
        records.journal.append("s1", agent(0, "my secret is 4711"))
        records.delete_sessions(["s1"])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left = b"".join(path.read_bytes() for path in tmp_path.glob("r.db*"))
    assert b"my secret" not in left


def test_a_copy_from_a_folder_to_sqlite_and_back_is_the_same(
    folder: FolderRecords, tmp_path: Path
) -> None:
    with closing(open_records(f"sqlite:///{tmp_path}/r.db")) as database:
        copy_into(RecordsSource(folder), database)
        back = open_records(tmp_path / "back")
        copy_into(RecordsSource(database), back)
        assert everything(back) == everything(folder)
