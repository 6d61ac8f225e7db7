"""Accounts and teams: made and changed by administrators, and by the operator's command line."""

import secrets
from collections.abc import Iterable

from records import Records
from records.doors import log_out_everywhere
from records.people import Account, Role, Team
from ui.services.access import Actor, Right
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import LoginFailed, Missing, Unfit
from ui.services.people.limits import Limits
from ui.services.people.passwords import check_strength, hash_password, verify

MAX_NAME = 100
"""Characters of a login or a name."""


class Accounts:
    """Who has an account, and in which teams they are."""

    def __init__(self, records: Records, audit: Auditing, clock: Clock) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock
        self._limits = Limits(records, clock)

    # --- looking --------------------------------------------------------------------------------

    def all(self, actor: Actor) -> list[Account]:
        """All accounts, by login; raises `NotAllowed`."""
        actor.require(Right.ADMINISTER)
        return sorted(self._records.accounts.find(), key=lambda account: account.login)

    def teams(self, actor: Actor) -> list[Team]:
        """All teams, by name; raises `NotAllowed`."""
        actor.require(Right.ADMINISTER)
        return sorted(self._records.teams.find(), key=lambda team: team.name)

    def named(self, actor: Actor, login: str) -> Account:
        """The account with a login; raises `NotAllowed`, `Unfit`."""
        return self._found(actor, login)

    def with_id(self, actor: Actor, id_: str) -> Account:
        """The account with an id; raises `NotAllowed`, `Missing`."""
        actor.require(Right.ADMINISTER)
        account = self._records.accounts.get(id_)
        if account is None:
            raise Missing(f"There is no account with the id {id_!r}.")
        return account

    def own(self, actor: Actor) -> Account:
        """The actor's own account; raises `Unfit` for who has none."""
        account = self._records.accounts.get(actor.id)
        if account is None:
            raise Unfit("You have no account on this machine.")
        return account

    # --- making and changing --------------------------------------------------------------------

    def create(
        self,
        actor: Actor,
        login: str,
        name: str,
        role: Role,
        teams: Iterable[str] = (),
        password: str | None = None,
    ) -> Account:
        """A new account; without a password it comes in by single sign-on only.

        `teams` are names. Raises `NotAllowed`, `WeakPassword`, `Unfit`, `Taken`.
        """
        actor.require(Right.ADMINISTER)
        login, name = _checked(login, "login"), _checked(name, "name")
        if password is not None:
            check_strength(password, login)
        account = Account(
            id=secrets.token_hex(8),
            login=login,
            name=name,
            role=role,
            teams=self._team_ids(teams),
            password_hash=hash_password(password) if password is not None else None,
            created_at=self._clock(),
        )
        self._records.accounts.add(account)
        detail = {"role": role.value, "teams": ", ".join(teams)}
        self._audit.note(actor.id, What.ACCOUNT_CREATED, account.id, **detail)
        return account

    def disable(self, actor: Actor, login: str) -> None:
        """Let nobody in with this account any more; what they did stays."""
        account = self._found(actor, login)
        self._keep_an_admin(account)
        self._change(account, disabled=True)
        log_out_everywhere(self._records, account.id)
        self._audit.note(actor.id, What.ACCOUNT_DISABLED, account.id)

    def enable(self, actor: Actor, login: str) -> None:
        """Let the person in again."""
        account = self._found(actor, login)
        self._change(account, disabled=False)
        self._audit.note(actor.id, What.ACCOUNT_ENABLED, account.id)

    def set_role(self, actor: Actor, login: str, role: Role) -> None:
        """Give an account another role, from this moment on."""
        account = self._found(actor, login)
        if role is not Role.ADMIN:
            self._keep_an_admin(account)
        self._change(account, role=role)
        detail = {"from": account.role.value, "to": role.value}
        self._audit.note(actor.id, What.ROLE_CHANGED, account.id, **detail)

    def set_teams(self, actor: Actor, login: str, teams: Iterable[str]) -> None:
        """Put an account into these teams, by name, and out of all others."""
        account, names = self._found(actor, login), tuple(teams)
        self._change(account, teams=self._team_ids(names))
        self._audit.note(actor.id, What.TEAMS_CHANGED, account.id, teams=", ".join(names))

    def set_password(self, actor: Actor, login: str, password: str) -> None:
        """Give an account another password, and log it out everywhere; raises `WeakPassword`."""
        account = self._found(actor, login)
        self._keep_password(actor, account, password)

    def change_password(self, actor: Actor, old: str, new: str, address: str) -> Account:
        """Change one's own password; logs out everywhere. The account as it is then.

        Raises `LoginFailed` when the old one is wrong, `TooManyTries`, `WeakPassword`.
        """
        account = self.own(actor)
        self._limits.begin(account.login, address)
        right, _ = verify(old, account.password_hash)
        if not right:
            raise LoginFailed
        self._limits.succeeded(account.login, address)
        self._keep_password(actor, account, new)
        return self.own(actor)

    def add_team(self, actor: Actor, name: str) -> Team:
        """A new team; raises `NotAllowed`, `Unfit`, `Taken`."""
        actor.require(Right.ADMINISTER)
        team = Team(id=secrets.token_hex(4), name=_checked(name, "team's name"))
        self._records.teams.add(team)
        self._audit.note(actor.id, What.TEAM_CREATED, team=team.name)
        return team

    # --- inside ---------------------------------------------------------------------------------

    def _found(self, actor: Actor, login: str) -> Account:
        actor.require(Right.ADMINISTER)
        found = self._records.accounts.find(login=login.strip().casefold())
        if not found:
            raise Missing(f"There is no account {login!r}. `spardesk users list` names them all.")
        return found[0]

    def _team_ids(self, names: Iterable[str]) -> tuple[str, ...]:
        known = {team.name: team.id for team in self._records.teams.find()}
        wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
        missing = [name for name in wanted if name not in known]
        if missing:
            raise Unfit(
                f"There is no team {missing[0]!r}. Add it first: spardesk teams add "
                f'"{missing[0]}", or on the administrators\' page.'
            )
        return tuple(known[name] for name in wanted)

    def _keep_an_admin(self, account: Account) -> None:
        """Raises `Unfit` when nobody else could administer."""
        others = (
            other
            for other in self._records.accounts.find()
            if other.id != account.id and other.role is Role.ADMIN and not other.disabled
        )
        if account.role is Role.ADMIN and not any(others):
            raise Unfit(
                "This is the last administrator. Make somebody else one first: "
                "spardesk users role LOGIN admin"
            )

    def _keep_password(self, actor: Actor, account: Account, password: str) -> None:
        check_strength(password, account.login)
        self._change(account, password_hash=hash_password(password))
        log_out_everywhere(self._records, account.id)
        self._audit.note(actor.id, What.PASSWORD_CHANGED, account.id)

    def _change(self, account: Account, **fields: object) -> None:
        """Change fields of an account as it is now, whoever else changes others."""

        def changed(row: Account | None) -> Account | None:
            return row.model_copy(update=fields) if row else None

        self._records.accounts.change(account.id, changed)


def _checked(text: str, what: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Unfit(f"A {what} has 1 to {MAX_NAME} characters that can be printed.")
    return plain
