"""The people of a run: trainees, their manager, and the team they are in."""

from datetime import UTC, datetime

from records import Records
from records.people import Account, Role, Team

PASSWORD = "seven slow grey herons"
MANAGER = "load-manager"
CROWD = 200
"""People among whom stored sessions are dealt out."""

_TEAM = Team(id="load", name="Load")


def trainee(number: int) -> str:
    """A trainee's login, which is their id as well."""
    return f"load-{number:04}"


def people_of(users: int, stored: int) -> int:
    """How many trainees there are: whoever practises, and whoever has sessions already."""
    return max(users, CROWD if stored else 0)


def add_people(records: Records, count: int, password_hash: str) -> None:
    """A manager and trainees, all with one password and so one hash.

    A hash takes a good tenth of a second on purpose, which is not what is measured.
    """
    records.teams.add(_TEAM)
    records.accounts.add(_account(MANAGER, Role.MANAGER, password_hash))
    for number in range(count):
        records.accounts.add(_account(trainee(number), Role.TRAINEE, password_hash))


def _account(login: str, role: Role, password_hash: str) -> Account:
    return Account(
        id=login,
        login=login,
        name=login.replace("-", " ").title(),
        role=role,
        teams=(_TEAM.id,),
        password_hash=password_hash,
        created_at=datetime.now(UTC),
    )
