"""`spardesk calibrate`: fits the grader's probabilities to what managers say."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.cli.consoles import out, say
from ui.cli.errors import FAILED, UsageError
from ui.cli.options import BaseUrl, Data, Model, settings_of

if TYPE_CHECKING:
    from grading.refitting import Refit


def calibrate(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Labelled conversations, one JSON object a line.")],
    rubric: Annotated[
        str, typer.Option(help="A shipped rubric's name, or a rubric file (.yaml).")
    ] = "core",
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
) -> None:
    """Fit the grader to your own judgement.

    A line is a conversation as `spardesk grade` reads it, with what is true of it:
    "answers": {"polite": "yes", "solved": "no"}, where "yes" means that the check is met. A check
    needs 50 labels of each answer; a quarter of them is held out and says whether anything is
    gained. What helps is kept in the data folder and used from then on; scores made with it carry
    a grader version of their own.

    [dim]Example:[/]

      spardesk calibrate labelled.jsonl
    """
    from grading.adjusting import adjustment_file, site_adjustment
    from grading.refitting import adjustment, refit
    from grading.rubric import load_rubric
    from ui.cli.labelled import read_labelled, with_probabilities
    from ui.cli.opening import load_model

    chosen = load_rubric(rubric)
    rows = read_labelled(file, {check.id for check in chosen.checks()})
    settings = settings_of(ctx, model=model, base_url=base_url, data=data)
    with closing(load_model(settings)) as loaded:
        name = loaded.name
        found = refit(with_probabilities(rows, chosen, loaded, say))
    out().print(_table(found))
    if not any(one.line for one in found):
        say("Nothing was changed: no check has labels enough and gains by them.")
        raise typer.Exit(FAILED)
    before = site_adjustment(settings.data_folder, name, chosen)
    made = adjustment(found, name, chosen, file.name, before.version + 1 if before else 1)
    target = adjustment_file(settings.data_folder, name, chosen)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".new")
        beside.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
        beside.replace(target)
    except OSError as error:
        raise UsageError(f"{str(target)!r} cannot be written: {error.strerror}.") from error
    say(
        f"Kept as {target}. Scores made from now on carry the grader version …+site.{made.version}."
    )


def _table(found: list["Refit"]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("check", "met", "not met", "log loss before", "after", "outcome"):
        table.add_column(name)
    for one in found:
        before, after = ("–" if x is None else f"{x:.3f}" for x in (one.before, one.after))
        outcome = "kept" if one.line else f"left as it is: {one.reason}"
        table.add_row(one.check, str(one.met), str(one.not_met), before, after, outcome)
    return table
