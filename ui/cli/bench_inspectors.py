"""`spardesk bench inspectors`: rules and model against labelled conversations."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.consoles import out, print_json
from ui.cli.options import AsJson

if TYPE_CHECKING:
    from bench.inspectors import Comparison, Correlation, Labelled, Report


def inspectors(
    file: Annotated[
        Path | None,
        typer.Argument(help="Labelled conversations, one JSON object a line. Default: ours."),
    ] = None,
    scorecards: Annotated[
        Path | None,
        typer.Option(
            help="The model's scorecards of these conversations, as [bold]spardesk grade[/] "
            "writes them.",
            metavar="FILE",
        ),
    ] = None,
    rubric: Annotated[
        str, typer.Option(help="A shipped rubric's name, or a rubric file (.yaml).")
    ] = "core",
    rules: Annotated[
        Path | None,
        typer.Option(help="Rules from a file of your own (.yaml).", metavar="FILE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold the rule-based inspector, and the model, against labels: who was right?

    Loads no model: its scorecards are read from a file.

    [dim]Examples:[/]

      spardesk bench inspectors labelled.jsonl

      spardesk bench inspectors labelled.jsonl --scorecards scorecards.jsonl
    """
    from bench.inspectors import compare, scorecards_of
    from grading.inspecting.loading import inspectors as load_inspectors
    from grading.rubric import load_rubric

    chosen = load_rubric(rubric)
    cards = scorecards_of(scorecards) if scorecards else None
    found = compare(_rows(file), load_inspectors(chosen, rules), chosen, cards)
    if as_json:
        print_json({"date": date.today().isoformat()} | found.model_dump(mode="json"))
    else:
        out().print(_table(found))


def _rows(file: Path | None) -> "list[Labelled]":
    from bench.inspectors import labelled_rows, shipped_rows

    return list(labelled_rows(file)) if file else shipped_rows()


def _table(found: "Comparison") -> Table:
    """A row a figure, a column an inspector."""
    reports = {"rules": found.rules} | ({"model": found.model} if found.model else {})
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("against labels")
    for name, report in reports.items():
        table.add_column(f"{name}, {report.rows} conversations")
    columns = [_figures(report) for report in reports.values()]
    for name in dict.fromkeys(name for column in columns for name in column):
        table.add_row(name, *(column.get(name, "–") for column in columns))
    return table


def _figures(report: "Report") -> dict[str, str]:
    figures = {
        "intent right": report.intent.shown(),
        "intent named": str(report.intent_named),
        "topic right": report.topic.shown(),
        "topic named": str(report.topic_named),
        "mood at the beginning, sign alike": report.mood_first.shown(),
        "mood at the end, sign alike": report.mood_last.shown(),
    }
    ranks = {f"{name}, rank correlation": _shown(each) for name, each in report.ranks.items()}
    counts = {f"entities, {kind}": str(count) for kind, count in sorted(report.entities.items())}
    return figures | ranks | counts


def _shown(found: "Correlation") -> str:
    if found.value is None or found.interval is None:
        return f"not known ({found.of} pairs)"
    low, high = found.interval
    return f"{found.value:.2f} ({low:.2f}–{high:.2f}, {found.of} pairs)"
