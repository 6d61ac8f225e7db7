"""How much may be sent at once, and to whom a page's stream of answers belongs."""

import json
import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

MAX_BODY = 1_000_000
"""Bytes. The longest message has 20,000 characters, at most 240,000 bytes when it is escaped."""

MAX_PAGES = 20_000
"""Open pages that are remembered."""


class TooMuch(Exception):
    """More was sent than may be."""


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """All that was sent; raises `TooMuch`."""
    told = Headers(scope=scope).get("content-length", "0")
    if not told.isdigit() or int(told) > MAX_BODY:
        raise TooMuch
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise TooMuch
        if not message.get("more_body"):
            return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives what was read before, then goes on."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return parts.pop() if parts else await receive()

    return replayed


class OpenPages:
    """Which page belongs to whom.

    Gradio's pages name their stream of answers by a hash of their own making, and whoever knows
    it can listen. Here it belongs to the person who used it first, in this process.
    """

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def is_theirs(self, page: str, person: str) -> bool:
        """Whether a page is this person's; one that nobody had is from now on."""
        with self._lock:
            owner = self._owners.setdefault(page, person)
            self._owners.move_to_end(page)
            while len(self._owners) > MAX_PAGES:
                self._owners.popitem(last=False)
            return owner == person


def pages_named(scope: Scope, body: bytes) -> set[str]:
    """The pages that a request to Gradio is about."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    named = set(query.get("session_hash", ()))
    before, _, last = scope["path"].rpartition("/")
    if before.endswith("/heartbeat"):
        named.add(last)
    sent = _json(body).get("session_hash")
    return named | ({sent} if isinstance(sent, str) else set())


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
