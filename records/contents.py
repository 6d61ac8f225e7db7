"""All that is kept, piece by piece: for copies and backups, and to hold two of them together."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from grading.types import Scorecard
from records.batches import batched
from records.errors import DamagedJournal, UnknownSession
from records.interface import Records
from records.kinds import KINDS, Kind, T
from records.reviewing import AuditEntry
from records.types import Kept, SessionQuery
from simulator.types import Event

_AT_A_TIME = 200


class SessionContent(Kept):
    """A session with what belongs to it; without events it is a scorecard alone."""

    id: str
    events: tuple[Event, ...]
    scorecard: Scorecard | None = None
    private: bool = False
    title: str = ""
    level: int | None = None
    """Title and level of its scenario, as they were when it was listed first."""


class Source(Protocol):
    """Something from which all that is kept can be read."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        ...

    @property
    def damaged(self) -> list[str]:
        """The sessions that could not be read, a sentence each; complete after `sessions`."""
        ...

    def sessions(self) -> Iterator[SessionContent]:
        """The sessions, by id, then the scorecards that have none; raises `RecordsError`."""
        ...

    def rows(self, kind: Kind[T]) -> list[T]:
        """The rows of a kind, by key."""
        ...

    def audit(self) -> Iterator[AuditEntry]:
        """The audit trail."""
        ...


class RecordsSource:
    """Records that are open; give it frozen ones where somebody may write meanwhile."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.name = records.place
        self.damaged: list[str] = []

    def sessions(self) -> Iterator[SessionContent]:
        """See `Source`."""
        self.damaged = []
        listed = {
            each.id: {"private": each.private, "title": each.title, "level": each.level}
            for each in self._records.find_sessions(SessionQuery())
        }
        ids = self._records.journal.ids()
        alone = sorted(set(self._records.graded()) - set(ids))
        for some in batched([*ids, *alone], _AT_A_TIME):
            cards = self._records.scorecards(some)
            for id_ in some:
                events = self._events(id_)
                card = cards.get(id_)
                if events or card:
                    more: dict[str, Any] = listed.get(id_, {})
                    yield SessionContent(id=id_, events=events, scorecard=card, **more)

    def rows(self, kind: Kind[T]) -> list[T]:
        """See `Source`."""
        return self._records.table(kind).find()

    def audit(self) -> Iterator[AuditEntry]:
        """See `Source`."""
        return self._records.audit_trail()

    def _events(self, session_id: str) -> tuple[Event, ...]:
        try:
            return tuple(self._records.journal.read(session_id))
        except UnknownSession:  # a scorecard alone, or cut off before anything counted
            return ()
        except DamagedJournal as error:
            self.damaged.append(str(error))
            return ()


@dataclass
class Part:
    """How much there is of something, and a digest of it all."""

    count: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, content: str) -> None:
        """One more."""
        self.count += 1
        self._hash.update(hashlib.sha256(content.encode()).digest())

    @property
    def digest(self) -> str:
        """SHA-256 of all in their order."""
        return str(self._hash.hexdigest())


Tally = dict[str, Part]
"""Sessions, events, scorecards, audit entries and each kind of row."""


def counts(tally: Tally) -> dict[str, int]:
    """The numbers alone."""
    return {name: part.count for name, part in tally.items()}


def differing(one: Tally, other: Tally) -> list[str]:
    """The parts that are not the same."""
    return [
        name
        for name in one
        if (one[name].count, one[name].digest) != (other[name].count, other[name].digest)
    ]


def tally(source: Source) -> Tally:
    """Read everything, and count and digest it. Raises `RecordsError`."""
    found: Tally = {name: Part() for name in ("sessions", "events", "scorecards")}
    for session in source.sessions():
        _count(found, session)
    for kind in KINDS:
        found[kind.name] = _part(row.model_dump_json() for row in source.rows(kind))
    found["audit entries"] = _part(entry.model_dump_json() for entry in source.audit())
    return found


def _count(found: Tally, session: SessionContent) -> None:
    if session.events:
        found["sessions"].add(f"{session.id} {session.private}")
    for event in session.events:
        found["events"].add(f"{session.id} {event.model_dump_json()}")
    if session.scorecard:
        found["scorecards"].add(f"{session.id} {session.scorecard.model_dump_json()}")


def _part(contents: Iterable[str]) -> Part:
    part = Part()
    for content in contents:
        part.add(content)
    return part
