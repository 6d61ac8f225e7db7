"""Killed while sessions are purged and a person is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bench.faults.making import START, fill, join
from bench.faults.types import Tell, Wrong
from records import Records, open_records
from records.contents import RecordsSource
from records.kinds import KINDS
from records.retention import forget, identify, purge


@dataclass(frozen=True)
class Purge:
    """Old sessions, a few more at a time."""

    name: str
    sessions: int = 18
    kind: str = "purge"

    def prepare(self, place: str) -> None:
        """Sessions a minute apart, with all that can belong to one."""
        records = open_records(place)
        fill(records, self._ids, f"p-{self.name}")
        records.close()

    def work(self, place: str, tell: Tell) -> None:
        """Three at a time."""
        records = open_records(place)
        tell("ready")
        for number in range(3, self.sessions + 1, 3):
            purge(records, START + timedelta(minutes=number), "bench", START)
            tell(str(number))
        records.close()

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Sessions that were acknowledged as deleted, and of which something is there."""
        done = int(told[-1]) if told else 0
        left = [_traces(records, session_id) for session_id in self._ids]
        if any(traces not in (0, _WHOLE) for traces in left):
            raise Wrong(f"sessions are half deleted: {left}")
        if 0 in left[done + 3 :]:
            raise Wrong("sessions are gone that nobody deleted")
        return sum(traces > 0 for traces in left[:done])

    @property
    def _ids(self) -> list[str]:
        return [f"s{number:02}-{self.name}" for number in range(self.sessions)]


_WHOLE = 4


def _traces(records: Records, session_id: str) -> int:
    """How much there is of a session: events, scorecard, override, review."""
    return (
        (session_id in records.journal.ids())
        + (records.scorecard(session_id) is not None)
        + len(records.overrides.find(session=session_id))
        + len(records.reviews.find(session=session_id))
    )


@dataclass(frozen=True)
class Forget:
    """Everything about one person; another stays."""

    name: str
    sessions: int = 5
    kind: str = "forget"

    def prepare(self, place: str) -> None:
        """Two people with accounts and sessions."""
        records = open_records(place)
        for person in (self._gone, self._stays):
            join(records, person)
            fill(records, [f"s{n}-{person}" for n in range(self.sessions)], person)
        records.close()

    def work(self, place: str, tell: Tell) -> None:
        """In one go."""
        records = open_records(place)
        tell("ready")
        forget(records, identify(records, self._gone), "bench", START)
        tell("forgotten")
        records.close()

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """One, when they are still known after that was acknowledged."""
        stays, gone = self._things(records, self._stays), self._things(records, self._gone)
        if stays != self._all:
            raise Wrong(f"{self._stays} is not whole any more")
        if gone not in (0, self._all) or (gone == 0 and self._gone in _said(records)):
            raise Wrong(f"{self._gone} is half forgotten")
        return int(gone > 0 and bool(told))

    @property
    def _all(self) -> int:
        return _WHOLE * self.sessions + 3

    def _things(self, records: Records, person: str) -> int:
        """How much there is of a person: sessions with what belongs to them, and the doors."""
        of_sessions = sum(_traces(records, f"s{n}-{person}") for n in range(self.sessions))
        doors = [*records.logins.find(account=person), *records.tokens.find(account=person)]
        return of_sessions + len(doors) + (records.accounts.get(person) is not None)

    @property
    def _gone(self) -> str:
        return f"gone-{self.name}"

    @property
    def _stays(self) -> str:
        return f"stay-{self.name}"


def _said(records: Records) -> str:
    """All that is kept, as one text."""
    content = [session.model_dump_json() for session in RecordsSource(records).sessions()]
    content += [row.model_dump_json() for kind in KINDS for row in records.table(kind).find()]
    content += [mark.model_dump_json() for mark in records.marks.find()]
    content += [entry.model_dump_json() for entry in records.audit_trail()]
    return "\n".join(content)
