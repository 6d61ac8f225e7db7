"""Puts all that is kept somewhere else, goes on where it was stopped, and verifies it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import zip_longest

from records.batches import batched
from records.contents import RecordsSource, SessionContent, Source, Tally, differing, tally
from records.errors import DamagedJournal, RecordsError, UnknownSession
from records.interface import Records
from records.kinds import KINDS, Kind, T
from records.marks import Mark

MARK = "copy"
_AT_A_TIME = 100
_ENTRIES_AT_A_TIME = 1000

Hear = Callable[[int], None]
"""Hears how many sessions are done."""


class NotEmpty(RecordsError):
    """There is something already where a copy should go."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is something in {place!r} already. Name an empty place: a new folder, a new "
            "file, or an empty database."
        )


def unfinished(mark: Mark, place: str) -> str:
    """What to say of a copy that was stopped."""
    return (
        f"Not everything is in {place!r}: a copy from {mark.detail['from']!r}, begun "
        f"{mark.at:%Y-%m-%d %H:%M} UTC, was stopped. Give the same command again to go on with it."
    )


def is_empty(records: Records) -> bool:
    """Whether nothing is kept there."""
    return not (
        records.journal.ids()
        or records.graded()
        or any(records.table(kind).find() for kind in KINDS)
        or next(records.audit_trail(), None)
    )


def copy_into(source: Source, target: Records, hear: Hear = lambda _done: None) -> Tally:
    """Copy everything and read both sides afterwards; what there was.

    A copy that was stopped is gone on with, when it was from the same source. Sessions that are
    damaged are left out: `source.damaged` names them. Raises `NotEmpty`, and `RecordsError` when
    the two sides differ afterwards.
    """
    _begin(source, target)
    _copy_sessions(source, target, hear)
    for kind in KINDS:
        _copy_rows(kind, source.rows(kind), target)
    _copy_audit(source, target)
    here = tally(source)
    _verify(here, tally(RecordsSource(target)), target)
    target.marks.remove(MARK)
    return here


def _begin(source: Source, target: Records) -> None:
    """Mark the target as not whole; raises `NotEmpty`."""
    mark = target.marks.get(MARK)
    if mark is None:
        if not is_empty(target):
            raise NotEmpty(target.place)
        detail = {"from": source.name}
        target.marks.add(Mark(name=MARK, at=datetime.now(UTC), detail=detail))
    elif mark.detail["from"] != source.name:
        raise RecordsError(f"{unfinished(mark, target.place)} Or name an empty place.")


def _copy_sessions(source: Source, target: Records, hear: Hear) -> None:
    left = set(target.journal.ids()) | set(target.graded())
    private, titles, done = [], {}, 0
    for some in batched(source.sessions(), _AT_A_TIME):
        left -= {session.id for session in some}
        for session in some:
            _copy_session(session, target)
            private += [session.id] if session.private else []
            if session.events:
                titles[getattr(session.events[0], "scenario", "")] = session.title, session.level
        target.save_scorecards({each.id: each.scorecard for each in some if each.scorecard})
        done += len(some)
        hear(done)
    target.delete_sessions(left)  # of a copy that was stopped; gone from the source since
    target.describe_scenarios(lambda scenario: titles.get(scenario, ("", None)))
    for session_id in private:
        target.mark_private(session_id, True)


def _copy_session(session: SessionContent, target: Records) -> None:
    """Events alone; those of a copy that was stopped stay when they are the same."""
    try:
        there = tuple(target.journal.read(session.id))
    except UnknownSession:
        there = ()
    except DamagedJournal:
        there = None
    if there == session.events:
        return
    if there != ():
        target.delete_sessions([session.id])
    target.describe_scenarios(lambda _scenario: (session.title, session.level))
    target.journal.write(session.id, session.events)


def _copy_rows(kind: Kind[T], rows: Iterable[T], target: Records) -> None:
    table = target.table(kind)
    there = {kind.key_of(row): row for row in table.find()}
    wanted = {kind.key_of(row): row for row in rows}
    for key, row in there.items():
        if wanted.get(key) != row:
            table.remove(key)
    for key, row in wanted.items():
        if there.get(key) != row:
            table.put(row)


def _copy_audit(source: Source, target: Records) -> None:
    there = list(target.audit_trail())
    for some in batched(zip_longest(source.audit(), there), _ENTRIES_AT_A_TIME):
        if any(kept is not None and entry != kept for entry, kept in some):
            raise RecordsError(
                f"The audit trail in {target.place!r} is not that of {source.name!r} any more. "
                "Copy into an empty place instead."
            )
        target.audit(*[entry for entry, kept in some if entry is not None and kept is None])


def _verify(here: Tally, there: Tally, target: Records) -> None:
    wrong = differing(here, there)
    if wrong:
        raise RecordsError(
            f"What is in {target.place!r} is not what was copied: {', '.join(wrong)} differ. "
            "Nothing was lost at the source. Check the disk there, and copy into an empty place."
        )
