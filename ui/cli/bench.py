"""`spardesk bench`: the commands that measure."""

import tempfile
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ui.cli.bench_customer import customer
from ui.cli.bench_faults import faults
from ui.cli.bench_grader import grader
from ui.cli.bench_inspectors import inspectors
from ui.cli.bench_load import load
from ui.cli.bench_perception import perception
from ui.cli.consoles import out, print_json, say
from ui.cli.options import BaseUrl, Model, settings_of

bench = typer.Typer(help="Measure on this machine.", no_args_is_help=True)


class Language(StrEnum):
    """Languages with a session to measure."""

    EN = "en"
    ZH = "zh"


@bench.callback()
def group() -> None:
    """Measure on this machine."""


bench.command()(customer)
bench.command()(faults)
bench.command()(inspectors)
bench.command()(load)
bench.command()(perception)
bench.command()(grader)


@bench.command()
def turn(
    ctx: typer.Context,
    language: Annotated[
        Language, typer.Option(help="Language of the session that is played.")
    ] = Language.EN,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the session.")] = 7,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="Nothing is read between turns."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
) -> None:
    """Play and grade one session, and print how long turns and grading take.

    The conversation goes to standard error, the figures to standard output. Nothing is kept.

    [dim]Examples:[/]

      spardesk bench turn

      spardesk bench turn --language zh --json
    """
    from bench.turn import measure
    from ui.cli.opening import load_model

    settings = settings_of(ctx, model=model, base_url=base_url)
    with (
        tempfile.TemporaryDirectory(prefix="spardesk-bench-") as folder,
        closing(load_model(settings)) as loaded,
    ):
        report = measure(loaded, language.value, Path(folder), seed, say, at_once)
    figures = {"date": date.today().isoformat()} | report.as_dict()
    if as_json:
        print_json(figures)
    else:
        out().print(_table(figures))


def _table(figures: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in figures.items():
        shown = f"{value:.2f}" if isinstance(value, float) else str(value)
        table.add_row(name.replace("_", " "), "not known" if value is None else shown)
    return table
