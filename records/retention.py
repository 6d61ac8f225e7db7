"""What is not to be kept any longer: old sessions, and everything about one person."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from records.batches import batched
from records.doors import login_key
from records.errors import DamagedJournal, RecordsError, UnknownSession
from records.events import is_session_id
from records.hooks import Delivery
from records.interface import Records
from records.marks import Mark
from records.people import Account
from records.reviewing import AuditEntry
from records.types import SessionQuery
from simulator.types import Started

MARK = "forget:"
_AT_A_TIME = 200
_SHORT = 3
"""Letters from which on a name is also replaced within a text; a shorter one may be any word."""


@dataclass(frozen=True)
class Person:
    """Who is meant."""

    id: str
    account: Account | None

    @property
    def names(self) -> tuple[str, ...]:
        """All that they go by, which gives them away."""
        account = self.account
        known = (account.login, account.name, account.subject) if account else ()
        return tuple(dict.fromkeys(name for name in (self.id, *known) if name))


class NobodyKnown(RecordsError):
    """Nothing is kept about somebody."""

    def __init__(self, person: str) -> None:
        super().__init__(
            f"Nothing is kept about {person!r}. Name an account's id or login, or `local` for the "
            "person who practises without an account."
        )


def identify(records: Records, person: str) -> Person:
    """Who is meant by an account's id or login; raises `NobodyKnown`."""
    account = records.accounts.get(person)
    if account is None:
        account = next(iter(records.accounts.find(login=person.strip().casefold())), None)
    found = Person(account.id if account else person, account)
    if account or sessions_of(records, found.id) or records.settings_table.get(found.id):
        return found
    raise NobodyKnown(person)


def sessions_of(records: Records, person: str) -> list[str]:
    """All sessions of a person, also those that are too damaged to be listed."""
    listed = [each.id for each in records.sessions(person)]
    return listed + [first.session_id for first in _unlisted(records) if first.person == person]


# --- by age -------------------------------------------------------------------------------------


def older_than(records: Records, before: datetime) -> list[str]:
    """The sessions that began before this moment."""
    listed = [each.id for each in records.find_sessions(SessionQuery(until=before))]
    return listed + [first.session_id for first in _unlisted(records) if first.at < before]


def purge(records: Records, before: datetime, who: str, at: datetime) -> int:
    """Delete the sessions that began before this moment, and what belongs to none; how many.

    The audit trail says first what is going to be deleted, and afterwards what was.
    """
    doomed = older_than(records, before)
    detail = {"before": before.isoformat(), "sessions": str(len(doomed))}
    records.audit(AuditEntry(at=at, who=who, what="records.purge_begun", detail=detail))
    count = sum(records.delete_sessions(some) for some in batched(doomed, _AT_A_TIME))
    _sweep(records)
    detail = {"before": before.isoformat(), "sessions": str(count)}
    records.audit(AuditEntry(at=at, who=who, what="records.purged", detail=detail))
    return count


def _unlisted(records: Records) -> Iterator[Started]:
    """How the sessions began that are too damaged to be listed, as far as that can be read."""
    listed = {each.id for each in records.find_sessions(SessionQuery())}
    for session_id in records.journal.ids():
        if session_id not in listed:
            with suppress(DamagedJournal, UnknownSession):
                first = records.journal.first(session_id)
                if isinstance(first, Started):
                    yield first


def _sweep(records: Records) -> None:
    """Delete scorecards whose session is gone: made while it was being deleted."""
    alone = set(records.graded()) - set(records.journal.ids())
    records.delete_sessions(filter(is_session_id, alone))


# --- one person ---------------------------------------------------------------------------------


def forget(records: Records, person: Person, who: str, at: datetime) -> str:
    """Delete everything about a person; what the audit trail calls them from now on.

    A mark is left until the last step is done, so that whoever is stopped in between goes on with
    `finish` at the next start.
    """
    pseudonym = f"forgotten-{secrets.token_hex(4)}"
    names = {f"name{number}": name for number, name in enumerate(person.names)}
    count = str(len(sessions_of(records, person.id)))
    detail = {"person": person.id, "pseudonym": pseudonym, "by": who, "sessions": count, **names}
    mark = records.marks.change(
        f"{MARK}{person.id}",
        lambda before: before or Mark(name=f"{MARK}{person.id}", at=at, detail=detail),
    )
    assert mark is not None
    finish(records, mark)
    return mark.detail["pseudonym"]


def finish(records: Records, mark: Mark) -> None:
    """Do all steps of forgetting somebody that are not done yet."""
    person, pseudonym = mark.detail["person"], mark.detail["pseudonym"]
    names = [value for key, value in mark.detail.items() if key.startswith("name")]
    sessions = sessions_of(records, person)
    for delivery in deliveries_about(records, person, sessions):
        records.deliveries.remove(delivery.id)
    _forget_doors(records, person, names)
    _forget_judgements(records, person, pseudonym)
    for some in batched(sessions, _AT_A_TIME):
        records.delete_sessions(some)
    _sweep(records)
    records.change_audit(lambda entry: _renamed(entry, names, pseudonym))
    if not any(each.what == "person.forgotten" for each in records.audit_trail(about=pseudonym)):
        by = pseudonym if mark.detail["by"] in names else mark.detail["by"]
        detail = {"sessions": mark.detail["sessions"]}
        records.audit(
            AuditEntry(at=mark.at, who=by, what="person.forgotten", about=pseudonym, detail=detail)
        )
    records.marks.remove(mark.name)


def deliveries_about(records: Records, person: str, sessions: Iterable[str]) -> list[Delivery]:
    """What webhooks were or are to hear about a person or these sessions."""
    words = [json.dumps(word) for word in (person, *sessions)]
    return [
        delivery
        for delivery in records.deliveries.find()
        if any(word in delivery.body for word in words)
    ]


def _forget_doors(records: Records, person: str, names: list[str]) -> None:
    for login in records.logins.find(account=person):
        records.logins.remove(login.token_hash)
    for token in records.tokens.find(account=person):
        records.tokens.remove(token.id)
    for name in names:
        records.failures.remove(login_key(name))
    records.settings_table.remove(person)
    records.accounts.remove(person)


def _forget_judgements(records: Records, person: str, pseudonym: str) -> None:
    """What they said about others' sessions stays, without their name."""
    for override in records.overrides.find(by=person):
        records.overrides.put(override.model_copy(update={"by": pseudonym}))
    for review in records.reviews.find():
        if review.done_by == person:
            records.reviews.put(review.model_copy(update={"done_by": pseudonym}))


def _renamed(entry: AuditEntry, names: list[str], pseudonym: str) -> AuditEntry:
    """An audit entry with the pseudonym in place of all that they went by."""

    def renamed(text: str) -> str:
        for name in names:
            if text.casefold() == name.casefold():
                return pseudonym
            if len(name) >= _SHORT:
                text = _word(name).sub(pseudonym, text)
        return text

    return entry.model_copy(
        update={
            "who": renamed(entry.who),
            "about": entry.about and renamed(entry.about),
            "detail": {key: renamed(value) for key, value in entry.detail.items()},
        }
    )


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
