"""Requests to the web app as any program could make them, streams included."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1:7860"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    reached: bool
    """Whether any page or function saw the request."""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def was_let_in(self) -> bool:
        return self.reached and self.status not in (401, 403)


class Reached:
    """Stands behind the gate and says what comes through."""

    def __init__(self, app: ASGIApp, seen: set[int]) -> None:
        self._app = app
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "knock" in scope:
            self._seen.add(scope["knock"])
        await self._app(scope, receive, send)


@dataclass
class Door:
    """An app that runs, to knock at."""

    client: TestClient
    seen: set[int] = field(default_factory=set)
    knocks: int = 0

    def knock(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: Any = None,
        form: bytes | None = None,
        cookie: str = "spardesk",
        **headers: str,
    ) -> Answer:
        """One request; `_` in a header's name stands for `-`. Of a stream only the beginning."""
        self.knocks += 1
        sent = {"host": HOST, "accept": "*/*"}
        if token is not None:
            sent["cookie"] = f"{cookie}={token}"
        if body is not None:
            sent["content-type"] = "application/json"
        if form is not None:
            sent["content-type"] = "application/x-www-form-urlencoded"
        if method not in ("GET", "HEAD"):
            sent["origin"] = f"http://{HOST}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = form if form is not None else json.dumps(body).encode() if body else b""
        portal = self.client.portal
        assert portal is not None
        return portal.call(self._knock, method, path, sent, content, self.knocks)

    async def _knock(
        self, method: str, path: str, sent: dict[str, str], content: bytes, number: int
    ) -> Answer:
        bare, _, query = path.partition("?")
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": bare,
            "raw_path": bare.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in sent.items() if v],
            "client": ("10.0.0.9", 40000),
            "server": ("127.0.0.1", 7860),
            "knock": number,
        }
        requests: list[Message] = [{"type": "http.request", "body": content}]
        started: list[Message] = []
        body = bytearray()

        async def receive() -> Message:
            if requests:
                return requests.pop()
            await asyncio.sleep(3600)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            body.extend(message.get("body", b""))

        running = asyncio.ensure_future(self.client.app(scope, receive, send))
        while not running.done() and not _is_stream(started):
            await asyncio.sleep(0.001)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        headers = {k.decode(): v.decode() for k, v in started[0]["headers"]}
        return Answer(started[0]["status"], headers, bytes(body), number in self.seen)


def _is_stream(started: list[Message]) -> bool:
    return bool(started) and any(b"event-stream" in value for _, value in started[0]["headers"])


@contextmanager
def running(app: FastAPI) -> Iterator[Door]:
    """The app with its start and end, and a way to knock."""
    seen: set[int] = set()
    app.user_middleware.append(Middleware(Reached, seen=seen))  # the innermost
    with TestClient(app, base_url=f"http://{HOST}") as client:
        yield Door(client, seen)
