"""What every page has: a header, a way to say what went wrong, and how handlers share the model."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec

import gradio as gr
from gradio.components import Component

from llm.errors import ModelError
from personas.errors import ContentError
from records import RecordsError
from simulator.replaying import CannotReplay
from simulator.session import NothingToAnswer, SessionOver
from ui.log import log_unexpected
from ui.services.access import Actor, Right
from ui.services.errors import PracticeError
from ui.services.site import Site
from ui.web.rendering import render

KNOWN = (
    PracticeError,
    ModelError,
    RecordsError,
    ContentError,
    SessionOver,
    NothingToAnswer,
    CannotReplay,
)
"""Errors whose message is a sentence for the reader."""

MOST_WAITING = 400
"""People whose customers answer, or who wait for that, at the same time."""

MODEL_WORK: dict[str, Any] = {
    "concurrency_id": "model",
    "concurrency_limit": MOST_WAITING,
    "show_progress": "hidden",
    "api_visibility": "private",
    "postprocess": False,
}
"""How handlers that make the model work are run. They stand in line themselves
(`ui/services/line.py`), where a place can be seen; and show HTML, which is ready as it is."""

WAITING: dict[str, Any] = {
    "concurrency_limit": 16,
    "show_progress": "hidden",
    "api_visibility": "private",
}
"""How handlers are run that show how far something is."""

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""How all other handlers are run: at once.

Past the queue on purpose: Gradio ends a page's stream of answers with its last event, and can lose
the answer to an event that comes at that very moment.
"""

FROM_ADDRESS = "() => new URLSearchParams(window.location.search).get('{}') || ''"
"""JavaScript that reads a parameter of the page's address."""

Changes = dict[Component, Any]
P = ParamSpec("P")


class Page(ABC):
    """What all pages have: the site, and whoever looks at it right now.

    A page is built once for everybody. Who somebody is comes with each event from the door that
    let them in, and is looked up again; never from the page.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._practice = site.practice

    @abstractmethod
    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""

    def actor(self, request: gr.Request) -> Actor:
        """Who does this; raises `NotAllowed` for who may no longer come in."""
        return self._site.people.logins.fresh(request.username)

    def person(self, request: gr.Request) -> str:
        """Whose sessions it is about: one's own."""
        actor = self.actor(request)
        actor.require(Right.PRACTISE)
        return actor.id

    def header(self, page: str = "") -> None:
        """The page's top: name and links to the pages, those that are the reader's."""
        self.top = static(render("header.html", page=page, actor=None))

        def greet(request: gr.Request) -> Changes:
            return {self.top: render("header.html", page=page, actor=self.actor(request))}

        root_page().load(told(greet, lambda _text: {}), None, [self.top], **QUICK)


def root_page() -> gr.Blocks:
    """The Gradio page that is being built."""
    page = gr.context.Context.root_block
    assert page is not None
    return page


def static(html: str, **options: Any) -> gr.HTML:
    """HTML that Gradio neither styles nor listens to."""
    return gr.HTML(html, apply_default_css=False, js_on_load=None, **options)


def explain(error: Exception) -> str:
    """What to tell the reader about an error; an unexpected one goes to the log with its trace."""
    if isinstance(error, KNOWN):
        return str(error)
    log_unexpected(error)
    return (
        "Something unexpected went wrong; it is written to the log. Reload the page and try again."
    )


def notice(text: str, title: str = "", tone: str = "bad") -> str:
    """A message as HTML; empty for an empty text."""
    return render("notice.html", text=text, title=title, tone=tone)


def told(handler: Callable[P, Changes], tell: Callable[[str], Changes]) -> Callable[P, Changes]:
    """A handler whose failure becomes what `tell` shows."""

    @functools.wraps(handler)
    def safe(*args: P.args, **kwargs: P.kwargs) -> Changes:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            return tell(explain(error))

    return safe


def told_live(
    handler: Callable[P, Iterator[Changes]], tell: Callable[[str], Changes]
) -> Callable[P, Iterator[Changes]]:
    """As `told`, for a handler that shows things as they come."""

    @functools.wraps(handler)
    def safe(*args: P.args, **kwargs: P.kwargs) -> Iterator[Changes]:
        try:
            yield from handler(*args, **kwargs)
        except Exception as error:
            yield tell(explain(error))

    return safe
