"""A run from its beginning to its figures."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import median

import httpx

from bench.load import stored
from bench.load.browser import Browser
from bench.load.checking import model_seconds
from bench.load.people import MANAGER, add_people, people_of, trainee
from bench.load.server import Serve, Server, running
from bench.load.trainees import practise
from bench.load.types import LoadReport, Plan, Seen
from records import open_records

_LOOKS = 5
"""How often each page is measured."""

_SHOWN = 5
"""Problems that are told in words."""

Hear = Callable[[str], None]


def run(plan: Plan, place: str, serve: Serve, password_hash: str, hear: Hear) -> LoadReport:
    """Fill empty records, let everybody practise, and look at what came of it."""
    if plan.stored:
        hear(f"Putting {plan.stored:,} sessions into the records …")
        stored.put_into(place, plan.stored, plan.seed)
    with closing(open_records(place)) as records:
        add_people(records, people_of(plan.users, plan.stored), password_hash)
    hear("Starting the web app …")
    # In a thread of its own: whoever calls may have an event loop already.
    with running(serve, place, plan) as server, ThreadPoolExecutor(1) as alone:
        pages, seen = alone.submit(asyncio.run, _use(server, plan, hear)).result()
    return _report(plan, place, server, pages, seen)


async def _use(server: Server, plan: Plan, hear: Hear) -> tuple[tuple[float, float], Seen]:
    """Milliseconds of the progress page and the team page, then what the trainees saw."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    transport = httpx.AsyncHTTPTransport(limits=limits)
    try:
        pages = await _pages(server, transport)
        hear(f"{plan.users} trainees practise …")
        return pages, await practise(server.address, plan, transport)
    finally:
        await transport.aclose()


async def _pages(server: Server, transport: httpx.AsyncBaseTransport) -> tuple[float, float]:
    """Each page with what it shows, while nobody else is there."""
    one = Browser(server.address, transport, "looking")
    await one.log_in(trainee(0))
    other = Browser(server.address, transport, "managing")
    await other.log_in(MANAGER)
    return (
        await _milliseconds(one, "", "/progress", "progress"),
        await _milliseconds(other, "/manage", "/manage/", "teams"),
    )


async def _milliseconds(browser: Browser, room: str, path: str, part: str) -> float:
    function = (await browser.functions(room)).find("load", part)
    taken = []
    for _ in range(_LOOKS):
        begun = time.perf_counter()
        await browser.open(path)
        await browser.call(function, room=room)
        taken.append(1000 * (time.perf_counter() - begun))
    return median(taken)


def _report(
    plan: Plan, place: str, server: Server, pages: tuple[float, float], seen: Seen
) -> LoadReport:
    with closing(open_records(place)) as records:
        models = model_seconds(records, seen.turns, plan.pace)
    kept = [
        (turn.seconds, model)
        for turn, model in zip(seen.turns, models, strict=True)
        if model is not None
    ]
    own = [1000 * (seconds - model) for seconds, model in kept]
    return LoadReport(
        store=place.partition(":")[0] if "://" in place else "folder",
        users=plan.users,
        turns_planned=plan.users * plan.turns,
        turns_done=len(seen.turns),
        turns_in_records=len(kept),
        errors=len(seen.errors),
        think_s=plan.think_s,
        answers_at_once=plan.answers_at_once,
        own_share_ms_median=median(own) if own else None,
        own_share_ms_95=percentile(own, 0.95),
        model_s_median=median(model for _, model in kept) if kept else None,
        turns_per_s=len(seen.turns) / seen.seconds,
        peak_memory_mb=server.peak_bytes / 1e6,
        stored_sessions=plan.stored,
        start_s=server.start_s,
        progress_page_ms=pages[0],
        team_page_ms=pages[1],
        people_of_team=people_of(plan.users, plan.stored),
        seconds=seen.seconds,
        problems=tuple(seen.errors[:_SHOWN]),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The least value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
