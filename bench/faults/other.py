"""A disk that fills up, and a clock that is turned back."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.faults.disk import limit_files, make_room, small_disk
from bench.faults.killing import Children, lost_and_repaired
from bench.faults.making import START, account, event, large_scorecard, scorecard
from bench.faults.types import Outcome, Tell, Wrong
from bench.faults.writing import write_until
from records import Records, RecordsError, open_records
from records.doors import count_failure
from records.people import Team

_LONG_AGO = 1_000_000_000
_STEPS = 40


@dataclass(frozen=True)
class FullDisk:
    """Sessions and scorecards until nothing more goes in; then there is room again."""

    name: str
    limited: bool
    """By a limit on files, since a small disk could not be had."""

    def work(self, place: str, tell: Tell) -> None:
        """Ends when the records say that it cannot be kept."""
        if self.limited:
            limit_files()
        try:
            write_until(place, self.name, tell)
        except RecordsError as error:
            tell(f"full: {error}")

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Sessions that were acknowledged before and are not whole; more can be kept."""
        *whole, last = told
        if not last.startswith("full: Could not "):
            raise Wrong(f"a full disk was not said: {last}")
        gone = sum(not _is_whole(records, session_id) for session_id in whole)
        records.journal.append("again", event("again", 0))
        records.save_scorecard("again", scorecard("again"))
        return gone


def _is_whole(records: Records, session_id: str) -> bool:
    kept = records.journal.read(session_id)
    return kept == [event(session_id, n) for n in range(3)] and (
        records.scorecard(session_id) == large_scorecard(session_id)
    )


@dataclass(frozen=True)
class _Filling:
    fault: FullDisk
    place: str

    def __call__(self, tell: Tell) -> None:
        self.fault.work(self.place, tell)


def full_disk(children: Children, folder: Path, sqlite: bool) -> Outcome:
    """Fill a small disk with records, make room, and look."""
    with small_disk(folder) as mounted:
        how = "tmpfs" if mounted else "limit on files"
        outcome = Outcome(f"full disk ({how})", "sqlite" if sqlite else "folder", rounds=1)
        place = f"sqlite:///{folder}/records.db" if sqlite else str(folder / "records")
        fault = FullDisk("full", limited=not mounted)
        ran = children.run(_Filling(fault, place))
        make_room(folder)
        outcome.acknowledged = len(ran.told) - 1
        try:
            if ran.problem or not ran.told:
                raise Wrong(ran.problem or "nothing was written")
            outcome.lost, outcome.repaired = lost_and_repaired(fault, place, ran.told)
        except (Wrong, RecordsError) as error:
            outcome.failed = 1
            outcome.problems.append(f"{type(error).__name__}: {error}")
    return outcome


def clock_turned_back(folder: Path, place: str, store: str) -> Outcome:
    """Time runs backwards, on the events and on the files, and one program reads behind another."""
    outcome = Outcome("clock turned back", store, rounds=1)
    with closing(open_records(place)) as writer, closing(open_records(place)) as reader:
        for number in range(_STEPS):
            _write(writer, number)
            _turn_back(folder)
            outcome.acknowledged += 1
            outcome.lost += not _is_seen(reader, number)
        for number in range(100, 100 + _STEPS):
            writer.teams.put(Team(id="t", name=str(number)))
            _turn_back(folder)
            outcome.acknowledged += 1
            if number % 2:  # a file replaced twice may have its old number on the disk again
                team = reader.teams.get("t")
                outcome.lost += team is None or team.name != str(number)
    with closing(open_records(place)) as again:
        outcome.lost += not _is_seen(again, _STEPS - 1)
    return outcome


def _write(records: Records, number: int) -> None:
    said = event("clock", number)
    at = START - timedelta(hours=number)
    records.journal.append("clock", said.model_copy(update={"at": at}))
    records.save_scorecard("clock", scorecard("clock", 10.0 + number))
    records.accounts.put(account("ana").model_copy(update={"generation": 100 + number}))
    count_failure(records, "login:ana", at, timedelta(days=365))


def _is_seen(records: Records, number: int) -> bool:
    failed = records.failures.get("login:ana")
    ana = records.accounts.get("ana")
    return (
        len(records.journal.read("clock")) == number + 1
        and records.summary("clock").turns == number
        and records.scorecard("clock") == scorecard("clock", 10.0 + number)
        and ana is not None
        and ana.generation == 100 + number
        and failed is not None
        and failed.count == number + 1
    )


def _turn_back(folder: Path) -> None:
    """All files are of one and the same moment, long ago."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (_LONG_AGO, _LONG_AGO))
