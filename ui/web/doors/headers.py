"""Headers of every answer: what a browser may load, keep and tell others."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRADIO_POLICY = "; ".join(
    (
        "default-src 'self'",
        # 'unsafe-inline': Gradio writes its configuration and our head script into the page, both
        # without a nonce. 'unsafe-eval': it makes functions of `js=` and `js_on_load` texts.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        # 'unsafe-inline': Svelte sets styles on elements, and our bars have their width there.
        "style-src 'self' 'unsafe-inline'",
        # data: Gradio's own icons and font.
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
"""For the pages that Gradio builds in the browser. Nothing comes from elsewhere."""

PLAIN_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
"""For the pages of logging in, which need no script."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

ONE_YEAR = "max-age=31536000"

KEPT_FOR_GOOD = ("/assets/", "/static/", "/svelte/", "/public/")
"""Parts of paths whose answers are the same for everybody, and may be kept."""

OTHERS_MAY_READ = tuple(
    f"access-control-allow-{what}" for what in ("origin", "credentials", "methods", "headers")
)
"""Gradio lets pages of any other origin read answers; here none may."""


class SafetyHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and complete the answer's headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, scope: Scope) -> None:
        for name in OTHERS_MAY_READ:
            if name in headers:
                del headers[name]
        headers.update(HEADERS)
        headers.setdefault("Content-Security-Policy", GRADIO_POLICY)
        if self._https or scope.get("scheme") == "https":
            headers["Strict-Transport-Security"] = ONE_YEAR
        if not any(part in scope.get("path", "") for part in KEPT_FOR_GOOD):
            headers["Cache-Control"] = "no-store"
