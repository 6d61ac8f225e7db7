"""Steps that have to be one step, whoever else takes them: at the door and in the outbox."""

import hashlib
from datetime import datetime, timedelta

from records.hooks import Delivery
from records.interface import Records
from records.people import Account, FailedLogins, LoginSession


def people_of(records: Records, team: str) -> list[Account]:
    """The accounts of a team, disabled ones included."""
    return [account for account in records.accounts.find() if team in account.teams]


def login_key(login: str) -> str:
    """Of tries for a login. Not the login itself: people type their password into the wrong box."""
    plain = login.strip().casefold().encode()
    return "login:" + hashlib.sha256(plain).hexdigest()[:32]


def count_failure(records: Records, key: str, at: datetime, window: timedelta) -> FailedLogins:
    """Count a login that failed; those before it count while they are within the window."""

    def counted(before: FailedLogins | None) -> FailedLogins:
        if before is None or at - before.since > window:
            return FailedLogins(key=key, count=1, since=at, last=at)
        return before.model_copy(update={"count": before.count + 1, "last": at})

    found = records.failures.change(key, counted)
    assert found is not None
    return found


def account_of(records: Records, token_hash: str, at: datetime) -> Account | None:
    """Who is logged in with this token; `None` when it has run out or they were logged out."""
    login = records.logins.get(token_hash)
    account = records.accounts.get(login.account) if login else None
    return account if login and account and _counts(login, account, at) else None


def _counts(login: LoginSession, account: Account, at: datetime) -> bool:
    return at < login.expires_at and login.generation == account.generation and not account.disabled


def log_out_everywhere(records: Records, account_id: str) -> None:
    """End all login sessions of an account, also those that are being made right now."""

    def raised(account: Account | None) -> Account | None:
        more = {"generation": account.generation + 1} if account else {}
        return account.model_copy(update=more) if account else None

    records.accounts.change(account_id, raised)
    for login in records.logins.find(account=account_id):
        records.logins.remove(login.token_hash)


def claim_delivery(
    records: Records, delivery_id: str, at: datetime, lease: timedelta
) -> Delivery | None:
    """Take a delivery that is due, to try it; `None` when there is nothing to do or another has it.

    It is due again after the lease, in case whoever took it does not come back.
    """
    taken: list[Delivery] = []

    def claimed(before: Delivery | None) -> Delivery | None:
        taken.clear()
        if before is None or before.state != "waiting" or before.due_at > at:
            return before
        more = {"due_at": at + lease, "attempts": before.attempts + 1}
        taken.append(before.model_copy(update=more))
        return taken[0]

    records.deliveries.change(delivery_id, claimed)
    return taken[0] if taken else None
