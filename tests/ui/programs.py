"""What tests of the interface for programs share: tokens, and the app at a real address."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.ui.cast import Cast
from tests.ui.knocking import Answer, Door
from ui.services.access import OPERATOR
from ui.services.people.tokens import SCOPES

API = "/api/v1"


def scopes_of(cast: Cast, login: str, but: str = "") -> list[str]:
    """All that a token of somebody may be for."""
    actor = cast.actor(login)
    return [scope for scope, right in SCOPES.items() if actor.may(right) and scope != but]


def token_of(cast: Cast, login: str, *scopes: str) -> str:
    """A token of somebody; for all that it may be for, unless scopes are named."""
    wanted = scopes or tuple(scopes_of(cast, login))
    return cast.site.people.tokens.create(OPERATOR, login, "test", wanted).secret


class Program:
    """Asks with a token."""

    def __init__(self, door: Door, token: str | None) -> None:
        self._door = door
        self._token = token

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        if self._token is not None:
            headers = {"authorization": f"Bearer {self._token}"} | headers
        return self._door.knock(method, API + path, body=body, **headers)


@contextmanager
def at_an_address(app: ASGIApp) -> Iterator[str]:
    """The app behind a real server on this machine, without what runs beside it."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
