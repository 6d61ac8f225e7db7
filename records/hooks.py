"""Webhooks: who wants to hear of what, and what is still to be delivered."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from records.types import Kept


class Webhook(Kept):
    """An address that hears of events."""

    id: str
    url: str
    secret: str = Field(repr=False)
    """What deliveries are signed with; needed as it is, so it cannot be kept as a hash."""
    events: tuple[str, ...]
    """Such as `session.graded`."""
    active: bool = True
    created_at: datetime


class Delivery(Kept):
    """Something a webhook is to hear; kept until it did, or until it was given up."""

    id: str
    webhook: str
    event: str
    body: str
    """JSON, as it is sent and signed."""
    created_at: datetime
    due_at: datetime
    """Not before; pushed on by every attempt and while somebody is at it."""
    attempts: int = 0
    state: Literal["waiting", "delivered", "given_up"] = "waiting"
    problem: str | None = None
    """Of the last attempt."""
