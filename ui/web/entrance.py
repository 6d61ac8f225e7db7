"""Logging in and out, and one's own account: plain pages that need no script."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Form
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from ui.api.download import export_file
from ui.services.access import Actor
from ui.services.errors import PracticeError, TooManyTries
from ui.services.site import Site
from ui.web.cookies import (
    drop_session,
    form_base,
    form_key,
    is_form_key,
    keep_session,
    new_form_base,
    random_base,
    session_of,
)
from ui.web.doors.gate import ACTOR, ENTRANCES
from ui.web.doors.headers import PLAIN_POLICY
from ui.web.doors.settings import Doors
from ui.web.rendering import HERE, render

Text = Annotated[str, Form(max_length=2_000)]

STALE = "This form was too old, or not made for this browser. Please try again."

FIRST_PAGE = "/"


class Entrance:
    """The pages at the door."""

    def __init__(self, site: Site, doors: Doors) -> None:
        self._people = site.people
        self._own = site.own
        self._doors = doors

    def add_to(self, app: FastAPI) -> None:
        """Put the pages' addresses into the app."""
        pages = {"response_class": HTMLResponse, "response_model": None}
        app.get("/login", **pages)(self.login_page)  # type: ignore[arg-type]
        app.post("/login", **pages)(self.log_in)  # type: ignore[arg-type]
        app.post("/logout", **pages)(self.log_out)  # type: ignore[arg-type]
        app.get("/account", **pages)(self.account_page)  # type: ignore[arg-type]
        app.post("/account/password", **pages)(self.change_password)  # type: ignore[arg-type]
        app.post("/account/everywhere", **pages)(self.everywhere)  # type: ignore[arg-type]
        app.post("/account/export", response_model=None)(self.export)
        app.get("/public/style.css", response_model=None)(style)
        app.get("/public/mark.svg", response_model=None)(mark)
        for prefix in sorted(ENTRANCES):
            app.get(prefix, response_model=None)(_to(f"{prefix}/"))

    # --- in and out -----------------------------------------------------------------------------

    def login_page(self, request: Request, next: str = FIRST_PAGE) -> Response:
        """The form."""
        if request.scope[ACTOR]:
            return RedirectResponse(here_only(next), 303)
        return self._form(request, next)

    def log_in(
        self, request: Request, key: Text, login: Text, password: Text, next: Text = FIRST_PAGE
    ) -> Response:
        """Check login and password, and give the browser its token."""
        if not is_form_key(request, key):
            return self._form(request, next, STALE, 400)
        logins = self._people.logins
        try:
            token = logins.log_in(login, password, address_of(request), session_of(request))
        except TooManyTries as error:
            return self._form(request, next, str(error), 429)
        except PracticeError as error:
            return self._form(request, next, str(error), 400)
        response = RedirectResponse(here_only(next), 303)
        keep_session(request, response, token)
        return response

    def log_out(self, request: Request, key: Text) -> Response:
        """End this browser's login."""
        if not is_form_key(request, key):
            return self._account(request, STALE, 400)
        self._people.logins.log_out(session_of(request))
        return _out(request)

    # --- one's own account ----------------------------------------------------------------------

    def account_page(self, request: Request) -> Response:
        """Who one is here, and what one can change."""
        if not _has_account(request):
            return RedirectResponse(FIRST_PAGE, 303)
        return self._account(request)

    def change_password(
        self, request: Request, key: Text, old: Text, new: Text, again: Text
    ) -> Response:
        """Change the password; other browsers are logged out."""
        if not is_form_key(request, key):
            return self._account(request, STALE, 400)
        if new != again:
            return self._account(request, "The new password was not typed the same twice.", 400)
        address = address_of(request)
        try:
            account = self._people.accounts.change_password(_actor(request), old, new, address)
            token = self._people.logins.open(account, address, "password change")
        except PracticeError as error:
            return self._account(request, str(error), 400)
        response = self._account(request, "Your password is changed.", base=token)
        keep_session(request, response, token)
        return response

    def everywhere(self, request: Request, key: Text) -> Response:
        """End all logins of the account, this one included."""
        if not is_form_key(request, key):
            return self._account(request, STALE, 400)
        actor = _actor(request)
        self._people.logins.log_out_everywhere(actor, actor.id)
        return _out(request)

    def export(self, request: Request, key: Text) -> Response:
        """Everything that is kept about the person, as a file."""
        if not is_form_key(request, key):
            return self._account(request, STALE, 400)
        actor = _actor(request)
        return export_file(self._own.export(actor), actor.id)

    # --- inside ---------------------------------------------------------------------------------

    def _form(self, request: Request, next: str, problem: str = "", status: int = 200) -> Response:
        known = form_base(request)
        base = known or random_base()
        provider = self._doors.single_sign_on
        html = render(
            "login.html",
            key=form_key(base),
            next=here_only(next),
            problem=problem,
            single_sign_on=provider is not None,
        )
        response = plain(html, status)
        if not known:
            new_form_base(request, response, base)
        return response

    def _account(
        self, request: Request, message: str = "", status: int = 200, base: str | None = None
    ) -> Response:
        if not _has_account(request):
            return RedirectResponse(FIRST_PAGE, 303)
        actor = _actor(request)
        html = render(
            "account.html",
            actor=actor,
            has_password=self._people.accounts.own(actor).password_hash is not None,
            key=form_key(base or form_base(request) or random_base()),
            message=message,
            tone="bad" if status >= 400 else "calm",
        )
        return plain(html, status)


def plain(html: str, status: int = 200) -> HTMLResponse:
    """A page that may load our style sheet and nothing else."""
    return HTMLResponse(html, status, {"Content-Security-Policy": PLAIN_POLICY})


def here_only(address: str) -> str:
    """An address on this server, or else the first page: a login leads nowhere else."""
    parts = urlsplit(address) if address.isprintable() else None
    is_here = parts is not None and not parts.scheme and not parts.netloc
    if not is_here or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return FIRST_PAGE
    return address


def address_of(request: Request) -> str:
    """Where the browser is, as the server or its trusted proxy knows."""
    return request.client.host if request.client else "unknown"


def style() -> FileResponse:
    """The style sheet of all pages."""
    return FileResponse(HERE / "style.css", media_type="text/css")


def mark() -> FileResponse:
    """The small picture in the browser's tab."""
    return FileResponse(HERE / "favicon.svg", media_type="image/svg+xml")


def _to(address: str):  # type: ignore[no-untyped-def]
    def lead() -> RedirectResponse:
        return RedirectResponse(address, 307)

    return lead


def _out(request: Request) -> Response:
    response = RedirectResponse("/login", 303)
    drop_session(request, response)
    return response


def _actor(request: Request) -> Actor:
    actor = request.scope[ACTOR]
    assert isinstance(actor, Actor)
    return actor


def _has_account(request: Request) -> bool:
    actor = request.scope[ACTOR]
    return isinstance(actor, Actor) and actor.login is not None
