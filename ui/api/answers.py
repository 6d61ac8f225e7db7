"""What programs are sent: fields may be added, never renamed, dropped or given another meaning."""

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from dialogue.types import Transcript
from grading.types import Scorecard
from records.hooks import Delivery, Webhook
from records.people import Account, Role, Team
from records.reviewing import Override
from records.types import SessionSummary
from ui.services.listing import Listed, Part
from ui.services.views import MemberLine

T = TypeVar("T")


class Answer(BaseModel):
    """A frozen piece of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Answer, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int
    """How long the whole list is."""
    limit: int
    offset: int

    @classmethod
    def of(cls, listed: Listed[T], part: Part) -> "Page[T]":
        """What a service found."""
        return cls(
            items=list(listed.items), total=listed.total, limit=part.limit, offset=part.offset
        )


class Problem(Answer):
    """Why something was refused."""

    kind: str
    """For programs; stays the same."""
    message: str
    """For people: a sentence with the next step."""


class Refusal(Answer):
    """The one form of all errors."""

    error: Problem


class TokenFacts(Answer):
    """The token that was used."""

    id: str
    name: str
    scopes: list[str]
    expires_at: datetime | None


class Me(Answer):
    """On whose behalf the program asks."""

    id: str
    login: str
    name: str
    role: Role
    teams: list[str]
    """Ids."""
    token: TokenFacts


class FullSession(Answer):
    """A session with all that was said."""

    session: SessionSummary
    transcript: Transcript


class Graded(Answer):
    """A scorecard, and what managers said about it."""

    scorecard: Scorecard
    overrides: list[Override]
    """Oldest first; the machine's scores stay as they are."""


class TeamWithPeople(Answer):
    """A team and its people, in numbers."""

    id: str
    name: str
    people: list[MemberLine]


class TeamSession(Answer):
    """A session of somebody in one's team."""

    person: str
    name: str
    title: str
    transcript: Transcript
    scorecard: Scorecard | None
    """`None`: not graded."""
    overrides: list[Override]


class Person(Answer):
    """An account, without what proves who somebody is."""

    id: str
    login: str
    name: str
    role: Role
    teams: list[str]
    """Ids."""
    created_at: datetime
    disabled: bool

    @classmethod
    def of(cls, account: Account) -> "Person":
        """What others may know of an account."""
        known = account.model_dump(include=set(cls.model_fields))
        return cls.model_validate(known)


class TeamName(Answer):
    """A team by itself."""

    id: str
    name: str

    @classmethod
    def of(cls, team: Team) -> "TeamName":
        """As it is kept."""
        return cls(id=team.id, name=team.name)


class Hook(Answer):
    """A webhook without its secret."""

    id: str
    url: str
    events: list[str]
    active: bool
    created_at: datetime

    @classmethod
    def of(cls, hook: Webhook) -> "Hook":
        """What may be shown of it at any time."""
        return cls.model_validate(hook.model_dump(include=set(cls.model_fields)))


class NewHook(Hook):
    """A webhook that was just made."""

    secret: str
    """What deliveries are signed with. It is shown this once."""


class DeliveryState(Answer):
    """A delivery, and what became of it."""

    id: str
    event: str
    state: str
    """`waiting`, `delivered` or `given_up`."""
    attempts: int
    problem: str | None
    """Of the last attempt."""
    created_at: datetime
    due_at: datetime
    """Of one that waits: when it is tried next; else when it was tried last."""

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryState":
        """Without what is delivered."""
        return cls.model_validate(delivery.model_dump(include=set(cls.model_fields)))
