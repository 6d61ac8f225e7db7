"""`spardesk bench grader`: how far grades agree with labelled conversations."""

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.bench_perception import HalfOfSet
from ui.cli.consoles import out, print_json, say
from ui.cli.options import BaseUrl, Model, settings_of

if TYPE_CHECKING:
    from bench.grader.measuring import GraderReport
    from bench.grader.robust import Moved
    from bench.grader.scores import CheckFigures


def grader(
    ctx: typer.Context,
    half: Annotated[
        HalfOfSet, typer.Option(help="Which half: the one to report, or the one fitted by.")
    ] = HalfOfSet.REPORT,
    language: Annotated[str | None, typer.Option(help="Only en or zh.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain/--no-plain", help="Also ask for scores from 1 to 5.")
    ] = True,
    robust: Annotated[
        int,
        typer.Option(
            min=0,
            help="Also put what must not move a grade into this many conversations a language.",
        ),
    ] = 0,
    most: Annotated[
        int | None, typer.Option(min=1, help="Only this many conversations of each language.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
) -> None:
    """Grade labelled conversations and hold the grades against the labels.

    The conversations and labels are developers' (bench/gold/GUIDE.md), not people's ratings of
    real calls.

    [dim]Examples:[/]

      spardesk bench grader

      spardesk bench grader --half tune --language zh --json
    """
    from bench.caching import CachedModel
    from bench.gold.reading import LANGUAGES
    from bench.grader.measuring import measure
    from bench.grader.robust import measure_robustness
    from llm.paths import cache_folder
    from ui.cli.errors import UsageError
    from ui.cli.opening import load_model

    if language not in (None, *LANGUAGES):
        raise UsageError(f"--language {language!r}: there is {' and '.join(LANGUAGES)}.")
    languages = LANGUAGES if language is None else (language,)
    settings = settings_of(ctx, model=model, base_url=base_url)
    with closing(CachedModel(load_model(settings), cache_folder() / "bench")) as loaded:
        head = {"date": date.today().isoformat(), "model": loaded.name}
        report = measure(half.value, languages, loaded, _say, plain=plain, most=most)
        moved = measure_robustness(loaded, robust, _say) if robust else []
    if as_json:
        steps = [one.model_dump(mode="json") for one in moved]
        print_json(head | report.model_dump(mode="json") | {"robustness": steps})
        return
    if moved:
        out().print(_moves(moved))
    for table in (_criteria(head, report), _checks(report), _rest(report)):
        out().print(table)


def _criteria(head: dict[str, str], report: "GraderReport") -> Table:
    """Rank correlation with the ratings and weighted kappa, a column a way of grading."""
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{report.half} half, {report.conversations} conversations")
    for system in report.systems:
        table.add_column(system.name)
    names = list(report.systems[0].criteria)
    for name in names:
        cells = []
        for system in report.systems:
            found = system.criteria.get(name)
            kappa = "–" if found is None or found.kappa is None else f"{found.kappa:.2f}"
            shown = "–" if found is None else f"ρ {found.correlation:.2f} κ {kappa}"
            cells.append(shown + (f" ({found.scored}/{found.rows})" if found else ""))
        table.add_row(name, *cells)
    pairs = (f"{system.pairs_right}/{system.pairs}" for system in report.systems)
    table.add_row("hard pairs ordered right", *pairs)
    table.caption = ", ".join(f"{key} {value}" for key, value in head.items())
    return table


def _checks(report: "GraderReport") -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("check", "answered", "accuracy", "majority", "precision", "recall", "Brier"):
        table.add_column(name)
    table.add_column("calibration error")
    table.add_column("AUC")
    for name, figures in report.checks.items():
        table.add_row(name, *_row(figures))
    table.add_row("all of the model's", *_row(report.model_checks))
    table.add_row("all", *_row(report.all_checks))
    return table


def _row(figures: "CheckFigures") -> list[str]:
    accuracy = figures.right / figures.answered if figures.answered else None
    values = (figures.precision, figures.recall, figures.brier, figures.calibration_error)
    return [
        f"{figures.answered}/{figures.rows}",
        _two(accuracy),
        _two(figures.majority),
        *map(_two, values),
        _two(figures.area),
    ]


def _rest(report: "GraderReport") -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    curve = ", ".join(f"{accuracy:.3f} at {coverage:.2f}" for coverage, accuracy in report.curve)
    table.add_row("accuracy at coverage, surest first", curve)
    table.add_row("two readers' kappa", _two(report.kappa))
    table.add_row("topic named right", f"{report.topic_right}/{report.conversations}")
    table.add_row("intent named right", f"{report.intent_right}/{report.conversations}")
    table.add_row("the customer's last mood, ρ", _two(report.mood_correlation))
    table.add_row("seconds a conversation, median", f"{report.seconds:.1f}")
    return table


def _moves(moved: "list[Moved]") -> Table:
    """How far what must not matter moved the criteria."""
    table = Table(box=None, pad_edge=False)
    columns = "what was changed", "pairs", "mean move", "largest", "same checks", "beyond interval"
    for name in columns:
        table.add_column(name)
    for one in moved:
        points = [f"{x:.1f}" for x in (one.mean, one.largest, one.largest_same)]
        table.add_row(one.kind, str(one.pairs), *points, f"{one.outside}/{one.moves}")
    return table


def _say(line: str) -> None:
    say(line.strip())


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
