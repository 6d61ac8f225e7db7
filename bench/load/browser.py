"""What a browser does with our pages, over HTTP: forms, cookies, Gradio's calls and streams."""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import httpx

from bench.load.people import PASSWORD

WAIT_S = 120.0
"""Longest silence of the server; after that the call has failed."""

_KEY = re.compile(r'name="key" value="([^"]+)"')


class Refused(Exception):
    """Something that the server should have done and did not; a sentence."""


@dataclass(frozen=True)
class Function:
    """One function behind a page, as the page's own description has it."""

    number: int
    outputs: tuple[str | None, ...]
    """The ids that the page's parts carry in HTML, where they carry one."""

    def place(self, part: str) -> int:
        """Where among the outputs a part of the page is."""
        return self.outputs.index(part)


class Functions:
    """The functions of a room, found by what sets them off and what they change."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._ids = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        self._known = [each for each in config["dependencies"] if each["backend_fn"]]

    def find(self, event: str, changes: str, by: str | None = None) -> Function:
        """The function of an event, of a part of the page or of the page; raises `Refused`."""
        for each in self._known:
            outputs = tuple(self._ids.get(id_) for id_ in each["outputs"])
            sources = [(self._ids.get(id_), name) for id_, name in each["targets"]]
            if (by, event) in sources and changes in outputs:
                return Function(each["id"], outputs)
        raise Refused(f"No page has a function that changes {changes!r} on {event!r}.")


class Browser:
    """One person's browser, with one page open at a time."""

    def __init__(self, address: str, transport: httpx.AsyncBaseTransport, page: str) -> None:
        self._page = page
        self._http = httpx.AsyncClient(
            base_url=address,
            transport=transport,
            trust_env=False,
            timeout=WAIT_S,
            headers={"origin": address},
        )

    async def log_in(self, login: str) -> None:
        """By the form; raises `Refused`."""
        form = await self._http.get("/login")
        key = _KEY.search(form.text)
        if key is None:
            raise Refused("The login page has no form.")
        data = {"key": key[1], "login": login, "password": PASSWORD}
        answer = await self._http.post("/login", data=data)
        if answer.status_code != 303:
            raise Refused(f"{login} could not log in: status {answer.status_code}.")

    async def open(self, path: str) -> None:
        """A page; raises `Refused`."""
        _check(await self._http.get(path))

    async def functions(self, room: str = "") -> Functions:
        """What can be called in a room; raises `Refused`."""
        return Functions(_check(await self._http.get(f"{room}/config")).json())

    async def call(self, function: Function, *data: Any, room: str = "") -> list[Any]:
        """A quick function's outputs; raises `Refused`."""
        body = self._body(function, data)
        answer = await self._http.post(f"{room}/gradio_api/run/predict", json=body)
        return list(_check(answer).json()["data"])

    async def follow(self, function: Function, *data: Any) -> tuple[list[Any], float]:
        """A function that shows things as they come: its last outputs, and the seconds it took.

        Raises `Refused`.
        """
        begun = time.perf_counter()
        joined = await self._http.post("/gradio_api/queue/join", json=self._body(function, data))
        event = _check(joined).json()["event_id"]
        outputs, seconds = None, 0.0
        address = f"/gradio_api/queue/data?session_hash={self._page}"
        async with self._http.stream("GET", address) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed" and message["event_id"] == event:
                    seconds = time.perf_counter() - begun
                    outputs = message["output"].get("data") if message["success"] else None
                if message.get("msg") in ("close_stream", "unexpected_error"):
                    break
        if outputs is None:
            raise Refused(f"The stream of answers ended without one: status {stream.status_code}.")
        return list(outputs), seconds

    def _body(self, function: Function, data: tuple[Any, ...]) -> dict[str, Any]:
        return {"fn_index": function.number, "data": data, "session_hash": self._page}


def _check(answer: httpx.Response) -> httpx.Response:
    """The answer; raises `Refused` for anything but success."""
    if answer.status_code != 200:
        path = answer.request.url.path
        raise Refused(f"{path} was answered with status {answer.status_code}.")
    return answer
