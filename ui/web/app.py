"""The web app: the pages of each role behind a door of their own."""

import os
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import gradio as gr
from anyio import to_thread
from fastapi import FastAPI
from gradio.routes import App
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request

from ui.api.app import PREFIX, build_api
from ui.services.access import Actor, Right
from ui.services.practice import Practice
from ui.services.site import Site
from ui.web.admin import AccountsPage, TrailPage
from ui.web.choose import ChoosePage
from ui.web.content import ContentPage
from ui.web.doors.gate import ACTOR, ROOMS, Gate, Room
from ui.web.doors.headers import SafetyHeaders
from ui.web.doors.origin import SameOrigin, Unforwarded
from ui.web.doors.settings import Doors
from ui.web.entrance import Entrance
from ui.web.parts import MOST_WAITING, Page
from ui.web.practise import PractisePage
from ui.web.progress import ProgressPage
from ui.web.rendering import HERE, script
from ui.web.scoring import ScorecardPage
from ui.web.single_sign_on import add_single_sign_on
from ui.web.team import MemberPage, ReviewPage, TeamsPage

PAGES: dict[Right, tuple[type[Page], ...]] = {
    Right.PRACTISE: (ChoosePage, PractisePage, ScorecardPage, ProgressPage),
    Right.MANAGE: (TeamsPage, MemberPage, ReviewPage),
    Right.AUTHOR: (ContentPage,),
    Right.ADMINISTER: (AccountsPage, TrailPage),
}
"""The pages of each room, in the order of its addresses in `ROOMS`."""

QUEUE_PAUSE_S = 0.01
"""Gradio's queues, one a room, would look for work a thousand times a second each."""


def build_app(site: Site | Practice, doors: Doors | None = None) -> FastAPI:
    """The app with all pages.

    Without accounts it is for one person on this machine; as soon as there are some, everybody
    has to log in.
    """
    site = site if isinstance(site, Site) else Site(site)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = entrance(site, doors or Doors())
    with warnings.catch_warnings():
        # Said of every app with several pages, also when server-side rendering is off as here.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        for room in ROOMS:
            pages = _pages(site, room)
            _mount(app, room, pages)
            _ease(pages)
    return app


def entrance(site: Site, doors: Doors) -> FastAPI:
    """The app up to its doors: everything that stands before the rooms, without the rooms."""
    app = FastAPI(
        title="Spardesk",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_delivering(site),
    )
    _guard(app, site, doors)
    Entrance(site, doors).add_to(app)
    app.mount(PREFIX, build_api(site))
    return app


def _delivering(site: Site) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Webhooks hear of things while the app runs."""

    @asynccontextmanager
    async def while_it_runs(_: FastAPI) -> AsyncIterator[None]:
        # Each customer who answers keeps a thread waiting; all else needs some, too.
        to_thread.current_default_thread_limiter().total_tokens += MOST_WAITING
        site.deliverer.start()
        try:
            yield
        finally:
            await to_thread.run_sync(site.deliverer.stop)

    return while_it_runs


def _guard(app: FastAPI, site: Site, doors: Doors) -> None:
    """What a request passes, the outermost last."""
    add_single_sign_on(app, site.people, doors)
    app.add_middleware(Gate, logins=site.people.logins, doors=doors)
    app.add_middleware(SameOrigin)
    app.add_middleware(Unforwarded, https=doors.https)
    app.add_middleware(SafetyHeaders, https=doors.https)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(doors.hosts), www_redirect=False)


def _mount(app: FastAPI, room: Room, pages: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        pages,
        path=room.prefix or "/",
        auth_dependency=_only_with(room.right),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        favicon_path=None if room.prefix else str(HERE / "favicon.svg"),
        theme=_theme(),
        css_paths=[HERE / "style.css"],
        head=f"<script>{script('pages.js')}</script>",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def _ease(pages: gr.Blocks) -> None:
    """What many people at once need: queues that look for work less often and do as much of it as
    there may be, parts that are described once."""
    queue = pages._queue
    queue.sleep_when_free = queue.progress_update_sleep_when_free = QUEUE_PAUSE_S
    queue.max_thread_count = max(queue.max_thread_count, MOST_WAITING)
    for part in pages.blocks.values():
        part.get_config = _remembered(part.get_config())  # type: ignore[method-assign, assignment]


def _remembered(config: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """How a part describes itself, which Gradio asks at a page's first events and works out anew.

    Parts of the pages stay as they are built; what changes is a copy.
    """
    return lambda: dict(config)


def _only_with(right: Right) -> Callable[[Request], str | None]:
    """Gradio's own check of each room: who the gate let in, if they have the room's right."""

    def who(request: Request) -> str | None:
        actor = request.scope.get(ACTOR)
        return actor.id if isinstance(actor, Actor) and actor.may(right) else None

    return who


def _pages(site: Site, room: Room) -> gr.Blocks:
    with _without_apps():
        pages = gr.Blocks(title="Spardesk", analytics_enabled=False, fill_width=True)
        for address, page in zip(room.pages, PAGES[room.right], strict=True):
            name = page.__name__.removesuffix("Page")
            with pages if address == "/" else pages.route(name, address):
                page(site).build()
    return pages


@contextmanager
def _without_apps() -> Iterator[None]:
    """Gradio makes a web app of some 90 routes after each page, which only the mounted one needs.

    The others would take a good part of the program's start.
    """
    made = App.__dict__["create_app"]
    setattr(App, "create_app", staticmethod(lambda *_, **__: None))  # noqa: B010 - a method, to mypy
    try:
        yield
    finally:
        setattr(App, "create_app", made)  # noqa: B010


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts; `style.css` does the rest."""
    system = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "sans-serif"]
    return gr.themes.Base(font=system, font_mono=["ui-monospace", "monospace"])
