"""Killed while sessions and the tables around them are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from bench.faults.making import START, account, event, large_scorecard, override, scorecard
from bench.faults.types import Tell, Wrong
from records import PersonSettings, Records, UnknownSession, open_records
from records.doors import count_failure
from records.reviewing import AuditEntry


@dataclass(frozen=True)
class Session:
    """A session being journalled."""

    name: str
    steps: int = 60
    kind: str = "session"

    def prepare(self, place: str) -> None:
        """The tables, in a database."""
        open_records(place).close()

    def work(self, place: str, tell: Tell) -> None:
        """Event after event."""
        records = open_records(place)
        tell("ready")
        for number in range(self.steps):
            records.journal.append(self.name, event(self.name, number))
            tell(str(number))
        records.close()

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Events that were acknowledged and are gone."""
        try:
            kept = records.journal.read(self.name)
        except UnknownSession:
            kept = []
        if kept != [event(self.name, number) for number in range(len(kept))]:
            raise Wrong(f"the events of {self.name} are not those that were written")
        if len(kept) > len(told) + 1:
            raise Wrong(f"{self.name} has {len(kept)} events, {len(told)} were acknowledged")
        if kept and records.summary(self.name).turns != len(kept) - 1:
            raise Wrong(f"the summary of {self.name} does not fit its events")
        records.journal.append(self.name, event(self.name, len(kept)))
        return max(0, len(told) - len(kept))


@dataclass(frozen=True)
class Catalogue:
    """Scorecards, accounts, settings, overrides, counts and the audit trail."""

    name: str
    steps: int = 24
    kind: str = "catalogue"

    def prepare(self, place: str) -> None:
        """The tables, in a database."""
        open_records(place).close()

    def work(self, place: str, tell: Tell) -> None:
        """One after the other."""
        records = open_records(place)
        tell("ready")
        for number in range(self.steps):
            self._step(records, f"{self.name}-{number}", number)
            tell(str(number))
        records.close()

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Rows that were acknowledged and are not as they were written."""
        gone = sum(
            not self._is_kept(records, f"{self.name}-{number}", int(number)) for number in told
        )
        failed = records.failures.get(self._failures)
        counted = failed.count if failed else 0
        wanted = sum(int(number) % 6 == 3 for number in told)
        if counted > wanted + 1:
            raise Wrong(f"{counted} failures were counted, {wanted} acknowledged")
        return gone + max(0, wanted - counted)

    @property
    def _failures(self) -> str:
        return f"login:{self.name}"

    def _step(self, records: Records, id_: str, number: int) -> None:
        match number % 6:
            case 0:
                records.save_scorecard(id_, scorecard(id_))
            case 1:
                records.accounts.add(account(id_))
            case 2:
                records.save_settings(id_, PersonSettings(last_scenario=id_))
            case 3:
                count_failure(records, self._failures, START, timedelta(hours=1))
            case 4:
                records.overrides.add(override(id_, id_))
            case _:
                records.audit(AuditEntry(at=START, who=id_, what="bench"))

    def _is_kept(self, records: Records, id_: str, number: int) -> bool:
        match number % 6:
            case 0:
                return records.scorecard(id_) == scorecard(id_)
            case 1:
                return records.accounts.get(id_) == account(id_)
            case 2:
                return records.settings(id_).last_scenario == id_
            case 3:
                return True  # counted together
            case 4:
                return records.overrides.get(id_) == override(id_, id_)
            case _:
                return len(list(records.audit_trail(who=id_))) == 1


def write_until(place: str, name: str, tell: Tell) -> None:
    """Sessions and rows without end: until the disk is full. Raises what the records raise."""
    records = open_records(place)
    tell("ready")
    for number in count():
        session_id = f"{name}-{number}"
        for n in range(3):
            records.journal.append(session_id, event(session_id, n))
        records.save_scorecard(session_id, large_scorecard(session_id))
        tell(session_id)
