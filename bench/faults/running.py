"""All faults in all stores, as many kills as are wanted."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.faults.deleting import Forget, Purge
from bench.faults.grading import BulkGrade, Grade
from bench.faults.killing import Children, Killer
from bench.faults.moving import Backup, Copy
from bench.faults.other import clock_turned_back, full_disk
from bench.faults.types import Fault, Outcome
from bench.faults.upgrading import FolderUpgrade, SqliteUpgrade
from bench.faults.writing import Catalogue, Session

Made = Callable[[int], tuple[Fault, str]]


@dataclass(frozen=True)
class Site:
    """Where everything happens."""

    folder: Path
    """For files; emptied when it is over."""
    server: str | None = None
    """A database server's address, when that is what is tested."""
    grade: Grade | None = None


def run(
    site: Site, kills: int, seed: int, hear: Callable[[Outcome], None], preload: list[str]
) -> list[Outcome]:
    """Kill so many times, then fill disks and turn back clocks; what came of it.

    The same seed gives the same moments, as far as a machine's pace allows.
    """
    rng = random.Random(seed)
    children = Children(preload)
    outcomes = []
    pairs = list(_pairs(site, seed))
    for number, (store, made) in enumerate(pairs):
        share = kills // len(pairs) + (number < kills % len(pairs))
        if share:
            killer = Killer(children, rng, store, made)
            for _ in range(share):
                killer.kill()
            outcomes.append(killer.outcome)
            hear(killer.outcome)
    for outcome in _others(site, children):
        outcomes.append(outcome)
        hear(outcome)
    return outcomes


def as_dict(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """For programs."""
    return [asdict(outcome) for outcome in outcomes]


def _pairs(site: Site, seed: int) -> Iterator[tuple[str, Made]]:
    """Store and fault, each made anew for every round."""
    stores = ["server"] if site.server else ["folder", "sqlite"]
    backups, source = str(site.folder / "backups"), str(site.folder / "source")
    makers: list[Callable[[str], Fault]] = [
        Session,
        Catalogue,
        Purge,
        Forget,
        lambda name: Backup(name, backups),
    ]
    if not site.server:
        makers.append(lambda name: Copy(name, source))
    for which, maker in enumerate(makers):
        for store in stores:
            yield store, _maker(site, store, maker, f"{seed}-{which}")
    yield "folder", _maker(site, "folder", FolderUpgrade, str(seed))
    yield "sqlite", _maker(site, "sqlite", SqliteUpgrade, str(seed))
    grade = site.grade
    if grade is not None:
        bulk = BulkGrade("grade", grade)
        yield "file", lambda _round: (bulk, str(site.folder / "graded"))


def _maker(site: Site, store: str, maker: Callable[[str], Fault], name_from: str) -> Made:
    """A server has one database for all: what is made there bears names of its own."""

    def made(number: int) -> tuple[Fault, str]:
        name = f"{name_from}-{number}"
        fault = maker(name)
        where = site.folder / f"{fault.kind.replace(' ', '-')}-{store}"
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir(parents=True)
        if store == "server":
            assert site.server is not None
            return fault, site.server
        return fault, str(where / "r") if store == "folder" else f"sqlite:///{where}/r.db"

    return made


def _others(site: Site, children: Children) -> Iterator[Outcome]:
    if site.server:
        return
    for sqlite in (False, True):
        store = "sqlite" if sqlite else "folder"
        yield full_disk(children, site.folder / f"disk-{store}", sqlite)
        folder = site.folder / f"clock-{store}"
        folder.mkdir()
        place = f"sqlite:///{folder}/r.db" if sqlite else str(folder / "r")
        yield clock_turned_back(folder, place, store)
