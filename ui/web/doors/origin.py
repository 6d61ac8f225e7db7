"""Only our own pages may make a browser do something here, or read what comes back.

A browser says where a request comes from, and a page elsewhere cannot change that. This covers
Gradio's endpoints, which know no form tokens.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.web.doors.refusing import refuse

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

FORWARDED = (
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-prefix",
    b"x-forwarded-proto",
    b"x-forwarded-server",
    b"x-real-ip",
)
"""What a proxy adds. The server has read what a trusted one says; nobody else is believed."""


class SameOrigin:
    """Refuses what a page of another origin asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what our own pages, the address bar or a program without a browser ask for."""
        if scope["type"] == "http" and not is_welcome(scope):
            await refuse(scope, receive, send, 403, "This was asked for by a page from elsewhere.")
            return
        await self._app(scope, receive, send)


def is_welcome(scope: Scope) -> bool:
    """Whether a request does not come from a page elsewhere."""
    headers = Headers(scope=scope)
    is_safe = scope["method"] in SAFE
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return True
    if site is not None:  # a link from elsewhere may lead here, and no more
        return is_safe and headers.get("sec-fetch-mode") == "navigate"
    origin = headers.get("origin")
    if origin is not None:
        return _is_ours(origin, scope, headers)
    # Every browser sends one of the two with a change; a program that has no browser's cookie
    # has nothing to be misused either.
    return is_safe or "cookie" not in headers


def _is_ours(origin: str, scope: Scope, headers: Headers) -> bool:
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (scope["scheme"], headers.get("host", ""))


class Unforwarded:
    """Takes out what a proxy added, so that no page builds addresses of it."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on without those headers, and with the scheme that browsers use."""
        if scope["type"] == "http":
            was = [name for name, _ in scope["headers"] if name in FORWARDED]
            kept = [(name, value) for name, value in scope["headers"] if name not in FORWARDED]
            scope = {**scope, "headers": kept, WAS_FORWARDED: bool(was)}
            if self._https:
                scope["scheme"] = "https"
        await self._app(scope, receive, send)


WAS_FORWARDED = "spardesk.was_forwarded"
"""Key of a request's scope: whether a proxy passed it on."""
