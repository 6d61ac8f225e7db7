"""Logging in and out, counting failures, the outbox and the audit trail, in every store."""

from datetime import timedelta

import pytest

from records import Records, open_records
from records.doors import account_of, claim_delivery, count_failure, log_out_everywhere, people_of
from records.hooks import Delivery
from records.people import LoginSession
from records.reviewing import AuditEntry
from tests.records.contract.test_rows import account
from tests.records.making import START

HOUR = timedelta(hours=1)


def login(token_hash: str, generation: int = 0) -> LoginSession:
    return LoginSession(
        token_hash=token_hash,
        account="ana",
        generation=generation,
        created_at=START,
        expires_at=START + HOUR,
        last_seen=START,
    )


@pytest.fixture
def inside(records: Records) -> Records:
    """Ana is logged in on two browsers."""
    records.accounts.add(account("ana"))
    records.logins.add(login("one"))
    records.logins.add(login("two"))
    return records


def test_a_login_counts_until_it_runs_out(inside: Records) -> None:
    assert account_of(inside, "one", START) == account("ana")
    assert account_of(inside, "one", START + HOUR) is None
    assert account_of(inside, "unknown", START) is None


def test_a_disabled_account_is_out(inside: Records) -> None:
    inside.accounts.put(account("ana", disabled=True))
    assert account_of(inside, "one", START) is None


def test_logging_out_everywhere_also_ends_logins_that_are_being_made(inside: Records) -> None:
    log_out_everywhere(inside, "ana")
    inside.logins.add(login("late", generation=0))
    assert [account_of(inside, each, START) for each in ("one", "two", "late")] == [None] * 3
    inside.logins.add(login("new", generation=1))
    assert account_of(inside, "new", START) is not None
    log_out_everywhere(inside, "nobody")
    assert inside.accounts.get("nobody") is None


def test_failures_count_within_a_window(records: Records) -> None:
    at = [START, START + timedelta(minutes=5), START + timedelta(minutes=14)]
    counts = [count_failure(records, "login:ana", each, HOUR / 4).count for each in at]
    assert counts == [1, 2, 3]
    assert count_failure(records, "login:ben", START, HOUR / 4).count == 1
    later = count_failure(records, "login:ana", START + HOUR, HOUR / 4)
    assert (later.count, later.since) == (1, START + HOUR)


def test_a_team_is_the_people_in_it(records: Records) -> None:
    records.accounts.add(account("ana", teams=("north",)))
    records.accounts.add(account("ben", teams=("south", "north")))
    records.accounts.add(account("cleo", teams=("northern",)))
    assert [each.id for each in people_of(records, "north")] == ["ana", "ben"]


def test_a_delivery_is_taken_by_one_until_its_lease_ends(records: Records) -> None:
    waiting = Delivery(
        id="d1", webhook="w1", event="session.graded", body="{}", created_at=START, due_at=START
    )
    records.deliveries.add(waiting)
    assert claim_delivery(records, "d1", START - HOUR, HOUR) is None
    taken = claim_delivery(records, "d1", START, HOUR)
    assert taken is not None
    assert (taken.attempts, taken.due_at) == (1, START + HOUR)
    assert claim_delivery(records, "d1", START, HOUR) is None
    again = claim_delivery(records, "d1", START + HOUR, HOUR)
    assert again is not None
    records.deliveries.put(again.model_copy(update={"state": "delivered"}))
    assert claim_delivery(records, "d1", START + 9 * HOUR, HOUR) is None
    assert claim_delivery(records, "unknown", START, HOUR) is None


def entry(number: int, who: str = "mia") -> AuditEntry:
    return AuditEntry(
        at=START + timedelta(minutes=number),
        who=who,
        what="score.overridden",
        about=["ana", "ben"][number % 2],
        session=f"s{number}",
        detail={"reason": "\0Grüße\n你好"},
    )


def test_the_audit_trail_tells_in_order_who_did_what(records: Records) -> None:
    entries = [entry(number, "mia" if number < 4 else "max") for number in range(6)]
    assert list(records.audit_trail()) == []
    for each in entries:
        records.audit(each)
    assert list(records.audit_trail()) == entries
    assert list(records.audit_trail(who="max")) == entries[4:]
    assert list(records.audit_trail(about="ana")) == entries[::2]
    assert list(records.audit_trail(session="s3")) == [entries[3]]
    assert list(records.audit_trail(since=START + timedelta(minutes=5))) == [entries[5]]
    assert list(records.audit_trail(who="max", about="ana")) == [entries[4]]


def test_the_audit_trail_goes_on_after_opening_again(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.sql.catalogue._PAGE", 2)
    for numbers in ((0, 1, 2), (3, 4)):
        records = open_records(place)
        for number in numbers:
            records.audit(entry(number))
        assert list(records.audit_trail()) == [entry(number) for number in range(numbers[-1] + 1)]
        records.close()
