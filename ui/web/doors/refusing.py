"""How a door says no: a page to a person, a line of JSON to a script."""

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from ui.api.errors import PREFIX, refusal
from ui.web.doors.headers import PLAIN_POLICY
from ui.web.rendering import render

LOGIN = "/login"

API = f"{PREFIX}/"
"""Below it are programs' addresses."""

TITLES = {
    401: "Please log in",
    403: "This is not open to you",
    404: "There is no such page",
    413: "That is too much at once",
}


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Answer with a refusal."""
    await _answer(scope, status, text)(scope, receive, send)


def is_for_programs(scope: Scope) -> bool:
    """Whether an address belongs to the interface for programs."""
    return str(scope["path"]).startswith(API)


def _answer(scope: Scope, status: int, text: str) -> Response:
    if is_for_programs(scope):
        return refusal(status, "refused", text)
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    if not (wants_page and scope["method"] == "GET"):
        return JSONResponse({"detail": text}, status)
    if status == 401:
        query = scope["query_string"].decode("latin-1")
        here = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(here, safe='')}", 303)
    return HTMLResponse(
        render("refused.html", title=TITLES[status], text=text),
        status,
        {"Content-Security-Policy": PLAIN_POLICY},
    )
