"""`spardesk practice`: a session in the terminal, or unattended for programs."""

from typing import Annotated

import typer

from ui.cli.errors import UsageError
from ui.cli.options import BaseUrl, Data, Model, Packs, Personas, settings_of


def practice(
    ctx: typer.Context,
    scenario: Annotated[
        str | None, typer.Argument(help="Id of the scenario; see [bold]spardesk scenarios list[/].")
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="Id of the customer. Default: the scenario's own.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same customer.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(help="Go on with a session instead.", metavar="ID")
    ] = None,
    agent_lines: Annotated[
        str | None,
        typer.Option(
            help="Run unattended: each line of FILE (- for standard input) is the agent's next "
            "message. Needs [bold]--json[/].",
            metavar="FILE",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the unattended session as one JSON object.")
    ] = False,
    no_grade: Annotated[bool, typer.Option("--no-grade", help="Leave the scorecard out.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Talk with a customer in the terminal.

    You speak first. [bold]/help[/] lists what else can be typed; Ctrl-C keeps the session.

    [dim]Examples:[/]

      spardesk practice broken-coffee-machine

      spardesk practice broken-coffee-machine --persona margaret-doyle --seed 7

      spardesk practice broken-coffee-machine --agent-lines lines.txt --json
    """
    settings = settings_of(
        ctx, model=model, base_url=base_url, data=data, packs=packs, personas=personas
    )
    unattended = agent_lines is not None
    _require_a_choice(scenario, resume, unattended=unattended, as_json=as_json)
    if agent_lines is not None and scenario is not None:
        from ui.cli.unattended import run_unattended

        raise typer.Exit(
            run_unattended(
                settings, scenario, persona, seed, agent_lines=agent_lines, graded=not no_grade
            )
        )
    from ui.cli.talk import talk

    talk(settings, scenario, persona, seed, resume=resume, graded=not no_grade)


def _require_a_choice(
    scenario: str | None, resume: str | None, *, unattended: bool, as_json: bool
) -> None:
    if unattended != as_json:
        raise UsageError("--agent-lines and --json go together: give both, or none to talk.")
    if unattended and scenario is None:
        raise UsageError("Name the scenario to run; `spardesk scenarios list` lists them.")
    if (scenario is None) == (resume is None):
        raise UsageError(
            "Name a scenario, or a session with --resume; `spardesk scenarios list` lists them."
        )
