"""Who may come in: accounts, teams, and what proves that somebody is who they say.

Secrets never come here: passwords and tokens are kept as hashes, made by whoever checks them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from records.types import Kept


def _plain(login: str) -> str:
    plain = login.strip().casefold()
    if not plain:
        raise ValueError("a login cannot be empty")
    return plain


Login = Annotated[str, AfterValidator(_plain)]
"""What a person types to log in; capitals and blanks around it make no difference."""


class Role(StrEnum):
    """What an account may do."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    MANAGER = "manager"
    ADMIN = "admin"


class Account(Kept):
    """A person who can log in. Their `id` is the `person` of their sessions."""

    id: str
    login: Login
    name: str
    """As others see it."""
    role: Role = Role.TRAINEE
    teams: tuple[str, ...] = ()
    """Ids; a manager sees the people of these teams only."""
    password_hash: str | None = Field(None, repr=False)
    """`None`: comes in by single sign-on only, or not at all."""
    subject: str | None = None
    """Who they are to the single sign-on, as `ISSUER#SUBJECT`."""
    created_at: datetime
    disabled: bool = False
    generation: int = 0
    """Raised by "log out everywhere": a login session of an earlier one no longer counts."""


class Team(Kept):
    """People who are managed together."""

    id: str
    name: str


class LoginSession(Kept):
    """A browser that is logged in."""

    token_hash: str = Field(repr=False)
    account: str
    generation: int
    """The account's, when this began."""
    created_at: datetime
    expires_at: datetime
    last_seen: datetime


class ApiToken(Kept):
    """A program's key to the interface for programs."""

    id: str
    token_hash: str = Field(repr=False)
    account: str
    """On whose behalf."""
    name: str
    """What it is for, as its owner calls it."""
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class FailedLogins(Kept):
    """How often somebody tried in vain, by login or by address; for all web processes."""

    key: str
    """Such as `address:10.0.0.3`; of a login, `records.doors.login_key`."""
    count: int
    since: datetime
    """The first of them."""
    last: datetime
