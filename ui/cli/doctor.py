"""`spardesk doctor`: what is installed, which model would be used, whether it answers, how fast."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from ui.cli.consoles import out
from ui.cli.errors import FAILED
from ui.cli.options import BaseUrl, Data, Model, Packs, Personas, Records, settings_of

if TYPE_CHECKING:
    from ui.cli.health import Finding

MARKS: dict[str, tuple[str, str]] = {
    "good": ("ok  ", "green"),
    "note": ("note", "yellow"),
    "bad": ("BAD ", "bold red"),
}


def doctor(
    ctx: typer.Context,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
    records: Records = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Say what is installed, which model would be used and why, and how fast it answers.

    Exit code 1 when something would keep a session from being held.

    [dim]Examples:[/]

      spardesk doctor

      spardesk doctor --model ollama:llama3.2
    """
    settings = settings_of(
        ctx,
        model=model,
        base_url=base_url,
        data=data,
        records=records,
        packs=packs,
        personas=personas,
    )
    from ui.cli.diagnosis import findings

    if _show(findings(settings)):
        raise typer.Exit(FAILED)


def _show(findings: "Iterable[Finding]") -> int:
    """Print findings as they come; how many are bad."""
    bad = 0
    for verdict, name, text in findings:
        mark, style = MARKS[verdict]
        line = Text.assemble((mark, style), "  ", (f"{name:<15}", "bold"), " ", text)
        out().print(line, soft_wrap=True)
        bad += verdict == "bad"
    return bad
