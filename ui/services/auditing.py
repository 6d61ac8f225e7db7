"""The audit trail: who saw, changed and overrode what. Never a password, never a token."""

from datetime import timedelta
from enum import StrEnum

from records import Records
from records.reviewing import AuditEntry
from ui.services.access import Actor, Right
from ui.services.clock import Clock, now

SHOWN_DAYS = 30
SHOWN_ENTRIES = 300


class What(StrEnum):
    """What is written down."""

    LOGGED_IN = "login"
    LOGIN_FAILED = "login.failed"
    LOGIN_BLOCKED = "login.blocked"
    LOGGED_OUT = "logout"
    LOGGED_OUT_EVERYWHERE = "logout.everywhere"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_LINKED = "account.linked"
    ROLE_CHANGED = "account.role_changed"
    TEAMS_CHANGED = "account.teams_changed"
    PASSWORD_CHANGED = "password.changed"
    TEAM_CREATED = "team.created"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"
    SESSION_SEEN = "session.seen"
    SCORE_OVERRIDDEN = "score.overridden"
    MARKED_PRIVATE = "session.private"
    EXPORTED = "person.exported"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_REMOVED = "webhook.removed"
    TRAIL_SEEN = "audit.seen"


class Auditing:
    """Writes the trail, and shows it to who may see it."""

    def __init__(self, records: Records, clock: Clock = now) -> None:
        self._records = records
        self._clock = clock

    def note(
        self,
        who: str,
        what: What,
        about: str | None = None,
        session: str | None = None,
        **detail: str,
    ) -> None:
        """Write that something was done; raises `RecordsError`, and then it should not be done."""
        entry = AuditEntry(
            at=self._clock(), who=who, what=what, about=about, session=session, detail=detail
        )
        self._records.audit(entry)

    def trail(self, actor: Actor, days: int = SHOWN_DAYS) -> list[AuditEntry]:
        """The last entries, newest first; raises `NotAllowed`."""
        actor.require(Right.ADMINISTER)
        since = self._clock() - timedelta(days=days)
        found = list(self._records.audit_trail(since=since))[-SHOWN_ENTRIES:]
        self.note(actor.id, What.TRAIL_SEEN)
        return found[::-1]
