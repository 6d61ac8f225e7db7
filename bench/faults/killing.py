"""Starts work in a process of its own and kills it (SIGKILL) at a random moment."""

import multiprocessing
import os
import random
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bench.faults.grading import BulkGrade
from bench.faults.types import Fault, Outcome, Tell, Wrong
from records import RecordsError, open_records
from records.starting import start

_FAILED = "!"
_WAIT_S = 60.0
_TRIES = 6
_SHORTER = 0.7


@dataclass(frozen=True)
class Ran:
    """What became of a child."""

    told: tuple[str, ...]
    """What it acknowledged."""
    killed: bool
    seconds: float
    """From `ready` to its end."""
    problem: str | None = None


class Children:
    """Processes that start fast: each is a fork of one that has loaded the program."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bench.faults.killing", *preload])

    def run(self, work: Callable[[Tell], None], kill_after: float | None = None) -> Ran:
        """Run `work` to its end, or kill it so many seconds after it is ready."""
        ours, theirs = self._context.Pipe(duplex=False)
        child = self._context.Process(target=_child, args=(work, theirs), daemon=True)
        child.start()
        theirs.close()
        with closing(ours):
            problem = _await_ready(ours)
            begun = time.perf_counter()
            if kill_after is not None and problem is None:
                child.join(kill_after)
                child.kill()
            told = list(_heard(ours))
            seconds = time.perf_counter() - begun
        child.join(_WAIT_S)
        problems = [text[1:] for text in told if text.startswith(_FAILED)]
        if problem or problems or child.exitcode not in (0, -9):
            problem = problem or "".join(problems) or f"it ended with {child.exitcode}"
        return Ran(tuple(told), child.exitcode == -9, seconds, problem)


def _child(work: Callable[[Tell], None], pipe: Connection) -> None:
    warnings.simplefilter("ignore")

    def tell(text: str) -> None:
        pipe.send_bytes(text.encode())

    try:
        work(tell)
    except BaseException:
        tell(f"{_FAILED}{traceback.format_exc(limit=-3)}")
        os._exit(1)


def _await_ready(pipe: Connection) -> str | None:
    """What is wrong, when the first thing that is told is not that it is ready."""
    if not pipe.poll(_WAIT_S):
        return "it did not start in time"
    try:
        text = pipe.recv_bytes().decode()
    except EOFError:
        return "it ended before it was ready"
    return None if text == "ready" else text.removeprefix(_FAILED)


def _heard(pipe: Connection) -> Iterator[str]:
    """All that is told until the other end is closed, also by death."""
    while pipe.poll(_WAIT_S):
        try:
            yield pipe.recv_bytes().decode()
        except (EOFError, OSError):
            return


@dataclass(frozen=True)
class _Work:
    """A fault's work, to be sent to a child."""

    fault: Fault
    place: str

    def __call__(self, tell: Tell) -> None:
        self.fault.work(self.place, tell)


class Killer:
    """Kills one kind of work in one kind of store, again and again."""

    def __init__(
        self,
        children: Children,
        rng: random.Random,
        store: str,
        made: Callable[[int], tuple[Fault, str]],
    ) -> None:
        self._children = children
        self._rng = rng
        self._made = made
        self._rounds = 0
        fault, place = self._new()
        self.outcome = Outcome(fault.kind, store)
        rehearsal = self._children.run(_Work(fault, place))
        self._seconds = rehearsal.seconds
        if rehearsal.problem:
            self._wrong(f"without being killed: {rehearsal.problem}")

    def kill(self) -> None:
        """Once; what came of it is counted."""
        seconds = self._seconds
        for _ in range(_TRIES):
            fault, place = self._new()
            ran = self._children.run(_Work(fault, place), self._rng.random() * seconds)
            self._look(fault, place, ran)
            if ran.killed or ran.problem:
                return
            seconds *= _SHORTER  # it was done before

    def _new(self) -> tuple[Fault, str]:
        fault, place = self._made(self._rounds)
        self._rounds += 1
        fault.prepare(place)
        return fault, place

    def _look(self, fault: Fault, place: str, ran: Ran) -> None:
        outcome = self.outcome
        outcome.rounds += 1
        outcome.kills += ran.killed
        if ran.problem:
            self._wrong(ran.problem)
            return
        graded = fault.acknowledged(place) if isinstance(fault, BulkGrade) else 0
        outcome.acknowledged += len(ran.told) + graded
        try:
            found = lost_and_repaired(fault, place, ran.told)
        except (Wrong, RecordsError, AssertionError) as error:
            self._wrong(f"{type(error).__name__}: {error}")
            return
        outcome.lost += found[0]
        outcome.repaired += found[1]
        if found[0]:
            outcome.problems.append(f"round {self._rounds}: {found[0]} lost at {place}")

    def _wrong(self, problem: str) -> None:
        self.outcome.failed += 1
        self.outcome.problems.append(f"round {self._rounds}: {problem}")


def lost_and_repaired(fault: Any, place: str, told: Sequence[str]) -> tuple[int, int]:
    """Open the records as a program that starts does, and look."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with closing(open_records(place)) as records:
            repaired = len(start(records))
            return fault.lost(place, records, told), repaired
