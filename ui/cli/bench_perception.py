"""`spardesk bench perception`: how well agents' messages are perceived."""

from contextlib import closing
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.consoles import out, print_json
from ui.cli.options import BaseUrl, Model, settings_of

if TYPE_CHECKING:
    from bench.perception.measuring import PerceptionReport


class HalfOfSet(StrEnum):
    """The halves of the labelled messages."""

    TUNE = "tune"
    REPORT = "report"


def perception(
    ctx: typer.Context,
    half: Annotated[
        HalfOfSet, typer.Option(help="Which half: the one to report, or the one to tune by.")
    ] = HalfOfSet.REPORT,
    language: Annotated[str | None, typer.Option(help="Only en or zh.")] = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Without a language model; takes a second.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
) -> None:
    """Put labelled messages through rules, wording and model, alone and together.

    [dim]Examples:[/]

      spardesk bench perception

      spardesk bench perception --words-only --language zh
    """
    from bench.caching import CachedModel
    from bench.perception.measuring import LANGUAGES, measure
    from llm.paths import cache_folder
    from ui.cli.errors import UsageError
    from ui.cli.opening import load_model

    if language not in (None, *LANGUAGES):
        raise UsageError(f"--language {language!r}: there is {' and '.join(LANGUAGES)}.")
    languages = LANGUAGES if language is None else (language,)
    settings = settings_of(ctx, model=model, base_url=base_url)
    if words_only:
        name, found = "none", measure(half.value, languages, None)
    else:
        with closing(CachedModel(load_model(settings), cache_folder() / "bench")) as loaded:
            name, found = loaded.name, measure(half.value, languages, loaded)
    head = {"date": date.today().isoformat(), "model": name}
    if as_json:
        print_json(head | found.model_dump(mode="json"))
    else:
        out().print(_table(head, found))


def _table(head: dict[str, str], report: "PerceptionReport") -> Table:
    """Precision and recall, act by act, a column a system."""
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{report.half} half, {report.messages} messages")
    table.add_column("kappa")
    for system in report.systems:
        table.add_column(system.name)
    for act, kappa in report.kappa_by_act.items():
        table.add_row(act, f"{kappa:.2f}", *(_brief(s.acts[act]) for s in report.systems))
    table.add_row("all acts", f"{report.kappa:.2f}", *(_brief(s.all_acts) for s in report.systems))
    table.add_row("F1", "", *(f"{100 * (s.all_acts.value or 0):.1f}" for s in report.systems))
    table.add_row("facts asked", "", *(_brief(s.asks) for s in report.systems))
    table.add_row("offers made", "", *(_brief(s.offers) for s in report.systems))
    table.caption = ", ".join(f"{key} {value}" for key, value in head.items())
    return table


def _brief(found: object) -> str:
    from bench.statistics import F1

    if not isinstance(found, F1):
        return "–"
    precision = f"{found.right / found.found:.2f}" if found.found else "–"
    recall = f"{found.right / found.wanted:.2f}" if found.wanted else "–"
    return f"{precision} / {recall}"
