"""`spardesk grade`: grades finished conversations from a file or folder."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dialogue.formats.types import Format
from ui.cli.consoles import say
from ui.cli.errors import FAILED, UsageError
from ui.cli.options import BaseUrl, Data, Model, settings_of


class Inspector(StrEnum):
    """Who looks at the conversations."""

    RULES = "rules"
    MODEL = "model"
    BOTH = "both"


_INSPECTOR = typer.Option(
    help="[bold]model[/]: rules and the language model. [bold]rules[/]: rules alone, "
    "no model is loaded. [bold]both[/]: side by side; not in this version."
)
_FORMAT = typer.Option(
    "--format",
    help="How the conversations are written down. Default: as the path tells, else jsonl.",
)
_COLUMNS = typer.Option(
    help="Which column of a CSV or TSV is what, where it is not called [bold]id[/], "
    "[bold]speaker[/], [bold]text[/], [bold]at[/]: id=ticket,speaker=who,text=message,at=time.",
    metavar="PAIRS",
)
_SPEAKERS = typer.Option(
    help="Whose side the names in the file are, as in [bold]agent=Support,Anna[/]. May be given "
    "more than once; agent and customer are known.",
    metavar="SIDE=NAMES",
)
_RESUME = typer.Option("--resume", help="Go on with --out: what has its line there is not redone.")

_MASK = typer.Option(
    "--mask",
    help="Replace e-mail addresses, telephone, card, account and identity numbers, links with a "
    "query, and names where they are introduced, before anything is graded or written.",
)


def grade(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            help="Conversations: JSON lines, a CSV or TSV with one row a turn, or a folder of .txt "
            "files; - for standard input."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Where the scorecards go. Default: standard output.", metavar="FILE"),
    ] = None,
    resume: Annotated[bool, _RESUME] = False,
    form: Annotated[Format | None, _FORMAT] = None,
    columns: Annotated[str | None, _COLUMNS] = None,
    speakers: Annotated[list[str] | None, _SPEAKERS] = None,
    mask: Annotated[bool, _MASK] = False,
    rubric: Annotated[
        str, typer.Option(help="A shipped rubric's name, or a rubric file (.yaml).")
    ] = "core",
    inspector: Annotated[Inspector, _INSPECTOR] = Inspector.MODEL,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
) -> None:
    """Grade finished conversations.

    One scorecard a line, in the order of the file.

    A conversation that cannot be read or graded becomes an error with its reason; the exit code is
    then 1.

    [dim]Examples:[/]

      spardesk grade conversations.jsonl --out scorecards.jsonl

      spardesk grade export.csv --columns id=ticket,text=message --speakers agent=Support

      spardesk grade conversations.jsonl --inspector rules
    """
    settings = settings_of(ctx, model=model, base_url=base_url, data=data)
    if inspector is Inspector.BOTH:
        raise UsageError(
            "--inspector both is not in this version. Use 'model' (rules and model in one "
            "scorecard) or 'rules' (rules alone)."
        )
    from ui.cli.grade_source import Reading
    from ui.cli.grading_run import Job, grade_rows

    reading = Reading(form, columns, tuple(speakers or ()))
    judged = inspector is Inspector.MODEL
    bad = grade_rows(settings, Job(file, reading, rubric, judged, out, resume, mask))
    if bad:
        say(f"{bad} row(s) could not be graded; each has its reason in its line.")
        raise typer.Exit(FAILED)
