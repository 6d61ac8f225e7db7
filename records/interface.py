"""What can be kept, and asked for, whichever store it is kept in.

Two stores do this: `records.folder` (a folder of files) and `records.sql` (a database). All of it
is safe for threads and for several programs at once, and what a method has returned from survives
a crash. Any method may raise `RecordsError`, and `RecordsBusy` after waiting for others.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from grading.types import Scorecard
from records import kinds
from records.hooks import Delivery, Webhook
from records.kinds import Kind, T
from records.marks import Mark
from records.people import Account, ApiToken, FailedLogins, LoginSession, Team
from records.reviewing import AuditEntry, Override, Review
from records.types import (
    PersonAverages,
    PersonSettings,
    SessionQuery,
    SessionSummary,
    SettingsOf,
    Window,
)
from simulator.types import Event, Journal

Describe = Callable[[str], tuple[str, int | None]]
"""Scenario id → its title and level."""


class SessionJournal(Journal, Protocol):
    """The sessions' events: the truth about them."""

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        """Keep one event; when this returns, it survives a crash or a power cut.

        A session begins with `Started`, and has no other. Raises `ValueError` for an event out of
        place and for an id that is not made of lower-case letters, digits, `-` and `_`; and
        `Overtaken`, keeping nothing, when `number` is given and so many events are not there.
        """
        ...

    def read(self, session_id: str) -> list[Event]:
        """All events of a session, oldest first.

        Raises `UnknownSession` (a `KeyError`), `DamagedJournal`.
        """
        ...

    def first(self, session_id: str) -> Event:
        """How a session began, also where what follows is damaged.

        Raises `UnknownSession`, `DamagedJournal`.
        """
        ...

    def write(self, session_id: str, events: Sequence[Event]) -> None:
        """Keep a whole session: after a crash it is there, or nothing of it.

        Raises `ValueError` as `append`, and when the session has begun already.
        """
        ...

    def ids(self) -> list[str]:
        """All sessions, by id."""
        ...


class Table(Protocol[T]):
    """The rows of one kind."""

    def get(self, key: str) -> T | None:
        """The row with this key."""
        ...

    def find(self, **fields: str | None) -> list[T]:
        """The rows in which these fields are so, by key; without any, all.

        Raises `ValueError` for a field that its kind does not list as one to be found by.
        """
        ...

    def add(self, row: T) -> None:
        """Keep a new row; raises `Taken` when its key or a unique field is there already."""
        ...

    def put(self, row: T) -> None:
        """Keep a row, in place of the one with its key; raises `Taken` as `add`."""
        ...

    def change(self, key: str, how: Callable[[T | None], T | None]) -> T | None:
        """Put what `how` makes of the row in its place, while nobody else can; returns it.

        `None` stands for no row, before and after. `how` may be called more than once, and what
        it raises leaves everything as it was. Raises `Taken` as `add`.
        """
        ...

    def remove(self, key: str) -> bool:
        """Remove the row with this key; whether there was one."""
        ...


