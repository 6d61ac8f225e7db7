"""Logging in and out. A browser holds a random token; only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from records import Records
from records.doors import account_of, log_out_everywhere
from records.people import Account, LoginSession
from ui.services.access import LOCAL, Actor, Right, actor_of
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import LoginFailed, NotAllowed, TooManyTries
from ui.services.people.limits import Limits
from ui.services.people.passwords import verify

LONGEST = timedelta(hours=12)
"""A login ends then, whatever happens."""

IDLE = timedelta(hours=2)
"""A login ends when nothing came from the browser for so long."""

TOUCHED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a browser was last seen."""

SWEPT_EVERY = timedelta(hours=1)


class Logins:
    """Who is logged in."""

    def __init__(self, records: Records, audit: Auditing, clock: Clock) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock
        self._limits = Limits(records, clock)
        self._swept: datetime | None = None

    @property
    def has_accounts(self) -> bool:
        """Whether anybody has to log in at all."""
        return bool(self._records.accounts.find())

    def log_in(self, login: str, password: str, address: str, earlier: str | None = None) -> str:
        """A new token; the browser's earlier one no longer counts.

        Raises `LoginFailed`, `TooManyTries`: the same for logins that nobody has, in about the
        same time.
        """
        account = self._known(login)
        try:
            self._limits.begin(login, address)
        except TooManyTries as error:
            if error.is_first:  # nobody can fill the trail by going on
                self._note_failure(What.LOGIN_BLOCKED, account, address)
            raise
        right, better = verify(password, account.password_hash if account else None)
        if account is None or not right or account.disabled:
            self._note_failure(What.LOGIN_FAILED, account, address)
            raise LoginFailed
        if better:
            self._rehash(account, better)
        self._limits.succeeded(login, address)
        return self.open(account, address, "password", earlier)

    def open(self, account: Account, address: str, way: str, earlier: str | None = None) -> str:
        """A new token for somebody who has proved who they are; raises `LoginFailed`."""
        if account.disabled:
            raise LoginFailed
        self._sweep_now_and_then()
        if earlier:
            self._records.logins.remove(hash_token(earlier))
        token, at = secrets.token_urlsafe(32), self._clock()
        self._records.logins.add(
            LoginSession(
                token_hash=hash_token(token),
                account=account.id,
                generation=account.generation,
                created_at=at,
                expires_at=at + LONGEST,
                last_seen=at,
            )
        )
        self._audit.note(account.id, What.LOGGED_IN, account.id, address=address, way=way)
        return token

    def actor(self, token: str | None) -> Actor | None:
        """Who holds this token; `None` when it has run out or never was."""
        if not token:
            return None
        key, at = hash_token(token), self._clock()
        login = self._records.logins.get(key)
        if login is None or at - login.last_seen > IDLE:
            return None
        account = account_of(self._records, key, at)
        if account is None:
            return None
        if at - login.last_seen > TOUCHED_EVERY:
            self._records.logins.change(key, lambda row: _seen(row, at))
        return actor_of(account)

    def fresh(self, person: str | None) -> Actor:
        """Somebody whom a door has let in, as they are now; raises `NotAllowed`."""
        if person == LOCAL.id and not self.has_accounts:
            return LOCAL
        account = self._records.accounts.get(person) if person else None
        if account is None or account.disabled:
            raise NotAllowed(Right.PRACTISE)
        return actor_of(account)

    def log_out(self, token: str | None) -> None:
        """End one login; nothing happens when it has ended."""
        found = self._records.logins.get(hash_token(token)) if token else None
        if found and self._records.logins.remove(found.token_hash):
            self._audit.note(found.account, What.LOGGED_OUT, found.account)

    def log_out_everywhere(self, actor: Actor, account_id: str) -> None:
        """End all logins of an account: one's own, or, for an administrator, anybody's."""
        if actor.id != account_id:
            actor.require(Right.ADMINISTER)
        log_out_everywhere(self._records, account_id)
        self._audit.note(actor.id, What.LOGGED_OUT_EVERYWHERE, account_id)

    def sweep(self) -> None:
        """Forget logins that have run out, and tries that no longer count."""
        at = self._swept = self._clock()
        for login in self._records.logins.find():
            if at >= login.expires_at or at - login.last_seen > IDLE:
                self._records.logins.remove(login.token_hash)
        self._limits.sweep()

    def _known(self, login: str) -> Account | None:
        found = self._records.accounts.find(login=login.strip().casefold())
        return found[0] if found else None

    def _note_failure(self, what: What, account: Account | None, address: str) -> None:
        """A login that nobody has is not written down: it may be a password in the wrong box."""
        who = account.id if account else "spardesk"
        self._audit.note(who, what, account.id if account else None, address=address)

    def _rehash(self, account: Account, better: str) -> None:
        def updated(row: Account | None) -> Account | None:
            if row is None or row.password_hash != account.password_hash:
                return row
            return row.model_copy(update={"password_hash": better})

        self._records.accounts.change(account.id, updated)

    def _sweep_now_and_then(self) -> None:
        if self._swept is None or self._clock() - self._swept > SWEPT_EVERY:
            self.sweep()


def hash_token(token: str) -> str:
    """What is kept of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _seen(login: LoginSession | None, at: datetime) -> LoginSession | None:
    return login.model_copy(update={"last_seen": at}) if login else None
