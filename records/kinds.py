"""The kinds of rows there are besides sessions, scorecards and the audit trail.

A store makes a table of each, so one that is added to `KINDS` is in all of them (SQL also needs a
migration, which a test asks for), and whoever copies or exports walks over `KINDS`.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from records.hooks import Delivery, Webhook
from records.marks import Mark
from records.people import Account, ApiToken, FailedLogins, LoginSession, Team
from records.reviewing import Override, Review
from records.types import Kept, SettingsOf

NUL = "\0"
"""A character that PostgreSQL keeps nowhere."""

T = TypeVar("T", bound=Kept)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of row. `key`, `indexed` and `unique` are names of text fields."""

    name: str
    one: str
    """What one of them is called in a sentence."""
    model: type[T]
    key: str
    unique: tuple[str, ...] = ()
    """Two rows never have the same; `None` may be there often."""
    indexed: tuple[str, ...] = ()

    @property
    def findable(self) -> tuple[str, ...]:
        """The fields by which rows can be found."""
        return (self.key, *self.unique, *self.indexed)

    def key_of(self, row: T) -> str:
        """The row's key."""
        return str(getattr(row, self.key))

    def check_row(self, row: T) -> None:
        """Raises `ValueError` for a row that not every store can find again."""
        for field in self.findable:
            if NUL in str(getattr(row, field)):
                raise ValueError(f"The {field} of {self.name} cannot hold the character NUL.")

    def check(self, fields: dict[str, str | None]) -> None:
        """Raises `ValueError` for a field by which rows cannot be found."""
        for field in fields:
            if field not in self.findable:
                raise ValueError(
                    f"{self.name} cannot be found by {field!r}, only by {', '.join(self.findable)}."
                )


SETTINGS = Kind("settings", "set of settings", SettingsOf, "person")
ACCOUNTS = Kind("accounts", "account", Account, "id", unique=("login", "subject"))
TEAMS = Kind("teams", "team", Team, "id", unique=("name",))
LOGINS = Kind("logins", "login session", LoginSession, "token_hash", indexed=("account",))
TOKENS = Kind("tokens", "token", ApiToken, "id", ("token_hash",), indexed=("account",))
FAILURES = Kind("failures", "count of failed logins", FailedLogins, "key")
OVERRIDES = Kind("overrides", "override", Override, "id", indexed=("session", "by"))
REVIEWS = Kind("reviews", "review", Review, "id", indexed=("session", "state"))
WEBHOOKS = Kind("webhooks", "webhook", Webhook, "id")
DELIVERIES = Kind("deliveries", "delivery", Delivery, "id", indexed=("webhook", "state"))

KINDS: tuple[Kind[Any], ...] = (
    SETTINGS,
    ACCOUNTS,
    TEAMS,
    LOGINS,
    TOKENS,
    FAILURES,
    OVERRIDES,
    REVIEWS,
    WEBHOOKS,
    DELIVERIES,
)

MARKS = Kind("marks", "mark", Mark, "name")
"""Not content: copies and backups leave them where they are."""

EVERY_KIND = (*KINDS, MARKS)
"""All that a store makes tables of."""
