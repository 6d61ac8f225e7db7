"""One installation: its practice, and the people it lets in."""

from pathlib import Path

from records import Records
from records.people import Role
from ui.services.auditing import Auditing
from ui.services.authoring import Authoring
from ui.services.clock import Clock, now
from ui.services.managing import Managing
from ui.services.people.accounts import Accounts
from ui.services.people.logins import Logins
from ui.services.people.matching import Matching
from ui.services.people.tokens import Tokens
from ui.services.practice import Practice


class People:
    """Everything about accounts; needs records and no model."""

    def __init__(self, records: Records, clock: Clock = now) -> None:
        self.audit = Auditing(records, clock)
        self.accounts = Accounts(records, self.audit, clock)
        self.logins = Logins(records, self.audit, clock)
        self.tokens = Tokens(records, self.audit, clock)
        self.matching = Matching(records, self.audit, clock)

    @staticmethod
    def role(name: str) -> Role:
        """A role by its name."""
        return Role(name)


class Site:
    """What the pages call. `packs` and `personas` are the folders that trainers write in."""

    def __init__(
        self,
        practice: Practice,
        packs: Path | None = None,
        personas: Path | None = None,
        clock: Clock = now,
    ) -> None:
        records = practice.records
        self.practice = practice
        self.people = People(records, clock)
        self.managing = Managing(practice, records, self.people.audit, clock)
        self.authoring = Authoring(packs, personas)
