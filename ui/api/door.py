"""The door of the interface for programs: a token, whatever is asked for.

Nothing is read of what a stranger sends, and a browser's cookies count for nothing.
"""

from typing import Annotated

from anyio import to_thread
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.errors import refusal
from ui.services.access import Actor
from ui.services.people.tokens import SCOPES, Caller
from ui.services.site import People
from ui.web.doors.bodies import MAX_BODY, TooMuch, again, read_body

CALLER = "spardesk.caller"
"""Key of a request's scope: the `Caller` whom the door let in."""

POLICY = "default-src 'none'; frame-ancestors 'none'"

NO_ACCOUNTS = (
    "There are no accounts on this machine, and tokens belong to accounts. Make one of each: "
    "spardesk users add LOGIN --name NAME --role admin, then "
    "spardesk tokens add LOGIN --name NAME --scope SCOPE"
)
STRANGER = (
    "This takes a token that counts: Authorization: Bearer TOKEN. "
    "spardesk tokens add LOGIN --name NAME --scope SCOPE makes one."
)

TOO_LARGE = f"At most {MAX_BODY:,} bytes may be sent at once. Send it in several parts."

documented = HTTPBearer(
    scheme_name="token",
    description="A token made by `spardesk tokens add`.",
    auto_error=False,
)


class Door:
    """Lets programs in that have a token."""

    def __init__(self, app: ASGIApp, people: People) -> None:
        self._app = app
        self._people = people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the caller in the scope, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _with_policy(send)
        caller = await to_thread.run_sync(self._caller, scope)
        if isinstance(caller, Caller):
            await self._in(caller, scope, receive, answer)
            return
        status, kind, message = caller
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        await refusal(status, kind, message, headers)(scope, receive, answer)

    async def _in(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive)
        except TooMuch:
            await refusal(413, "too_large", TOO_LARGE)(scope, receive, send)
            return
        await self._app({**scope, CALLER: caller}, again(body, receive), send)

    def _caller(self, scope: Scope) -> Caller | tuple[int, str, str]:
        found = self._people.tokens.caller(_token(scope))
        if found is not None:
            return found
        if not self._people.logins.has_accounts:
            return 403, "no_accounts", NO_ACCOUNTS
        return 401, "no_token", STRANGER


def _token(scope: Scope) -> str:
    """What stands in the header; nothing where it is of another kind, or there twice."""
    given = Headers(scope=scope).getlist("authorization")
    way, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if way.lower() == "bearer" else ""


def _with_policy(send: Send) -> Send:
    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
        await send(message)

    return complete


def caller_of(request: Request) -> Caller:
    """The program, and on whose behalf it asks."""
    found = request.scope[CALLER]
    assert isinstance(found, Caller)
    return found


class Holding:
    """Somebody whose token has a scope; raises `NotAllowed`."""

    def __init__(self, scope: str) -> None:
        assert scope in SCOPES
        self._scope = scope

    def __call__(
        self,
        request: Request,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(documented)],
    ) -> Actor:
        """On whose behalf the program asks, as they are now."""
        return caller_of(request).require(self._scope)
