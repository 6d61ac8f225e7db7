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


Who = Annotated[
    Inspector,
    typer.Option(
        help="[bold]model[/]: the rubric's rules and the language model. [bold]rules[/]: rules "
        "alone, no model is loaded. [bold]both[/]: the model and, beside it, the rule-based "
        "inspector, with where they disagree."
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(
        help="The rule-based inspector's rules, from a file of your own (.yaml). "
        "Default: the shipped ones.",
        metavar="FILE",
    ),
]
Review = Annotated[
    Path | None,
    typer.Option(
        help="Where conversations go on which the inspectors disagree, for a person to look at; "
        "needs [bold]--inspector both[/].",
        metavar="FILE",
    ),
]
_FILE = typer.Argument(
    help="Conversations: JSON lines, a CSV or TSV with one row a turn, or a folder of .txt files; "
    "- for standard input."
)
_OUT = typer.Option(help="Where the scorecards go. Default: standard output.", metavar="FILE")
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
    file: Annotated[str, _FILE],
    out: Annotated[Path | None, _OUT] = None,
    resume: Annotated[bool, _RESUME] = False,
    form: Annotated[Format | None, _FORMAT] = None,
    columns: Annotated[str | None, _COLUMNS] = None,
    speakers: Annotated[list[str] | None, _SPEAKERS] = None,
    mask: Annotated[bool, _MASK] = False,
    rubric: Annotated[
        str, typer.Option(help="A shipped rubric's name, or a rubric file (.yaml).")
    ] = "core",
    inspector: Who = Inspector.MODEL,
    rules: Rules = None,
    review: Review = None,
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

      spardesk grade conversations.jsonl --inspector both --review queue.jsonl
    """
    settings = settings_of(ctx, model=model, base_url=base_url, data=data)
    if review and inspector is not Inspector.BOTH:
        raise UsageError("--review needs both inspectors. Add --inspector both.")
    if rules and inspector is Inspector.MODEL:
        raise UsageError("--rules is for the rule-based inspector. Add --inspector both or rules.")
    from ui.cli.grade_source import Reading
    from ui.cli.grading_run import Job, grade_rows

    job = Job(
        file=file,
        reading=Reading(form, columns, tuple(speakers or ())),
        rubric=rubric,
        judged=inspector is not Inspector.RULES,
        inspected=inspector is not Inspector.MODEL,
        rules=rules,
        out=out,
        review=review,
        resume=resume,
        mask=mask,
    )
    bad = grade_rows(settings, job)
    if bad:
        say(f"{bad} row(s) could not be graded; each has its reason in its line.")
        raise typer.Exit(FAILED)
