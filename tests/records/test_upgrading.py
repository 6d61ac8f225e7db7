"""A folder of the first version opens, is upgraded, and a copy of it stays beside."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from records import FolderRecords, PersonSettings, Records, open_records
from records.folder.store import Store
from records.folder.upgrading import SCHEMA
from records.kinds import SETTINGS
from tests.records.making import scorecard, session

VERSION_1 = Path(__file__).parent / "version1"
FILES = ("people.json", "scorecards.json", "sessions.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VERSION_1, tmp_path / "data"))


def check(records: Records) -> None:
    assert [summary.id for summary in records.sessions("local")] == ["s2", "s1"]
    assert [summary.total for summary in records.sessions("local")] == [None, 64.0]
    assert [summary.id for summary in records.sessions("ana")] == ["s3"]
    assert records.scorecard("s1") == scorecard("s1", 64.0)
    assert records.journal.read("s3") == session("s3", "ana", minutes=120)
    assert records.settings("local") == PersonSettings(
        last_scenario="late-parcel", last_persona="dana"
    )
    assert records.accounts.find() == []


def test_the_first_version_opens_and_goes_on(folder: Path) -> None:
    check(open_records(folder))
    again = open_records(folder)
    check(again)
    again.mark_private("s1", True)
    again.save_settings("ana", PersonSettings(last_scenario="another"))
    assert open_records(folder).summary("s1").private
    assert open_records(folder).settings("ana").last_scenario == "another"


def test_a_copy_of_each_file_stays_beside_it(folder: Path) -> None:
    for _ in range(2):
        open_records(folder)
    for name in FILES:
        assert (folder / f"{name}.version1").read_bytes() == (VERSION_1 / name).read_bytes()
        assert json.loads((folder / name).read_bytes())["schema"] == SCHEMA
    assert len(list(folder.glob("*.version*"))) == len(FILES)


def test_many_that_open_at_once_upgrade_once(folder: Path) -> None:
    opened: list[Records] = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_records(folder))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for records in opened:
        check(records)
    assert len(list(folder.glob("*.version*"))) == len(FILES)


def test_a_copy_is_never_written_over(folder: Path) -> None:
    (folder / "people.json.version1").write_text("precious")
    open_records(folder)
    assert (folder / "people.json.version1").read_text() == "precious"
    copy = folder / "people.json.version1-2"
    assert copy.read_bytes() == (VERSION_1 / "people.json").read_bytes()


def test_a_file_that_an_earlier_version_wrote_meanwhile_is_upgraded(tmp_path: Path) -> None:
    records = FolderRecords(tmp_path)
    shutil.copyfile(VERSION_1 / "people.json", tmp_path / "people.json")
    assert records.settings("ana").last_scenario == "late-parcel"
    assert not list(tmp_path.glob("*.version*"))
    records.save_settings("ben", PersonSettings())
    assert len(records.table(SETTINGS).find()) == 3
    assert [path.name for path in tmp_path.glob("*.version*")] == ["people.json.version1"]


def test_a_crash_amid_the_upgrade_leaves_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "people.json").read_bytes()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_keep", crash)
        with pytest.raises(KeyboardInterrupt):
            open_records(folder)
    assert (folder / "people.json").read_bytes() == before
    check(open_records(folder))