class Records(Protocol):
    """Everything that is kept."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is kept, for people to read: a folder or an address, never with a password."""

    @property
    @abstractmethod
    def journal(self) -> SessionJournal:
        """The sessions' events."""

    @abstractmethod
    def table(self, kind: Kind[T]) -> Table[T]:
        """The rows of a kind."""

    @abstractmethod
    def close(self) -> None:
        """Give back what is held open."""

    # --- sessions -------------------------------------------------------------------------------

    @abstractmethod
    def describe_scenarios(self, describe: Describe) -> None:
        """Say how to find a scenario's title and level, which the journals do not hold."""

    @abstractmethod
    def summary(self, session_id: str) -> SessionSummary:
        """One session; raises `UnknownSession`, and `DamagedJournal` where only files are."""

    @abstractmethod
    def find_sessions(self, query: SessionQuery) -> list[SessionSummary]:
        """Sessions, newest first."""

    @abstractmethod
    def count_sessions(self, query: SessionQuery) -> int:
        """How many sessions; `limit` and `offset` do not matter."""

    @abstractmethod
    def averages(self, window: Window) -> list[PersonAverages]:
        """What people's sessions come to, by person; nobody without a session."""

    @abstractmethod
    def mark_private(self, session_id: str, private: bool) -> None:
        """Keep a session to its trainee, or no longer; raises `UnknownSession`."""

    @abstractmethod
    def problems(self) -> list[str]:
        """Sessions that are not listed because they cannot be read: a sentence each."""

    @abstractmethod
    def notices(self) -> list[str]:
        """What its operator should hear at the start: a sentence each.

        What was repaired or upgraded since this was opened, and what is damaged, with its place.
        """

    @abstractmethod
    def delete_sessions(self, session_ids: Iterable[str]) -> int:
        """Delete sessions with their scorecards, overrides and reviews; how many there were.

        What a crash interrupts is finished when the records are opened again.
        """

    @abstractmethod
    def save_scorecards(self, cards: Mapping[str, Scorecard]) -> None:
        """Keep sessions' scorecards, in place of earlier ones."""

    @abstractmethod
    def graded(self) -> list[str]:
        """The ids under which there is a scorecard, also where there is no such session."""

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        """Keep a session's scorecard, in place of an earlier one."""
        self.save_scorecards({session_id: card})

    @abstractmethod
    def scorecards(self, session_ids: Iterable[str]) -> dict[str, Scorecard]:
        """The scorecards there are of these sessions, by id."""

    def scorecard(self, session_id: str) -> Scorecard | None:
        """A session's scorecard; `None`: not graded."""
        return self.scorecards([session_id]).get(session_id)

    def sessions(self, person: str) -> list[SessionSummary]:
        """A person's sessions, newest first."""
        return self.find_sessions(SessionQuery(persons=(person,)))

    # --- who did what ---------------------------------------------------------------------------

    @abstractmethod
    def audit(self, *entries: AuditEntry) -> None:
        """Write into the audit trail, all of them or none."""

    @abstractmethod
    def change_audit(self, how: Callable[[AuditEntry], AuditEntry]) -> None:
        """Write the trail anew, for one reason only: somebody has a right to be left out of it."""

    @abstractmethod
    def audit_trail(
        self,
        who: str | None = None,
        about: str | None = None,
        session: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[AuditEntry]:
        """The audit trail in the order it was written; what is `None` does not restrict."""

    # --- all of it ------------------------------------------------------------------------------

    @abstractmethod
    def frozen(self) -> AbstractContextManager["Records"]:
        """All as it is at this moment, to read, however long that takes and whoever writes.

        Deletions wait meanwhile, or are not seen.
        """

    # --- rows -----------------------------------------------------------------------------------

    def settings(self, person: str) -> PersonSettings:
        """What is remembered about a person."""
        found = self.settings_table.get(person)
        return found.settings if found else PersonSettings()

    def save_settings(self, person: str, settings: PersonSettings) -> None:
        """Remember a person's settings, in place of earlier ones."""
        self.settings_table.put(SettingsOf(person=person, settings=settings))

    @property
    def settings_table(self) -> Table[SettingsOf]:
        """What is remembered about people, as rows."""
        return self.table(kinds.SETTINGS)

    @property
    def accounts(self) -> Table[Account]:
        """Who can log in."""
        return self.table(kinds.ACCOUNTS)

    @property
    def teams(self) -> Table[Team]:
        """Who is managed together."""
        return self.table(kinds.TEAMS)

    @property
    def logins(self) -> Table[LoginSession]:
        """Browsers that are logged in."""
        return self.table(kinds.LOGINS)

    @property
    def tokens(self) -> Table[ApiToken]:
        """Keys of programs."""
        return self.table(kinds.TOKENS)

    @property
    def failures(self) -> Table[FailedLogins]:
        """Logins tried in vain."""
        return self.table(kinds.FAILURES)

    @property
    def overrides(self) -> Table[Override]:
        """Managers' words on scores."""
        return self.table(kinds.OVERRIDES)

    @property
    def reviews(self) -> Table[Review]:
        """Sessions that a person should look at."""
        return self.table(kinds.REVIEWS)

    @property
    def webhooks(self) -> Table[Webhook]:
        """Addresses that hear of events."""
        return self.table(kinds.WEBHOOKS)

    @property
    def marks(self) -> Table[Mark]:
        """Work that was begun and not finished."""
        return self.table(kinds.MARKS)

    @property
    def deliveries(self) -> Table[Delivery]:
        """What webhooks are still to hear."""
        return self.table(kinds.DELIVERIES)
