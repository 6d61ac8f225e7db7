"""Who may what. Every service asks here; doors and pages only ask earlier, to be polite."""

from dataclasses import dataclass
from enum import StrEnum

from records.people import Account, Role
from ui.services.errors import NotAllowed


class Right(StrEnum):
    """What a service can ask for. What is somebody's own needs `PRACTISE` and nothing more."""

    PRACTISE = "practise"
    AUTHOR = "author"
    """Scenarios and personas, with what trainees do not see of them."""
    MANAGE = "manage"
    """Sessions, scorecards and averages of the people in one's own teams."""
    ADMINISTER = "administer"
    """Accounts, teams and the audit trail; nobody's conversations."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.TRAINEE: frozenset({Right.PRACTISE}),
    Role.TRAINER: frozenset({Right.PRACTISE, Right.AUTHOR}),
    Role.MANAGER: frozenset({Right.PRACTISE, Right.MANAGE}),
    Role.ADMIN: frozenset({Right.PRACTISE, Right.AUTHOR, Right.ADMINISTER}),
}

MANAGED_ROLES = frozenset({Role.TRAINEE, Role.TRAINER})
"""Whose sessions a manager of their team sees; managers and admins are nobody's trainees."""


@dataclass(frozen=True)
class Actor:
    """Somebody who does something, as they are right now."""

    id: str
    """The `person` of their sessions, and who did it in the audit trail."""
    name: str
    rights: frozenset[Right]
    teams: tuple[str, ...] = ()
    login: str | None = None
    """`None`: somebody at the machine itself, who has no account."""

    def may(self, right: Right) -> bool:
        """Whether they may."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raises `NotAllowed` unless they may."""
        if right not in self.rights:
            raise NotAllowed(right)


LOCAL = Actor("local", "You", frozenset({Right.PRACTISE, Right.AUTHOR}))
"""The one person in front of a machine without accounts."""

OPERATOR = Actor("local", "The operator", frozenset({Right.ADMINISTER}))
"""Whoever has a shell on the machine, and with it the records: the command line."""


def actor_of(account: Account) -> Actor:
    """What somebody may who is logged in."""
    return Actor(account.id, account.name, RIGHTS[account.role], account.teams, account.login)


def is_managed_by(manager: Actor, account: Account) -> bool:
    """Whether an account is one of the people whose sessions a manager may see."""
    shared = set(manager.teams) & set(account.teams)
    return manager.may(Right.MANAGE) and account.role in MANAGED_ROLES and bool(shared)
