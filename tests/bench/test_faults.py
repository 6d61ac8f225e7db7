"""Programs are killed and nothing is lost; and what is lost or half done would be seen."""

import random
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.faults.deleting import Forget, Purge
from bench.faults.killing import Children, Killer, lost_and_repaired
from bench.faults.making import event
from bench.faults.moving import Backup, Copy
from bench.faults.other import FullDisk, clock_turned_back
from bench.faults.running import Site, run
from bench.faults.types import Outcome, Tell, Wrong
from bench.faults.writing import Catalogue, Session
from records import open_records
from ui.cli.bench_faults import grade

KILLS = 20


@pytest.mark.timeout(900)  # a busy machine starves it; alone it takes some 20 s
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    heard: list[Outcome] = []
    found = run(Site(tmp_path, None, grade), KILLS, 11, heard.append, ["ui.cli.grading_run"])
    assert [outcome.problems for outcome in found] == [[] for _ in found]
    assert heard == found
    assert sum(outcome.kills for outcome in found) >= KILLS * 0.8  # some were done before
    assert sum(outcome.lost + outcome.failed for outcome in found) == 0
    kinds = {outcome.kind.partition(" (")[0] for outcome in found}
    assert {"session", "catalogue", "purge", "forget", "backup", "copy"} <= kinds
    assert {"upgrade of a folder", "upgrade of SQLite", "grade --resume", "full disk"} <= kinds
    assert all(outcome.acknowledged for outcome in found if outcome.kind.startswith("full disk"))


@dataclass(frozen=True)
class Liar(Session):
    """Acknowledges what it does not keep."""

    def work(self, place: str, tell: Tell) -> None:
        records = open_records(place)
        tell("ready")
        for number in range(self.steps):
            if number < 3:
                records.journal.append(self.name, event(self.name, number))
            tell(str(number))


@dataclass(frozen=True)
class Crasher(Session):
    """Fails of its own."""

    def work(self, place: str, tell: Tell) -> None:
        tell("ready")
        raise ZeroDivisionError("on purpose")


@pytest.mark.timeout(300)
def test_what_was_not_kept_is_counted(tmp_path: Path) -> None:
    liar = Liar("s", steps=8)
    liar.prepare(str(tmp_path))
    ran = Children().run(Doing(liar, str(tmp_path)))
    assert (len(ran.told), ran.killed, ran.problem) == (8, False, None)
    assert lost_and_repaired(liar, str(tmp_path), ran.told)[0] == 5


@dataclass(frozen=True)
class Doing:
    fault: Session | FullDisk
    place: str

    def __call__(self, tell: Tell) -> None:
        self.fault.work(self.place, tell)


@pytest.mark.timeout(300)
def test_a_child_that_fails_is_a_failure(tmp_path: Path) -> None:
    made = (Crasher("s"), str(tmp_path))
    outcome = Killer(Children(), random.Random(1), "folder", lambda _round: made).outcome
    assert outcome.failed == 1
    assert "ZeroDivisionError: on purpose" in outcome.problems[0]


def told(fault: Session | Catalogue, place: Path) -> list[str]:
    """The fault's work in this process, as far as the first acknowledgements."""
    heard: list[str] = []
    fault.prepare(str(place))
    fault.work(str(place), heard.append)
    return heard[1:]


def test_a_changed_event_and_a_missing_row_are_seen(tmp_path: Path) -> None:
    session, catalogue = Session("s", steps=4), Catalogue("c", steps=6)
    steps, rows = told(session, tmp_path), told(catalogue, tmp_path)
    with closing(open_records(tmp_path)) as records:
        assert catalogue.lost("", records, rows) == 0
        records.accounts.remove("c-1")
        records.failures.remove("login:c")
        assert catalogue.lost("", records, rows) == 2
        assert session.lost("", records, steps) == 0
        with pytest.raises(Wrong, match="were acknowledged"):
            session.lost("", records, steps[:1])


def test_half_a_deletion_is_seen(tmp_path: Path) -> None:
    purge = Purge("p", sessions=6)
    purge.prepare(str(tmp_path))
    with closing(open_records(tmp_path)) as records:
        assert purge.lost("", records, []) == 0
        assert purge.lost("", records, ["3"]) == 3
        records.overrides.remove("o-s00-p")
        with pytest.raises(Wrong, match="half deleted"):
            purge.lost("", records, [])


@pytest.mark.parametrize("what", ["account", "override"])
def test_half_a_forgetting_is_seen(tmp_path: Path, what: str) -> None:
    forget = Forget("f", sessions=2)
    forget.prepare(str(tmp_path))
    with closing(open_records(tmp_path)) as records:
        assert forget.lost("", records, []) == 0
        assert forget.lost("", records, ["forgotten"]) == 1
        if what == "account":
            records.accounts.remove("gone-f")
        else:
            records.overrides.remove("o-s0-gone-f")
        with pytest.raises(Wrong, match="half forgotten"):
            forget.lost("", records, [])


def test_half_a_backup_and_half_a_copy_are_seen(tmp_path: Path) -> None:
    backup = Backup("b", str(tmp_path / "backups"), sessions=2)
    backup.prepare(str(tmp_path / "a"))
    with closing(open_records(tmp_path / "a")) as records:
        assert backup.lost("", records, ["0"]) == 1
        copy = Copy("c", str(tmp_path / "source"), sessions=2)
        copy.prepare(str(tmp_path / "b"))
        with pytest.raises(Wrong, match="nothing says so"):
            copy.lost("", records, [])


@pytest.mark.timeout(300)
def test_a_full_disk_that_is_not_said_is_seen(tmp_path: Path) -> None:
    full = FullDisk("full", limited=True)
    with closing(open_records(tmp_path)) as records:
        with pytest.raises(Wrong, match="was not said"):
            full.lost("", records, ["full-0"])
        records.journal.append("full-0", event("full-0", 0))
        assert full.lost("", records, ["full-0", "full: Could not write"]) == 1


@pytest.mark.timeout(300)
def test_the_limit_on_files_is_one(tmp_path: Path) -> None:
    ran = Children().run(Doing(FullDisk("full", limited=True), str(tmp_path)))
    assert ran.problem is None
    assert ran.told[-1].startswith("full: Could not ")


def test_a_stale_reading_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before a file was held open while it is remembered."""
    monkeypatch.setattr(
        "records.folder.store._signature", lambda status: (0, status.st_mtime_ns, status.st_size)
    )
    outcome = clock_turned_back(tmp_path, str(tmp_path / "r"), "folder")
    assert outcome.lost > 0


def test_a_clock_turned_back_hides_nothing(tmp_path: Path) -> None:
    outcome = clock_turned_back(tmp_path, str(tmp_path / "r"), "folder")
    assert (outcome.lost, outcome.failed, outcome.acknowledged) == (0, 0, 80)
