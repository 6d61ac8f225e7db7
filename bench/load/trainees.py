"""Trainees who practise all at once, each at their own speed."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import yaml

from bench.load.browser import Browser, Functions, Refused
from bench.load.people import trainee
from bench.load.types import Plan, Seen, Turn
from scenarios.library import Library

_LOGINS_AT_ONCE = 4

TROUBLE = (httpx.HTTPError, Refused, ValueError, KeyError)
"""What counts as one error of the run."""


@lru_cache(maxsize=1)
def messages() -> list[str]:
    """What trainees write, in turn."""
    text = files("bench").joinpath("load/messages.yaml").read_text("utf-8")
    return [str(line) for line in yaml.safe_load(text)]


@lru_cache(maxsize=1)
def scenario_ids() -> list[str]:
    """What they practise: all that is in English, as the messages are."""
    every = Library.load().scenarios()
    return [each.id for each in every if {each.language, each.agent_language} == {"en"}]


class Trainee:
    """One of them. What they see goes into `seen`."""

    def __init__(self, number: int, plan: Plan, browser: Browser, seen: Seen) -> None:
        self._number = number
        self._plan = plan
        self._browser = browser
        self._seen = seen
        self._random = random.Random(f"{plan.seed} {number}")
        self._said = 0
        self._session = ""

    async def log_in(self, gate: asyncio.Semaphore) -> None:
        """Some at a time: a password costs the server time on purpose."""
        async with gate:
            with self._noting():
                await self._browser.log_in(trainee(self._number))

    async def practise(self) -> None:
        """All turns; a conversation that ends is followed by another one."""
        with self._noting():
            known = await self._browser.functions()
            for _ in range(self._plan.turns):
                await asyncio.sleep(self._random.uniform(0.5, 1.5) * self._plan.think_s)
                with self._noting():
                    await self._turn(known)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """What goes wrong is one error; the next message begins another conversation."""
        try:
            yield
        except TROUBLE as error:
            self._seen.errors.append(f"{trainee(self._number)}: {error!r}")
            self._session = ""

    async def _turn(self, known: Functions) -> None:
        if not self._session:
            self._session = await self._begin(known)
        say = known.find("click", "chat", "send")
        text = messages()[self._said % len(messages())]
        outputs, seconds = await self._browser.follow(say, self._session, text)
        self._said += 1
        if trouble := outputs[say.place("chat") + 1]:
            raise Refused(f"The page says: {trouble}")
        self._seen.turns.append(Turn(self._session, text, seconds))
        if _is_hidden(outputs[say.place("composer")]):
            self._session = ""

    async def _begin(self, known: Functions) -> str:
        """Choose, start and open a conversation; its id."""
        await self._browser.open("/")
        await self._browser.call(known.find("load", "start"), "", "")
        chosen = self._random.choice(scenario_ids())
        begin = known.find("click", "start", "start")
        outputs, _ = await self._browser.follow(begin, chosen, "", "")
        session = _session_in(outputs)
        await self._browser.open(f"/practise?session={session}")
        await self._browser.call(known.find("load", "practise"), session)
        return session


async def practise(address: str, plan: Plan, transport: httpx.AsyncBaseTransport) -> Seen:
    """All trainees' turns; nobody begins before everybody is logged in."""
    seen, gate = Seen(), asyncio.Semaphore(_LOGINS_AT_ONCE)
    everybody = [
        Trainee(number, plan, Browser(address, transport, f"page{number}"), seen)
        for number in range(plan.users)
    ]
    await asyncio.gather(*(each.log_in(gate) for each in everybody))
    begun = time.perf_counter()
    await asyncio.gather(*(each.practise() for each in everybody))
    seen.seconds = time.perf_counter() - begun
    return seen


def _is_hidden(update: Any) -> bool:
    return isinstance(update, dict) and update.get("visible") is False


def _session_in(outputs: list[Any]) -> str:
    """The conversation to which the page would go on; raises `Refused`."""
    addresses = [text for text in outputs if str(text).startswith("/practise?")]
    if not addresses:
        raise Refused(f"No conversation began; the page says: {outputs}")
    return parse_qs(urlsplit(str(addresses[0])).query)["session"][0]
