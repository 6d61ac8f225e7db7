"""The two cookies there are: who is logged in, and which browser a login form was given to."""

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from ui.services.people.logins import LONGEST

FORM_SECONDS = 3600


def session_cookie(is_secure: bool) -> str:
    """The name of the cookie of a login.

    Over TLS it begins with `__Host-`: then no other machine of the same domain can set it.
    """
    return "__Host-spardesk" if is_secure else "spardesk"


def form_cookie(is_secure: bool) -> str:
    """The name of the cookie that a form's key is made of before somebody is logged in."""
    return "__Host-spardesk-form" if is_secure else "spardesk-form"


def is_secure(request: Request) -> bool:
    """Whether the browser came over TLS."""
    return str(request.scope["scheme"]) == "https"


def session_of(request: Request) -> str | None:
    """The browser's token."""
    return request.cookies.get(session_cookie(is_secure(request)))


def keep_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its token; scripts cannot read it."""
    secure = is_secure(request)
    response.set_cookie(
        session_cookie(secure),
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        secure=secure,
        # "lax", since "strict" would lose the login on the way back from a single sign-on.
        samesite="lax",
    )


def drop_session(request: Request, response: Response) -> None:
    """Take the browser's token away."""
    secure = is_secure(request)
    response.delete_cookie(session_cookie(secure), httponly=True, secure=secure, samesite="lax")


def form_base(request: Request) -> str | None:
    """What this browser's form keys are made of: its login, else the cookie of the login form."""
    return session_of(request) or request.cookies.get(form_cookie(is_secure(request)))


def form_key(base: str) -> str:
    """The key that a form carries; a page elsewhere cannot know it."""
    return hashlib.sha256(f"form:{base}".encode()).hexdigest()


def is_form_key(request: Request, key: str) -> bool:
    """Whether a form was given to this very browser."""
    base = form_base(request)
    return base is not None and hmac.compare_digest(form_key(base), key)


def new_form_base(request: Request, response: Response, base: str) -> None:
    """Remember which browser a login form was given to."""
    secure = is_secure(request)
    response.set_cookie(
        form_cookie(secure),
        base,
        max_age=FORM_SECONDS,
        httponly=True,
        secure=secure,
        samesite="strict",
    )


def random_base() -> str:
    """Something to make a form's key of."""
    return secrets.token_urlsafe(24)
