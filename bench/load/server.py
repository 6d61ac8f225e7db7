"""The web app in a process of its own, as long as it is needed."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from bench.load.types import Plan

Serve = Callable[[str, Plan, Connection], None]
"""Serves the records at a place: sends its port, goes on until something comes or the other end
is closed, and sends the most memory it took, in bytes."""

_START_S = 600.0
_STOP_S = 60.0


class NoServer(Exception):
    """The web app did not start; a sentence."""


@dataclass
class Server:
    """One that runs."""

    address: str
    start_s: float
    """From the start of the process to the first page."""
    peak_bytes: int = field(default=0)
    """Known when it has stopped."""


@contextmanager
def running(serve: Serve, place: str, plan: Plan) -> Iterator[Server]:
    """The web app, until the block ends; raises `NoServer`."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=serve, args=(place, plan, theirs), daemon=True)
    begun = time.perf_counter()
    child.start()
    theirs.close()
    try:
        address = f"http://127.0.0.1:{_port(ours)}"
        httpx.get(f"{address}/login", trust_env=False, timeout=_START_S).raise_for_status()
        server = Server(address, time.perf_counter() - begun)
        yield server
        ours.send("stop")
        server.peak_bytes = ours.recv() if ours.poll(_STOP_S) else 0
    finally:
        ours.close()
        child.join(_STOP_S)
        if child.is_alive():
            child.kill()


def _port(pipe: Connection) -> int:
    try:
        if pipe.poll(_START_S):
            return int(pipe.recv())
    except EOFError:
        pass
    raise NoServer("The web app ended before it could be reached; its own message says why.")


def peak_memory() -> int:
    """The most memory that this process ever had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [each for each in status.read_text().splitlines() if each.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    import resource  # not on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
