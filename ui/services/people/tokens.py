"""Keys of programs: what each may do, and on whose behalf."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from records import Records
from records.people import ApiToken
from ui.services.access import Actor, Right, actor_of
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import Missing, NotAllowed, TooNarrow, Unfit
from ui.services.people.logins import hash_token

PREFIX = "spardesk_"
"""Makes a token that leaked easy to find."""

SCOPES: dict[str, Right] = {
    "sessions": Right.PRACTISE,
    "progress": Right.PRACTISE,
    "grade": Right.PRACTISE,
    "scorecards": Right.PRACTISE,
    "export": Right.PRACTISE,
    "team": Right.MANAGE,
    "people": Right.ADMINISTER,
    "webhooks": Right.ADMINISTER,
}
"""Scope → the right that its owner needs, when it is made and each time it is used."""

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Made:
    """A new token. `secret` is shown once and kept nowhere."""

    token: ApiToken
    secret: str


@dataclass(frozen=True)
class Caller:
    """A program, and on whose behalf it asks."""

    actor: Actor
    token: ApiToken

    def require(self, scope: str) -> Actor:
        """On whose behalf it does something of a scope; raises `NotAllowed`, `TooNarrow`."""
        if scope not in self.token.scopes:
            raise TooNarrow(scope)
        self.actor.require(SCOPES[scope])
        return self.actor


class Tokens:
    """Keys of programs. Their secrets are not kept, only the SHA-256."""

    def __init__(self, records: Records, audit: Auditing, clock: Clock) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock

    def create(
        self, actor: Actor, login: str, name: str, scopes: Iterable[str], days: int = 90
    ) -> Made:
        """A new token on behalf of an account: one's own, or, for an administrator, anybody's.

        Raises `NotAllowed`, `Unfit`.
        """
        owner = self._owner(actor, login)
        wanted = tuple(dict.fromkeys(scopes))
        self._check(owner, name, wanted, days)
        secret, at = PREFIX + secrets.token_urlsafe(32), self._clock()
        token = ApiToken(
            id=secrets.token_hex(6),
            token_hash=hash_token(secret),
            account=owner.id,
            name=name.strip(),
            scopes=wanted,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        self._records.tokens.add(token)
        detail = {"token": token.id, "scopes": " ".join(wanted)}
        self._audit.note(actor.id, What.TOKEN_CREATED, owner.id, **detail)
        return Made(token, secret)

    def all(self, actor: Actor, login: str | None = None) -> list[ApiToken]:
        """The tokens of an account, or, for an administrator, of all; newest first."""
        if login is None:
            actor.require(Right.ADMINISTER)
            found = self._records.tokens.find()
        else:
            found = self._records.tokens.find(account=self._owner(actor, login).id)
        return sorted(found, key=lambda token: token.created_at, reverse=True)

    def revoke(self, actor: Actor, token_id: str) -> None:
        """Let a token no longer count; raises `NotAllowed`, `Unfit`."""
        token = self._records.tokens.get(token_id)
        if token is None or (token.account != actor.id and not actor.may(Right.ADMINISTER)):
            raise Missing(f"There is no token {token_id!r} of yours.")
        at = self._clock()
        self._records.tokens.change(token_id, lambda row: _revoked(row, at))
        self._audit.note(actor.id, What.TOKEN_REVOKED, token.account, token=token_id)

    def caller(self, secret: str) -> Caller | None:
        """Who holds this token; `None` when it has run out, was revoked or never was."""
        found = self._records.tokens.find(token_hash=hash_token(secret))
        token = found[0] if found else None
        account = self._records.accounts.get(token.account) if token else None
        if token is None or account is None or account.disabled or token.revoked_at is not None:
            return None
        if token.expires_at is not None and self._clock() >= token.expires_at:
            return None
        return Caller(actor_of(account), token)

    def check(self, secret: str, scope: str) -> Actor:
        """On whose behalf a program with this token does something; raises `NotAllowed`."""
        caller = self.caller(secret)
        if caller is None:
            raise NotAllowed(scope)
        return caller.require(scope)

    def _owner(self, actor: Actor, login: str) -> Actor:
        found = self._records.accounts.find(login=login.strip().casefold())
        if found and found[0].id == actor.id:
            return actor
        actor.require(Right.ADMINISTER)
        if not found:
            raise Unfit(f"There is no account {login!r}. `spardesk users list` names them all.")
        return actor_of(found[0])

    def _check(self, owner: Actor, name: str, scopes: tuple[str, ...], days: int) -> None:
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            raise Unfit(f"A token needs scopes out of: {', '.join(SCOPES)}.")
        if not 1 <= days <= LONGEST_DAYS or not name.strip():
            raise Unfit(f"A token needs a name and lasts 1 to {LONGEST_DAYS} days.")
        for scope in scopes:
            if not owner.may(SCOPES[scope]):
                raise Unfit(f"The account's role does not include what {scope!r} is for.")


def _revoked(token: ApiToken | None, at: object) -> ApiToken | None:
    return token.model_copy(update={"revoked_at": at}) if token else None
