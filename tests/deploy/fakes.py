"""Servers behind nginx that are none: they say which one they are, and stop when they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = ("My ", "parcel ", "is late.")


@dataclass
class Fake:
    """A server's name, what it was asked, and what holds it up."""

    name: str
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    """Headers of each request, with the `path`."""
    go_on: threading.Event = field(default_factory=threading.Event)
    """A streamed answer stops after its first word until this is set."""
    breaks_after: int | None = None
    """A streamed answer ends after so many words; after none there is no answer at all."""
    server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Listen, at the same port when it had one."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Be gone: nobody can connect any more."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None


@contextmanager
def two(first: str, second: str) -> Iterator[tuple[Fake, Fake]]:
    """Two that run until the block ends."""
    fakes = Fake(first), Fake(second)
    for fake in fakes:
        fake.go_on.set()
        fake.start()
    try:
        yield fakes
    finally:
        for fake in fakes:
            fake.go_on.set()
            fake.stop()


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._note()
            if self.path == "/stream":
                self._stream([f"data: {word}\n\n" for word in WORDS])
            else:
                self._send(fake.name)

        def do_POST(self) -> None:
            self._note()
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if body.get("stream"):
                self._stream(_chunks())
            else:
                self._send(json.dumps(_answer(fake.name, body)), "application/json")

        def _note(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.asked.append({"path": self.path, **headers})

        def _send(self, text: str, kind: str = "text/plain") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def _stream(self, parts: list[str]) -> None:
            if fake.breaks_after == 0:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number, part in enumerate(parts):
                if number == fake.breaks_after or not (number == 0 or fake.go_on.wait(20)):
                    self.close_connection = True
                    return
                self.wfile.write(f"{len(part):x}\r\n{part}\r\n".encode())
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


def _answer(text: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A form that says which server filled it in; "no" to whoever asks for probabilities."""
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop"}
    choice["message"] = {"role": "assistant", "content": json.dumps({"server": text})}
    if asked.get("logprobs"):
        no = {"token": "No", "logprob": -0.1, "bytes": None}
        yes = {"token": "Yes", "logprob": -2.4, "bytes": None}
        choice["logprobs"] = {"content": [{**no, "top_logprobs": [no, yes]}]}
    common = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    return {**common, "choices": [choice]}


def _chunks() -> list[str]:
    common = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    choices: list[dict[str, Any]] = [{"index": 0, "delta": {"content": word}} for word in WORDS]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    events = [json.dumps({**common, "choices": [choice]}) for choice in choices]
    return [f"data: {event}\n\n" for event in (*events, "[DONE]")]
