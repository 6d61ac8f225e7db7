"""Two programs, or threads, at once, and one that is killed: nothing is lost or there twice."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from records import Taken, open_records
from records.doors import claim_delivery, count_failure
from records.hooks import Delivery
from records.people import Team
from records.reviewing import AuditEntry
from simulator.types import AgentSaid
from tests.records.conftest import KEPT
from tests.records.contract.test_rows import account
from tests.records.making import START, agent, scorecard, started

ROUNDS = 12

WRITER = """
import sys
from records import open_records
from tests.records.making import agent, started
records = open_records(sys.argv[1])
records.journal.append("s1", started("s1"))
for index in range(100_000):
    records.journal.append("s1", agent(index, f"line {index}"))
    print(index, flush=True)
"""


def write(place: str, name: str) -> None:
    """All that can get into another's way, from the first opening on."""
    records = open_records(place)
    with suppress(ValueError):  # the other was faster
        records.journal.append("shared", started("shared"))
    records.journal.append(f"own-{name}", started(f"own-{name}"))
    with suppress(Taken):
        records.accounts.add(account(name, "wanted-by-all"))
    for n in range(ROUNDS):
        records.journal.append("shared", agent(n, f"{name}-{n}"))
        for graded in ("shared", "not-there"):
            records.save_scorecard(graded, scorecard(graded, float(n)))
        records.teams.put(Team(id=f"{name}-{n}", name=f"{name}-{n}"))
        count_failure(records, "login:ana", START, timedelta(hours=1))
        records.audit(AuditEntry(at=START, who=name, what=str(n)))
    records.close()


@pytest.mark.parametrize("new_place", KEPT, indirect=True)
def test_two_programs_from_the_first_opening_on(new_place: str) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=write, args=(new_place, name)) for name in ("a", "b")]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    records = open_records(new_place)
    first, *said = records.journal.read("shared")
    expected = sorted(f"{name}-{n}" for name in "ab" for n in range(ROUNDS))
    assert first == started("shared")
    assert sorted(e.text for e in said if isinstance(e, AgentSaid)) == expected
    for name in "ab":
        own = [e.text for e in said if isinstance(e, AgentSaid) and e.text.startswith(name)]
        assert own == [f"{name}-{n}" for n in range(ROUNDS)]
        trail = [entry.what for entry in records.audit_trail(who=name)]
        assert trail == [str(n) for n in range(ROUNDS)]
    assert records.journal.ids() == ["own-a", "own-b", "shared"]
    assert records.summary("shared").turns == 2 * ROUNDS
    assert records.scorecard("shared") == scorecard("shared", ROUNDS - 1.0)
    assert sorted(team.id for team in records.teams.find()) == expected
    assert [failed.count for failed in records.failures.find()] == [2 * ROUNDS]
    assert [each.login for each in records.accounts.find()] == ["wanted-by-all"]
    records.close()


def test_a_delivery_is_taken_by_one_of_many_threads(place: str) -> None:
    records = open_records(place)
    waiting = Delivery(id="d", webhook="w", event="e", body="{}", created_at=START, due_at=START)
    records.deliveries.add(waiting)
    taken = []

    def take() -> None:
        taken.append(claim_delivery(records, "d", START, timedelta(hours=1)))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in taken if each]) == 1
    assert len(taken) == 6
    records.close()


def test_a_killed_writer_loses_nothing_acknowledged(place: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, place], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(20):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().splitlines()
    if rest and rest[-1].isdigit():
        last = int(rest[-1])
    records = open_records(place)
    said = [event.text for event in records.journal.read("s1") if event.kind == "agent_said"]
    assert said[: last + 1] == [f"line {index}" for index in range(last + 1)]
    assert len(said) <= last + 2  # at most one that was durable but not yet acknowledged
    assert records.summary("s1").turns == len(said)
    records.journal.append("s1", agent(len(said)))
    assert len(records.journal.read("s1")) == len(said) + 2
    records.close()
