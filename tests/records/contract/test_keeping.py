"""Deleting, freezing, copying, backing up, forgetting and exporting, in every store."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from records import Records, RecordsError, UnknownSession, open_records
from records.archive import ArchiveSource, write_archive
from records.contents import RecordsSource, counts
from records.copying import MARK, NotEmpty, copy_into
from records.doors import login_key
from records.exporting import as_csv, export
from records.kinds import KINDS
from records.retention import NobodyKnown, forget, identify, older_than, purge
from records.reviewing import AuditEntry, Override
from records.starting import start
from records.types import SessionQuery
from tests.records.contract.test_rows import rows
from tests.records.contract.test_walking import everything, fill
from tests.records.making import START, agent, scorecard, session, started

HOUR = timedelta(hours=1)


@pytest.fixture
def full(records: Records) -> Records:
    fill(records)
    return records


# --- deleting -----------------------------------------------------------------------------------


def test_a_session_goes_with_all_that_belongs_to_it(full: Records) -> None:
    assert full.delete_sessions(["s1", "not-there"]) == 1
    assert full.journal.ids() == ["s0", "s2"]
    assert full.scorecard("s1") is None
    assert full.graded() == []
    assert (full.overrides.find(), full.reviews.find()) == ([], [])
    assert [each.id for each in full.find_sessions(SessionQuery())] == ["s2", "s0"]
    assert full.summary("s2").private
    for read in (full.summary, full.journal.read, full.journal.first):
        with pytest.raises(UnknownSession):
            read("s1")
    with pytest.raises(ValueError, match="cannot begin with"):
        full.journal.append("s1", agent(0))
    full.journal.append("s1", started("s1"))
    assert full.scorecard("s1") is None


def test_a_whole_session_is_written_once(records: Records) -> None:
    records.journal.write("s1", session("s1"))
    assert records.journal.read("s1") == session("s1")
    assert records.journal.first("s1") == session("s1")[0]
    assert records.summary("s1").turns == 2
    with pytest.raises(ValueError, match="begun already"):
        records.journal.write("s1", session("s1"))
    with pytest.raises(ValueError, match="cannot begin"):
        records.journal.write("s2", session("s2")[1:])
    assert records.journal.ids() == ["s1"]
    records.journal.append("s1", agent(2))
    assert records.summary("s1").turns == 3


# --- frozen -------------------------------------------------------------------------------------


def test_what_is_frozen_stays_as_it_was(full: Records) -> None:
    before = everything(full)
    with full.frozen() as frozen:
        full.journal.append("s1", agent(5))
        full.journal.append("s9", started("s9"))
        full.save_scorecard("s1", scorecard("s1", 12.0))
        full.accounts.remove("ana")
        full.audit(AuditEntry(at=START, who="x", what="later"))
        assert everything(frozen) == before
    assert everything(full) != before


# --- copying ------------------------------------------------------------------------------------


def test_a_copy_is_everything_and_verified(full: Records) -> None:
    full.save_scorecard("alone", scorecard("alone"))
    target = open_records("memory:")
    found = copy_into(RecordsSource(full), target)
    assert everything(target) == everything(full)
    assert target.graded() == ["alone", "s1"]
    assert counts(found)["sessions"] == 3
    assert counts(found)["scorecards"] == 2
    assert counts(found)["audit entries"] == 3
    assert target.marks.find() == []


def test_a_copy_comes_into_every_store(records: Records) -> None:
    source = open_records("memory:")
    source.describe_scenarios(lambda scenario: (f"Title of {scenario}", 3))
    fill(source)
    copy_into(RecordsSource(source), records)
    assert everything(records) == everything(source)
    assert records.summary("s1").title == "Title of late-parcel"


def test_a_copy_goes_nowhere_where_there_is_something(full: Records) -> None:
    with pytest.raises(NotEmpty, match="Name an empty place"):
        copy_into(RecordsSource(open_records("memory:")), full)
    assert full.journal.ids() == ["s0", "s1", "s2"]


@pytest.mark.parametrize("stop_after", range(0, 14, 3))
def test_a_copy_that_was_stopped_is_said_and_goes_on(
    full: Records, stop_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_records("memory:")
    with monkeypatch.context() as patched:
        stop(target, patched, stop_after)
        with pytest.raises(KeyboardInterrupt):
            copy_into(RecordsSource(full), target)
    assert "Not everything is in 'memory:'" in start(target)[0]
    other = RecordsSource(open_records("memory:"))
    other.name = "another place"
    with pytest.raises(RecordsError, match="was stopped"):
        copy_into(other, target)
    full.delete_sessions(["s0"])
    full.journal.append("s1", agent(7))
    copy_into(RecordsSource(full), target)
    assert everything(target) == everything(full)
    assert start(target) == []


def stop(target: Records, patched: pytest.MonkeyPatch, after: int) -> None:
    """Stop with the n-th thing that is written."""
    left = [after]

    def counting(real: object) -> object:
        def call(*args: object, **more: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return real(*args, **more)  # type: ignore[operator]

        return call

    table = type(target.teams)
    patched.setattr(table, "put", counting(table.put))
    patched.setattr(target.journal, "write", counting(target.journal.write))
    patched.setattr(target, "save_scorecards", counting(target.save_scorecards))


def test_a_copy_that_differs_is_said(full: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    target = open_records("memory:")
    monkeypatch.setattr(target, "save_scorecards", lambda _cards: None)
    with pytest.raises(RecordsError, match=r"is not what was copied: scorecards differ"):
        copy_into(RecordsSource(full), target)
    assert target.marks.get(MARK) is not None


# --- backup -------------------------------------------------------------------------------------


def test_a_backup_comes_back(full: Records, tmp_path: Path) -> None:
    manifest = write_archive(full, tmp_path / "b.zip", lambda _done: None)
    assert manifest.counts["sessions"] == 3
    assert [path.name for path in tmp_path.glob("b.zip*")] == ["b.zip"]
    target = open_records("memory:")
    copy_into(ArchiveSource(tmp_path / "b.zip"), target)
    assert everything(target) == everything(full)
    with pytest.raises(RecordsError, match="already a file"):
        write_archive(full, tmp_path / "b.zip", lambda _done: None)


def test_what_changes_while_a_backup_is_made_is_not_in_it(full: Records, tmp_path: Path) -> None:
    before = everything(full)

    def meanwhile(done: int) -> None:
        full.journal.append("s2", agent(10 + done))
        full.journal.append(f"new{done}", started(f"new{done}"))

    write_archive(full, tmp_path / "b.zip", meanwhile)
    target = open_records("memory:")
    copy_into(ArchiveSource(tmp_path / "b.zip"), target)
    assert everything(target) == before


# --- retention ----------------------------------------------------------------------------------


def test_old_sessions_are_purged(full: Records) -> None:
    assert older_than(full, START + 2 * HOUR / 60) == ["s1", "s0"]
    full.save_scorecard("alone", scorecard("alone"))
    assert purge(full, START + 2 * HOUR / 60, "mia", START) == 2
    assert full.journal.ids() == ["s2"]
    assert full.graded() == []
    begun, purged = list(full.audit_trail(who="mia"))[-2:]
    assert (begun.what, purged.what) == ("records.purge_begun", "records.purged")
    assert purged.detail["sessions"] == "2"
    assert full.accounts.get("ana") is not None


def test_a_person_is_forgotten(full: Records) -> None:
    tell_of_ana(full)
    assert "ana" in everything_said(full)
    pseudonym = forget(full, identify(full, " ANA "), "mia", START)
    assert "ana" not in everything_said(full)
    assert full.journal.ids() == ["s1"]
    trail = list(full.audit_trail())
    assert len(trail) == 5
    assert trail[3].detail == {"login": pseudonym, "note": f"{pseudonym} came in"}
    assert trail[-1] == AuditEntry(
        at=START, who="mia", what="person.forgotten", about=pseudonym, detail={"sessions": "2"}
    )
    assert full.overrides.get("by-ana").by == pseudonym
    assert full.failures.get(login_key("ana")) is None
    assert full.failures.get("address:10.0.0.3") is not None
    assert full.marks.find() == []
    with pytest.raises(NobodyKnown, match="Nothing is kept about 'ana'"):
        identify(full, "ana")


def tell_of_ana(records: Records) -> None:
    """All over the place."""
    for kind, row in zip(KINDS, rows(), strict=True):
        records.table(kind).put(row)
    delivery = records.deliveries.get("d1")
    records.deliveries.put(delivery.model_copy(update={"body": '{"person": "ana"}'}))
    records.failures.put(
        records.failures.get(login_key("ana")).model_copy(update={"key": "address:10.0.0.3"})
    )
    own = Override(
        id="by-ana", session="s1", criterion="logic", score=1, reason="No.", by="ana", at=START
    )
    records.overrides.put(own)
    note = {"login": "Ana", "note": "ana came in"}
    records.audit(AuditEntry(at=START, who="ana", what="login", about="ana", detail=note))


def everything_said(records: Records) -> set[str]:
    """The words of all that is kept, ids of overrides apart."""
    content = [each.model_dump_json() for each in RecordsSource(records).sessions()]
    content += [row.model_dump_json() for kind in KINDS for row in records.table(kind).find()]
    content += [entry.model_dump_json() for entry in records.audit_trail()]
    return set(re.findall(r"\w+", " ".join(content).replace("by-ana", "").casefold()))


@pytest.mark.parametrize("step", ["delete_sessions", "change_audit", "audit", "graded"])
def test_forgetting_that_was_stopped_is_finished_at_the_next_start(
    full: Records, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_of_ana(full)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(full, step, stopped)
        with pytest.raises(KeyboardInterrupt):
            forget(full, identify(full, "ana"), "mia", START)
    [said] = start(full)
    assert "had been interrupted and was finished" in said
    assert "ana" not in everything_said(full)
    assert full.journal.ids() == ["s1"]
    [last] = [entry for entry in full.audit_trail() if entry.what == "person.forgotten"]
    assert last.detail == {"sessions": "2"}
    assert start(full) == []


# --- exporting ----------------------------------------------------------------------------------


def test_all_about_a_person_is_exported(full: Records) -> None:
    tell_of_ana(full)
    full.journal.append("s0", agent(9, '=HYPERLINK("http://x")'))
    full.save_scorecard("s0", scorecard("s0", 55.0))
    sink = io.BytesIO()
    assert export(full, identify(full, "ana"), sink) == 2
    archive = zipfile.ZipFile(sink)
    names = set(archive.namelist())
    assert {"sessions/s0.json", "sessions/s2.json", "account.json", "messages.csv"} <= names
    assert "sessions/s1.json" not in names
    whole = json.loads(archive.read("sessions/s0.json"))
    assert len(whole["events"]) == 5
    assert whole["scorecard"]["total"] == 55.0
    [kept] = json.loads(archive.read("account.json"))
    assert kept["login"] == "ana"
    text = b"".join(archive.read(name) for name in names).decode()
    assert "argon2" not in text
    assert "token_hash" not in text
    for name in ("logins", "tokens", "audit_by_them", "deliveries", "overrides_by_them"):
        assert len(json.loads(archive.read(f"{name}.json"))) == 1, name
    messages = list(csv.DictReader(io.StringIO(archive.read("messages.csv").decode())))
    assert [row["text"] for row in messages if row["index"] == "9"] == ['\'=HYPERLINK("http://x")']
    assert [row["speaker"] for row in messages[:2]] == ["agent", "customer"]
    [score] = csv.DictReader(io.StringIO(archive.read("scores.csv").decode()))
    assert score == {"session": "s0", "criterion": "politeness", "score": "55.0"}


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_are_no_formulas(begins: str) -> None:
    [row] = csv.DictReader(io.StringIO(as_csv([{"a": f"{begins}1", "b": -1.5}]), newline=""))
    assert row == {"a": f"'{begins}1", "b": "-1.5"}


def test_a_session_that_goes_on_is_exported_without_what_its_customer_has_not_said(
    full: Records,
) -> None:
    for event in session("s9", "ana")[:3]:
        full.journal.append("s9", event)
    sink = io.BytesIO()
    export(full, identify(full, "ana"), sink)
    whole = json.loads(zipfile.ZipFile(sink).read("sessions/s9.json"))
    assert whole["events"] == []
    assert [message["index"] for message in whole["messages"]] == [0, 1]
