"""`spardesk bench load`: many trainees at once, over HTTP, with a model of realistic speed."""

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.consoles import out, print_json, say
from ui.cli.errors import FAILED, CommandError
from ui.cli.options import AsJson

if TYPE_CHECKING:
    from bench.load.types import LoadReport, Plan

_WHOLE = {"peak_memory_mb", "progress_page_ms", "team_page_ms"}
_WHOLE |= {"own_share_ms_median", "own_share_ms_95"}


def load(
    users: Annotated[int, typer.Option(min=1, help="Trainees at once.")],
    turns: Annotated[int, typer.Option(min=1, help="Messages of each.")] = 20,
    think: Annotated[
        float, typer.Option(min=0, help="Seconds before each message, ± 50 %.", metavar="S")
    ] = 30.0,
    stored: Annotated[
        int, typer.Option(min=0, help="Sessions that are in the records before.")
    ] = 0,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--answers-at-once",
            min=1,
            help="As the setting of the web app. Default: as many as there are trainees.",
        ),
    ] = None,
    records: Annotated[
        str | None,
        typer.Option(
            help="Empty records to fill: a folder, or a database's address. Default: SQLite in a "
            "temporary folder.",
            metavar="PLACE",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Who says what when.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Have many trainees practise in the web app at once, and print what the program itself takes.

    The web app runs in a process of its own with accounts and records; the customer is played by
    a script that writes as fast as a model (16 tokens a second, after one second). No model is
    loaded. Exit code 1 when a turn failed or is not in the records.

    [dim]Examples:[/]

      spardesk bench load --users 50 --turns 5 --think 10

      spardesk bench load --users 200 --stored 100000 --json
    """
    from bench.load.types import Plan

    report = _run(Plan(users, turns, think, stored, seed, at_once), records)
    if as_json:
        print_json({"date": date.today().isoformat()} | report.model_dump(mode="json"))
    else:
        out().print(_table(report))
    if not report.is_complete:
        raise typer.Exit(FAILED)


def _run(plan: "Plan", records: str | None) -> "LoadReport":
    from bench.load.browser import Refused
    from bench.load.people import PASSWORD
    from bench.load.running import run
    from bench.load.server import NoServer
    from ui.cli.bench_load_server import serve
    from ui.services.people.passwords import hash_password

    with tempfile.TemporaryDirectory(prefix="spardesk-load-") as folder:
        place = records or f"sqlite:///{Path(folder) / 'spardesk.db'}"
        try:
            return run(plan, place, serve, hash_password(PASSWORD), say)
        except (NoServer, Refused) as error:
            raise CommandError(str(error)) from error


def _table(report: "LoadReport") -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("date", date.today().isoformat())
    for name, value in report:
        if isinstance(value, float):
            shown = f"{value:.0f}" if name in _WHOLE else f"{value:.2f}"
        else:
            shown = "\n".join(value) if isinstance(value, tuple) else str(value)
        table.add_row(name.replace("_", " "), shown or "none")
    return table
