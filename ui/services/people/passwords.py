"""Passwords: which are good enough, and their hashes. Nothing here keeps or prints one."""

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError

from ui.services.errors import WeakPassword

MIN_LENGTH = 12
MAX_LENGTH = 200
"""Characters. A longer one would only make the server work."""

MIN_DIFFERENT = 5
"""Different characters."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB and a processor: logins wait for each other, conversations do not."""


def check_strength(password: str, login: str) -> None:
    """Raises `WeakPassword` with what to do about it."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(
            f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters. Several words in a row "
            "are easy to remember."
        )
    if len(set(password)) < MIN_DIFFERENT:
        raise WeakPassword(
            f"This password repeats itself. Use at least {MIN_DIFFERENT} different characters."
        )
    if len(login) > 3 and login.casefold() in password.casefold():
        raise WeakPassword("This password has the login in it. Choose one without.")


def hash_password(password: str) -> str:
    """What is kept of a password: an argon2id hash with a salt of its own."""
    with _AT_ONCE:
        return _hasher().hash(password)


def verify(password: str, known: str | None) -> tuple[bool, str | None]:
    """Whether it is the password of a hash, and a better hash where the old one is outdated.

    Without a hash it is never right, and takes as long to find out.
    """
    if len(password) > MAX_LENGTH:
        password, known = "", None
    with _AT_ONCE:
        try:
            right, better = _hasher().verify_and_update(password, known or _nobodys())
        except PwdlibError:
            return False, None
    return (right, better) if known else (False, None)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """A hash that no password has, for logins that nobody has."""
    return _hasher().hash(secrets.token_urlsafe(32))
