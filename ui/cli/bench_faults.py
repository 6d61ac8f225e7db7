"""`spardesk bench faults`: programs are killed while they write. Is anything lost?"""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.consoles import out, print_json, say
from ui.cli.errors import FAILED, UsageError
from ui.cli.options import AsJson

if TYPE_CHECKING:
    from bench.faults.types import Outcome

_COLUMNS = ("kind", "store", "kills", "acknowledged", "lost", "repaired", "failed")


def faults(
    kills: Annotated[int, typer.Option(min=0, help="How often to kill.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="When to kill.")] = 7,
    records: Annotated[
        str | None,
        typer.Option(
            help="Where: a folder for files of folders and SQLite, or the address of an empty "
            "PostgreSQL database, which is filled. Default: a temporary folder.",
            metavar="PLACE",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Kill programs while they write, fill the disk, turn back the clock: is anything lost?

    Sessions, scorecards and accounts, upgrades, bulk grading, purges, backups and copies run in
    processes of their own, which acknowledge each step; each is killed (SIGKILL) at a random
    moment. Then everything acknowledged has to be there, and the records open. Needs Linux or
    macOS. No model is loaded. Exit code 1 when something is lost or half done.

    [dim]Examples:[/]

      spardesk bench faults

      spardesk bench faults --kills 20 --seed 3 --json
    """
    from bench.faults.running import Site, as_dict, run

    with tempfile.TemporaryDirectory(prefix="spardesk-faults-", dir=_folder(records)) as folder:
        server = records if records and "://" in records else None
        if server:
            _require_empty(server)
        site = Site(Path(folder), server, grade)
        found = run(site, kills, seed, _hear, ["ui.cli.main", "ui.cli.grading_run"])
    if as_json:
        print_json(as_dict(found))
    else:
        out().print(_table(found))
    if any(outcome.lost or outcome.failed for outcome in found):
        raise typer.Exit(FAILED)


def grade(arguments: Sequence[str]) -> int:
    """Run `spardesk` in this process."""
    from ui.cli.main import run

    return run(arguments)


def _folder(records: str | None) -> str | None:
    """Where files go; raises `UsageError`."""
    if records is None or records.startswith("postgresql://"):
        return None
    if "://" in records or not Path(records).is_dir():
        raise UsageError(f"--records {records!r} is neither a folder nor postgresql://….")
    return records


def _require_empty(server: str) -> None:
    """What is there would be purged; raises `UsageError`."""
    from records import open_records
    from records.copying import is_empty

    with closing(open_records(server)) as opened:
        if not is_empty(opened):
            raise UsageError(
                f"There is something in {opened.place!r}, and this would delete it. Make an empty "
                "database for --records."
            )


def _hear(outcome: "Outcome") -> None:
    say(
        f"{outcome.kind}, {outcome.store}: {outcome.kills} kills, {outcome.lost} lost, "
        f"{outcome.failed} failed"
    )
    for problem in outcome.problems[:3]:
        say(f"  {problem}")


def _table(outcomes: "Sequence[Outcome]") -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name in ("kind", "store") else "right")
    for outcome in outcomes:
        table.add_row(*(str(getattr(outcome, name)) for name in _COLUMNS))
    totals = (str(sum(getattr(each, name) for each in outcomes)) for name in _COLUMNS[2:])
    table.add_row("all", "", *totals, style="bold")
    return table
