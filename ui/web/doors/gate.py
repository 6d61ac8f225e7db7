"""The gate: who is there, which room they ask for, and whether it is theirs.

Gradio asks its `auth_dependency` at most of its addresses, not at all of them, and answers many
that no page of ours needs. So nothing reaches it that is not listed here.
"""

import re
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.services.access import LOCAL, Actor, Right
from ui.services.people.logins import Logins
from ui.web.cookies import session_cookie
from ui.web.doors.bodies import OpenPages, TooMuch, again, pages_named, read_body
from ui.web.doors.origin import WAS_FORWARDED
from ui.web.doors.refusing import is_for_programs, refuse
from ui.web.doors.settings import Doors

ACTOR = "spardesk.actor"
"""Key of a request's scope: the `Actor` whom the gate let in."""


@dataclass(frozen=True)
class Room:
    """Pages for one right, under one address."""

    prefix: str
    """Empty for the pages that everybody has."""
    right: Right
    pages: tuple[str, ...]
    """Addresses below the prefix."""


ROOMS = (
    Room("/manage", Right.MANAGE, ("/", "/member", "/session")),
    Room("/author", Right.AUTHOR, ("/",)),
    Room("/admin", Right.ADMINISTER, ("/", "/trail")),
    Room("", Right.PRACTISE, ("/", "/practise", "/scorecard", "/progress")),
)
"""The last one takes what is in none of the others."""

GRADIO = {
    "GET": re.compile(
        r"/(config|theme\.css|favicon\.ico"
        r"|(static|assets|svelte)/[\w./@+-]+"
        r"|gradio_api/(info|app_id|startup-events|theme\.css|queue/data|heartbeat/[\w-]{1,64}))"
    ),
    "POST": re.compile(r"/gradio_api/(queue/join|run/predict)"),
}
"""Below a room's prefix: what Gradio's pages ask for. No files, no uploads, no proxy."""

PUBLIC = {
    "/login": {"GET", "POST"},
    "/login/single-sign-on": {"GET"},
    "/login/callback": {"GET"},
    "/public/style.css": {"GET"},
    "/public/mark.svg": {"GET"},
}
"""For everybody who can reach the server."""

OWN = {
    "/account": {"GET"},
    "/account/password": {"POST"},
    "/account/everywhere": {"POST"},
    "/account/export": {"POST"},
    "/logout": {"POST"},
}
"""For everybody with an account."""

ENTRANCES = frozenset(room.prefix for room in ROOMS if room.prefix)
"""Lead to their room's first page."""

STRANGER = "Log in first."
NOT_YOURS = "Your account may not open this page. Ask an administrator if it should."
NOWHERE = "There is nothing at this address."


def room_of(path: str) -> Room:
    """The room that an address lies in."""
    return next(
        room
        for room in ROOMS
        if not room.prefix or path == room.prefix or path.startswith(f"{room.prefix}/")
    )


def leads_somewhere(method: str, path: str) -> bool:
    """Whether there is something at an address, for anybody."""
    ours = PUBLIC.get(path) or OWN.get(path)
    if ours:
        return method in ours
    if path in ENTRANCES:
        return method == "GET"
    room = room_of(path)
    below = path.removeprefix(room.prefix)
    known = GRADIO.get(method)
    return (below in room.pages and method == "GET") or bool(known and known.fullmatch(below))


class Gate:
    """Lets nobody through to a room that is not theirs."""

    def __init__(self, app: ASGIApp, logins: Logins, doors: Doors) -> None:
        self._app = app
        self._logins = logins
        self._doors = doors
        self._pages = OpenPages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the actor in the scope, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # no page of ours talks over a web socket
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_for_programs(scope):  # it has a door of its own, which asks for a token
            await self._app(scope, receive, send)
            return
        actor = await to_thread.run_sync(self._actor, scope)
        status, text = _verdict(scope, actor)
        if status:
            await refuse(scope, receive, send, status, text)
            return
        try:
            body = await read_body(scope, receive)
        except TooMuch:
            await refuse(scope, receive, send, 413, "Send less at once.")
            return
        if actor and not all(
            self._pages.is_theirs(page, actor.id) for page in pages_named(scope, body)
        ):
            await refuse(scope, receive, send, 403, NOT_YOURS)
            return
        await self._app({**scope, ACTOR: actor}, again(body, receive), send)

    def _actor(self, scope: Scope) -> Actor | None:
        """Who is there; the one person of a machine without accounts, where that is allowed."""
        found = self._logins.actor(session_token(scope))
        if found or not self._doors.alone or scope.get(WAS_FORWARDED):
            return found
        return None if self._logins.has_accounts else LOCAL


def session_token(scope: Scope) -> str | None:
    """What the browser's cookie says."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    return cookie_parser("; ".join(lines)).get(session_cookie(scope["scheme"] == "https"))


def _verdict(scope: Scope, actor: Actor | None) -> tuple[int, str]:
    """The status of a refusal and what it says; 0 to let through."""
    path = scope["path"]
    is_somewhere = leads_somewhere(scope["method"], path)
    if path in PUBLIC and is_somewhere:
        return 0, ""
    if actor is None:
        return 401, STRANGER
    if not is_somewhere:
        return 404, NOWHERE
    if path not in OWN and not actor.may(room_of(path).right):
        return 403, NOT_YOURS
    return 0, ""
