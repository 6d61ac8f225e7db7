"""`spardesk practice`: a session in the terminal, or unattended for programs."""

from typing import Annotated

import typer

from ui.cli.errors import UsageError
from ui.cli.options import (
    SCENARIO,
    BaseUrl,
    Data,
    Level,
    Model,
    Packs,
    Persona,
    Personas,
    Records,
    Seed,
    settings_of,
)
from ui.cli.start import Start

Replay = Annotated[
    str | None,
    typer.Option(
        help="Go back to a session instead: the same customer, another answer. "
        "Needs [bold]--from[/].",
        metavar="ID",
    ),
]
FromTurn = Annotated[
    int | None,
    typer.Option(
        "--from", min=0, help="Your message to say differently, by its turn.", metavar="TURN"
    ),
]
AgentLines = Annotated[
    str | None,
    typer.Option(
        help="Run unattended: each line of FILE (- for standard input) is the agent's next "
        "message. Needs [bold]--json[/].",
        metavar="FILE",
    ),
]


def practice(
    ctx: typer.Context,
    scenario: Annotated[str | None, SCENARIO] = None,
    persona: Persona = None,
    seed: Seed = None,
    resume: Annotated[
        str | None, typer.Option(help="Go on with a session instead.", metavar="ID")
    ] = None,
    replay: Replay = None,
    from_turn: FromTurn = None,
    level: Level = None,
    agent_lines: AgentLines = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the unattended session as one JSON object.")
    ] = False,
    no_grade: Annotated[bool, typer.Option("--no-grade", help="Leave the scorecard out.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
    records: Records = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Talk with a customer in the terminal.

    You speak first. [bold]/help[/] lists what else can be typed; Ctrl-C keeps the session.

    [dim]Examples:[/]

      spardesk practice broken-coffee-machine

      spardesk practice broken-coffee-machine --persona margaret-doyle --seed 7

      spardesk practice --replay 1f0c9a2e4b7d6358 --from 4

      spardesk practice broken-coffee-machine --agent-lines lines.txt --json
    """
    places = {"data": data, "records": records, "packs": packs, "personas": personas}
    settings = settings_of(ctx, model=model, base_url=base_url, **places)
    unattended = agent_lines is not None
    _require_a_choice(scenario, resume, replay, unattended=unattended, as_json=as_json)
    _require_both(replay, from_turn)
    start = Start(
        scenario=scenario, persona=persona, seed=seed, level=level, replay=replay, turn=from_turn
    )
    if agent_lines is not None:
        from ui.cli.unattended import run_unattended

        raise typer.Exit(
            run_unattended(settings, start, agent_lines=agent_lines, graded=not no_grade)
        )
    from ui.cli.talk import talk

    talk(settings, start, resume=resume, graded=not no_grade)


def _require_both(replay: str | None, from_turn: int | None) -> None:
    if (replay is None) != (from_turn is None):
        raise UsageError("--replay and --from go together: the session, and the message in it.")


def _require_a_choice(
    scenario: str | None,
    resume: str | None,
    replay: str | None,
    *,
    unattended: bool,
    as_json: bool,
) -> None:
    if unattended != as_json:
        raise UsageError("--agent-lines and --json go together: give both, or none to talk.")
    if unattended and scenario is None and replay is None:
        raise UsageError("Name the scenario to run; `spardesk scenarios list` lists them.")
    if sum(each is not None for each in (scenario, resume, replay)) != 1:
        raise UsageError(
            "Name a scenario, or a session with --resume or --replay; `spardesk scenarios list` "
            "lists the scenarios."
        )
