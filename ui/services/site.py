"""One installation: its practice, and the people it lets in."""

from pathlib import Path

from records import Records
from records.people import Role
from ui.services.auditing import Auditing
from ui.services.authoring import Authoring
from ui.services.clock import Clock, now
from ui.services.managing import Managing
from ui.services.own import Own
from ui.services.people.accounts import Accounts
from ui.services.people.logins import Logins
from ui.services.people.matching import Matching
from ui.services.people.tokens import Tokens
from ui.services.practice import Practice
from ui.services.transcripts import Transcripts
from ui.services.webhooks.addresses import Addresses
from ui.services.webhooks.delivering import Deliverer
from ui.services.webhooks.registry import Webhooks
from ui.services.webhooks.sending import Sender


class People:
    """Everything about accounts; needs records and no model."""

    def __init__(
        self, records: Records, clock: Clock = now, addresses: Addresses | None = None
    ) -> None:
        self.audit = Auditing(records, clock)
        self.accounts = Accounts(records, self.audit, clock)
        self.logins = Logins(records, self.audit, clock)
        self.tokens = Tokens(records, self.audit, clock)
        self.matching = Matching(records, self.audit, clock)
        self.webhooks = Webhooks(records, self.audit, clock, addresses or Addresses())

    @staticmethod
    def role(name: str) -> Role:
        """A role by its name."""
        return Role(name)


class Site:
    """What pages and programs call. `packs` and `personas` are the folders trainers write in."""

    def __init__(
        self,
        practice: Practice,
        packs: Path | None = None,
        personas: Path | None = None,
        clock: Clock = now,
        addresses: Addresses | None = None,
    ) -> None:
        records, addresses = practice.records, addresses or Addresses()
        self.practice = practice
        self.people = People(records, clock, addresses)
        self.managing = Managing(practice, records, self.people.audit, clock)
        self.authoring = Authoring(packs, personas)
        self.own = Own(practice, records, self.people.audit)
        self.transcripts = Transcripts(practice.model, practice.outbox, clock, practice.data)
        self.deliverer = Deliverer(records, practice.outbox, Sender(addresses).send, clock)
