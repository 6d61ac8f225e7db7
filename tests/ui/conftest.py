"""Real pages in a real browser, with a customer whose words are written down."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from llm.errors import ModelError
from llm.types import Prompt
from records import open_records
from scenarios.library import Library
from tests.scripted import Reply, ScriptedModel
from ui.services.practice import Practice
from ui.web.app import build_app

CHROMIUM = os.environ.get("SPARDESK_CHROMIUM") or shutil.which("chromium")

LINE = "My coffee machine arrived broken three weeks ago. Two emails and nobody answered."


@dataclass
class Voice:
    """What the customer's model does; tests change it in mid-session."""

    says: str = LINE
    fails: ModelError | None = None
    missing: ModelError | None = None
    """Why the model cannot even be opened."""
    gate: threading.Event = field(default_factory=threading.Event)
    """The model answers while it is set."""

    opened: list[ScriptedModel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def read(self) -> list[Prompt]:
        """What was read ahead of an answer."""
        return [prompt for model in self.opened for prompt in model.read]

    def reply(self, prompt: Prompt) -> Reply:
        self.gate.wait(timeout=20)
        return self.fails or self.says

    def model(self) -> ScriptedModel:
        if self.missing:
            raise self.missing
        self.opened.append(ScriptedModel(reply=self.reply, default=0.7))
        return self.opened[-1]


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def practice(data: Path, voice: Voice) -> Practice:
    return Practice(Library.load(), open_records(data), voice.model)


class Served:
    """The pages at an address; `restart` stops the server and starts one with nothing in memory."""

    def __init__(self, make: Callable[[], Practice]) -> None:
        self._make = make
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        config = uvicorn.Config(
            build_app(self._make()), log_level="error", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def restart(self) -> None:
        self.stop()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.start()


@pytest.fixture
def served(practice: Practice, data: Path, voice: Voice) -> Iterator[Served]:
    made = [practice]

    def make() -> Practice:
        return made.pop() if made else Practice(Library.load(), open_records(data), voice.model)

    server = Served(make)
    yield server
    voice.gate.set()
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as running:
        chromium = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@dataclass
class Seen:
    """What went on in the browser besides the page."""

    elsewhere: list[str] = field(default_factory=list)
    """Requests to other machines."""
    errors: list[str] = field(default_factory=list)
    """Scripts that failed."""


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, served: Served, seen: Seen) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=served.address, locale="en-GB"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()

    def note(request: Request) -> None:
        if not request.url.startswith((served.address, "data:", "blob:")):
            seen.elsewhere.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield page
    context.close()
    assert not seen.elsewhere
    assert not seen.errors
