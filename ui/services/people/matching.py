"""Whose account it is, when a provider of single sign-on says who somebody is."""

import secrets

from records import Records
from records.people import Account, Role
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import LoginFailed


class Matching:
    """From a provider's word to an account.

    An account is known by issuer and subject. The first time it is found by its login, when that
    is an e-mail address of which the provider says it has verified it.
    """

    def __init__(self, records: Records, audit: Auditing, clock: Clock) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock

    def account(
        self,
        issuer: str,
        subject: str,
        email: str | None,
        name: str | None,
        creates_trainees: bool,
    ) -> Account:
        """The account; `email` is one that was verified.

        Raises `LoginFailed` for somebody unknown, unless trainees are created.
        """
        known = f"{issuer}#{subject}"
        found = self._records.accounts.find(subject=known)
        if found:
            return found[0]
        login = email.strip().casefold() if email else None
        by_login = self._records.accounts.find(login=login) if login else []
        if by_login:
            return self._linked(by_login[0], known)
        if not creates_trainees or login is None:
            raise LoginFailed
        return self._created(login, name or login, known)

    def _linked(self, account: Account, known: str) -> Account:
        """The account, from now on known by its subject; one that has another stays as it is."""

        def linked(row: Account | None) -> Account | None:
            return row.model_copy(update={"subject": known}) if row and not row.subject else row

        after = self._records.accounts.change(account.id, linked)
        if after is None or after.subject != known:
            raise LoginFailed
        self._audit.note(account.id, What.ACCOUNT_LINKED, account.id, subject=known)
        return after

    def _created(self, login: str, name: str, known: str) -> Account:
        account = Account(
            id=secrets.token_hex(8),
            login=login,
            name=" ".join(name.split())[:100] or login,
            role=Role.TRAINEE,
            subject=known,
            created_at=self._clock(),
        )
        self._records.accounts.add(account)
        self._audit.note("spardesk", What.ACCOUNT_CREATED, account.id, role=Role.TRAINEE.value)
        return account
