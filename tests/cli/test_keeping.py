"""`spardesk records`: what the commands say, do and refuse."""

import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from records import Records, open_records
from records.copying import MARK
from records.marks import Mark
from tests.cli.conftest import Outcome
from tests.records.conftest import new_place, postgres_server  # noqa: F401 - fixtures
from tests.records.contract.test_walking import everything, fill
from tests.records.making import START

Run = Callable[..., Outcome]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    """Records at the usual place."""
    monkeypatch.setenv("SPARDESK_DATA", str(tmp_path / "data"))
    records = open_records(tmp_path / "data")
    fill(records)
    return records


def test_everything_moves_into_a_database(spardesk: Run, kept: Records, tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path}/new.db"
    done = spardesk("records", "copy", tmp_path / "data", place)
    assert done.code == 0
    assert done.out.startswith("Copied and verified: 3 sessions, 12 events, 1 scorecards")
    copied = open_records(place)
    assert everything(copied)[:4] == everything(kept)[:4]
    assert [entry.what for entry in copied.audit_trail()][-1] == "records.copied"
    copied.close()
    again = spardesk("records", "copy", tmp_path / "data", place)
    assert again.code == 1
    assert "Name an empty place" in again.err


def test_a_source_that_is_not_there_is_not_made(spardesk: Run, tmp_path: Path) -> None:
    for place in (str(tmp_path / "nowhere"), f"sqlite:///{tmp_path}/nowhere.db"):
        done = spardesk("records", "copy", place, tmp_path / "target")
        assert done.code == 2
        assert "There are no records in" in done.err
    assert list(tmp_path.glob("nowhere*")) == []
    assert not (tmp_path / "target").exists()


def test_a_copy_that_was_stopped_is_said_at_every_start(
    spardesk: Run, kept: Records, tmp_path: Path
) -> None:
    kept.marks.put(Mark(name=MARK, at=START, detail={"from": "elsewhere"}))
    done = spardesk("records", "purge", "--older-than", "9y", "--dry-run")
    assert done.code == 0
    assert "a copy from 'elsewhere', begun 2026-11-02 09:14 UTC, was stopped" in done.err


def test_a_backup_and_back(spardesk: Run, kept: Records, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    done = spardesk("records", "backup", file)
    assert done.code == 0
    assert done.out.startswith("Written and verified: 3 sessions, 12 events")
    assert [entry.what for entry in kept.audit_trail()][-1] == "records.backed_up"
    refused = spardesk("records", "restore", file)
    assert refused.code == 1
    assert "There is something in" in refused.err
    back = spardesk("records", "restore", file, "--into", tmp_path / "new")
    assert back.code == 0
    assert everything(open_records(tmp_path / "new"))[:4] == everything(kept)[:4]
    file.write_bytes(file.read_bytes()[:-40])
    damaged = spardesk("records", "restore", file, "--into", tmp_path / "newer")
    assert damaged.code == 1
    assert "was cut off" in damaged.err
    assert not (tmp_path / "newer").exists()


def test_a_backup_without_a_damaged_session_is_no_success(
    spardesk: Run, kept: Records, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "sessions" / "s0.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Hello", b"Hullo"))
    done = spardesk("records", "backup", tmp_path / "b.zip")
    assert done.code == 1
    assert "Left out: The file" in done.err
    assert (tmp_path / "b.zip").exists()


def test_old_sessions_go(spardesk: Run, kept: Records) -> None:
    wrong = spardesk("records", "purge", "--older-than", "soon")
    assert (wrong.code, "is no age" in wrong.err) == (2, True)
    assert "0 session(s)" in spardesk("records", "purge", "--older-than", "9y").out
    asked = spardesk("records", "purge", "--older-than", "0d", "--dry-run")
    assert "3 session(s)" in asked.out
    assert kept.journal.ids() == ["s0", "s1", "s2"]
    assert "were deleted" in spardesk("records", "purge", "--older-than", "0d").out
    assert kept.journal.ids() == []


def test_a_person_is_exported_and_forgotten(spardesk: Run, kept: Records, tmp_path: Path) -> None:
    file = tmp_path / "ana.zip"
    assert spardesk("records", "export", "nobody", file).code == 1
    done = spardesk("records", "export", "ana", file)
    assert (done.code, "2 session(s) with it" in done.out) == (0, True)
    [account] = json.loads(zipfile.ZipFile(file).read("account.json"))
    assert account["login"] == "ana"
    assert file.stat().st_mode & 0o077 == 0
    assert spardesk("records", "export", "ana", file).code == 2
    gone = spardesk("records", "forget", "ana")
    assert gone.code == 0
    assert "In the audit trail they are 'forgotten-" in gone.out
    assert "Backups" in gone.err
    assert kept.journal.ids() == ["s1"]
    exported = [entry for entry in kept.audit_trail() if entry.what == "person.exported"]
    assert exported[0].about.startswith("forgotten-")
    assert "Nothing is kept about 'ana'" in spardesk("records", "forget", "ana").err


@pytest.mark.postgres
@pytest.mark.parametrize("new_place", ["postgres"], indirect=True)
def test_no_bench_runs_where_something_is_kept(spardesk: Run, new_place: str) -> None:  # noqa: F811
    with closing(open_records(new_place)) as records:
        fill(records)
        done = spardesk("bench", "faults", "--kills", "0", "--records", new_place)
        assert done.code == 2
        assert "this would delete it" in done.err
        assert len(records.journal.ids()) == 3


def test_a_bench_without_kills_still_fills_disks_and_turns_clocks(spardesk: Run) -> None:
    done = spardesk("bench", "faults", "--kills", "0", "--json")
    assert done.code == 0
    kinds = [row["kind"].partition(" (")[0] for row in done.json]
    assert kinds == ["full disk", "clock turned back"] * 2
    assert spardesk("bench", "faults", "--records", "sqlite:///x.db").code == 2
