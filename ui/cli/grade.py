"""`spardesk grade`: grades finished conversations from a file, one JSON line each."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.consoles import say
from ui.cli.errors import FAILED, UsageError
from ui.cli.options import BaseUrl, Data, Model, settings_of


class Inspector(StrEnum):
    """Who looks at the conversations."""

    RULES = "rules"
    MODEL = "model"
    BOTH = "both"


def grade(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(help="Transcripts, one JSON object a line; - for standard input.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Where the scorecards go. Default: standard output.", metavar="FILE"),
    ] = None,
    rubric: Annotated[
        str, typer.Option(help="A shipped rubric's name, or a rubric file (.yaml).")
    ] = "core",
    inspector: Annotated[
        Inspector,
        typer.Option(
            help="[bold]model[/]: rules and the language model. [bold]rules[/]: rules alone, "
            "no model is loaded. [bold]both[/]: side by side; not in this version."
        ),
    ] = Inspector.MODEL,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
) -> None:
    """Grade finished conversations.

    One scorecard a line, in the order of the file.

    A line that cannot be read or graded becomes an error with its reason; the exit code is then 1.

    [dim]Examples:[/]

      spardesk grade conversations.jsonl --out scorecards.jsonl

      spardesk grade conversations.jsonl --inspector rules
    """
    settings = settings_of(ctx, model=model, base_url=base_url, data=data)
    if inspector is Inspector.BOTH:
        raise UsageError(
            "--inspector both is not in this version. Use 'model' (rules and model in one "
            "scorecard) or 'rules' (rules alone)."
        )
    from ui.cli.grading_run import grade_rows

    bad = grade_rows(settings, file, out, rubric, judged=inspector is Inspector.MODEL)
    if bad:
        say(f"{bad} row(s) could not be graded; each has its reason in its line.")
        raise typer.Exit(FAILED)
