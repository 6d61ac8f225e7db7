"""The web app: the trainee's pages on one address, served to this machine."""

import os
import warnings
from collections.abc import Sequence

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.services.practice import Practice
from ui.web.choose import ChoosePage
from ui.web.practise import PractisePage
from ui.web.progress import ProgressPage
from ui.web.rendering import HERE, script
from ui.web.scoring import ScorecardPage

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names under which this machine alone is reached."""

HEADERS = {
    # Gradio builds its pages in the browser, hence inline scripts; nothing comes from elsewhere.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build_app(
    practice: Practice, person: str = "local", hosts: Sequence[str] = LOOPBACK
) -> FastAPI:
    """The app with all pages, for one person.

    `hosts` are the names it answers to: a page from elsewhere that lets its own name point to
    this machine is refused.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = FastAPI(title="Spardesk", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SafetyHeaders)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    with warnings.catch_warnings():
        # Said of every app with several pages, also when server-side rendering is off as here.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        _mount(app, _pages(practice, person))
    return app


def _mount(app: FastAPI, pages: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        pages,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        favicon_path=str(HERE / "favicon.svg"),
        theme=_theme(),
        css_paths=[HERE / "style.css"],
        head=f"<script>{script('pages.js')}</script>",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


class SafetyHeaders:
    """Tells the browser to load nothing from other machines."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _pages(practice: Practice, person: str) -> gr.Blocks:
    pages = gr.Blocks(title="Spardesk", analytics_enabled=False, fill_width=True)
    with pages:
        ChoosePage(practice, person).build()
    with pages.route("Practise", "/practise"):
        PractisePage(practice, person).build()
    with pages.route("Scorecard", "/scorecard"):
        ScorecardPage(practice, person).build()
    with pages.route("My progress", "/progress"):
        ProgressPage(practice, person).build()
    return pages


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts; `style.css` does the rest."""
    system = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "sans-serif"]
    return gr.themes.Base(font=system, font_mono=["ui-monospace", "monospace"])
