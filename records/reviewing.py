"""What people make of the machine's grades, and who did what."""

from datetime import datetime
from typing import Literal

from records.types import Kept


class AuditEntry(Kept):
    """Something that somebody saw, changed or overrode. Written once, never changed."""

    at: datetime
    who: str
    """Account id; `local` on a machine without accounts; `spardesk` for the program itself."""
    what: str
    """Such as `session.seen`, `score.overridden`, `login.failed`."""
    about: str | None = None
    """The account it was done to, or whose data it was."""
    session: str | None = None
    detail: dict[str, str] = {}


class Override(Kept):
    """A manager's word on a criterion or check, beside the machine's. Neither is lost."""

    id: str
    session: str
    criterion: str
    check: str | None = None
    """`None`: the criterion's score as a whole."""
    machine_score: float | None = None
    """0–100, of a criterion; `None`: could not be judged, or it is a check."""
    machine_answer: str | None = None
    """`yes`, `no`, of a check; `None`: could not be judged, or it is a criterion."""
    score: float | None = None
    answer: str | None = None
    reason: str
    by: str
    at: datetime


class Review(Kept):
    """A session that a person should look at."""

    id: str
    session: str
    reason: str
    at: datetime
    state: Literal["open", "done"] = "open"
    done_by: str | None = None
    done_at: datetime | None = None
