"""The people of a small call centre, for tests: one of each role, and whose sessions are whose."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from records import Records, open_records
from records.people import Account, Role
from scenarios.library import Library
from tests.scripted import ScriptedModel
from ui.services.access import OPERATOR, Actor, actor_of
from ui.services.practice import Practice
from ui.services.site import Site

SCENARIO = "broken-coffee-machine"
PASSWORD = "four quiet wooden boats"
NORTH, SOUTH = "North", "South"

PEOPLE: dict[str, tuple[Role, tuple[str, ...]]] = {
    "tess": (Role.TRAINEE, (NORTH,)),
    "tom": (Role.TRAINEE, (SOUTH,)),
    "tara": (Role.TRAINER, (NORTH,)),
    "max": (Role.MANAGER, (NORTH,)),
    "mona": (Role.MANAGER, (SOUTH,)),
    "ada": (Role.ADMIN, (NORTH,)),
}
"""Login → role and teams."""


@cache
def library() -> Library:
    """The shipped content, which no test changes."""
    return Library.load()


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 28, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def on(self, **more: float) -> None:
        self.at += timedelta(**more)


class Cast:
    """A site and its people. Only those who are named to have a password have one."""

    def __init__(self, records: Records | None = None, passwords: tuple[str, ...] = ()) -> None:
        self.clock = Clock()
        self.records = records or open_records("memory:")
        model = ScriptedModel(reply=lambda _prompt: "It arrived broken.", default=0.7)
        self.practice = Practice(library(), self.records, model, clock=self.clock)
        self.site = Site(self.practice, clock=self.clock)
        accounts = self.site.people.accounts
        for team in (NORTH, SOUTH):
            accounts.add_team(OPERATOR, team)
        for login, (role, teams) in PEOPLE.items():
            password = PASSWORD if login in passwords else None
            accounts.create(OPERATOR, login, login.title(), role, teams, password)

    def account(self, login: str) -> Account:
        [found] = self.records.accounts.find(login=login)
        return found

    def actor(self, login: str) -> Actor:
        return actor_of(self.account(login))

    def token(self, login: str) -> str:
        """A browser's token of somebody who is logged in."""
        return self.site.people.logins.open(self.account(login), "10.0.0.9", "test")

    def session(self, login: str, graded: bool = False) -> str:
        """A session of somebody's, with one message; graded ones are over."""
        person = self.account(login).id
        session = self.practice.start(person, SCENARIO, seed=7)
        list(self.practice.reply(session, person, f"Hello, this is {login}."))
        if graded:
            self.practice.end(session, person)
            self.practice.grade(session, person)
        return session

    def audited(self, what: str) -> list[tuple[str, str | None, str | None]]:
        """Who did it, to whom, in which session."""
        trail = self.records.audit_trail()
        return [(e.who, e.about, e.session) for e in trail if e.what == what]
