"""A real HTTP server that plays recorded or written exchanges, on loopback, in a thread."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Wire:
    """What the server answers with, and what it was sent."""

    answer: Callable[["Asked"], "Reply"]
    url: str = ""
    asked: list["Asked"] = field(default_factory=list)

    @property
    def bodies(self) -> list[Any]:
        """The JSON bodies of all POST requests, in order."""
        return [asked.body for asked in self.asked if asked.body is not None]


@dataclass
class Asked:
    """One request."""

    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class Reply:
    """One response: `chunks` are sent one by one; `drop`: the connection breaks before the end."""

    status: int = 200
    chunks: tuple[bytes, ...] = ()
    content_type: str = "application/json"
    drop: bool = False
    wait: threading.Event | None = None


def reply_json(body: Any, status: int = 200) -> Reply:
    return Reply(status, (json.dumps(body).encode(),))


def reply_sse(*events: Any, done: bool = True, drop: bool = False) -> Reply:
    lines = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    if done:
        lines.append(b"data: [DONE]\n\n")
    return Reply(200, tuple(lines), "text/event-stream", drop)


def reply_recorded(recording: dict[str, Any]) -> Reply:
    """A recorded response, its body or its lines as they came."""
    response = recording["response"]
    kind = next((v for k, v in response["headers"] if k == "Content-Type"), "application/json")
    if "lines" in response:
        chunks = tuple(line["raw"].encode() for line in response["lines"])
    else:
        chunks = (response["body"].encode(),)
    return Reply(response["status"], chunks, kind)


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[Wire]:
    """Serve `answer` until the block ends."""
    wire = Wire(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(wire))
    wire.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._serve(json.loads(self.rfile.read(length)))

        def _serve(self, body: Any) -> None:
            asked = Asked(self.path, body, {k.lower(): v for k, v in self.headers.items()})
            wire.asked.append(asked)
            self._send(wire.answer(asked))

        def _send(self, reply: Reply) -> None:
            if reply.wait is not None:
                reply.wait.wait(10)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for chunk in reply.chunks:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            if not reply.drop:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = reply.drop

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
