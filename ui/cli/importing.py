"""`spardesk import`: packs made of other projects' tasks."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.consoles import out as console
from ui.cli.consoles import say
from ui.cli.errors import FAILED
from ui.cli.options import Personas, settings_of

if TYPE_CHECKING:
    from scenarios.commands import Command
    from scenarios.importing.tau2_success import Run
    from scenarios.types import Pack

imports = typer.Typer(help="Make packs of other projects' tasks.", no_args_is_help=True)


@imports.callback()
def _group() -> None:
    """Make packs of other projects' tasks."""


@imports.command("tau2")
def tau2(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder with τ²-bench's tasks.json and policy.md, and db.json if there is one.",
            metavar="DIR",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for the pack; its name is the pack's id, and the folder above it is what "
            "[bold]--packs[/] takes.",
            metavar="PACK",
        ),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pack that is in the folder.")
    ] = False,
    personas: Personas = None,
) -> None:
    """Make a pack of τ²-bench's tasks.

    A task that cannot be used is named with its reason and skipped; the exit code is then 1.

    [dim]Examples:[/]

      spardesk import tau2 tau2-bench/data/tau2/domains/retail --out my-packs/tau2-retail

      spardesk practice tau2-retail-0 --packs my-packs
    """
    settings = settings_of(ctx, personas=personas)
    from personas.library import load_personas
    from scenarios.importing.tau2_pack import import_tau2
    from scenarios.importing.tau2_writing import check_free, write_pack

    check_free(out, force)
    pack_id = out.resolve().name
    made = import_tau2(folder, pack_id, load_personas(settings.personas), carry_out)
    write_pack(made, out)
    for sentence in (*made.skipped, *made.not_carried_out):
        say(sentence)
    checked = sum(each["state_checked"] for each in made.origin["tasks"].values())
    count = len(made.pack.scenarios)
    console().print(f"{count} task(s) imported into {out}, {checked} of them state-checked.")
    if made.skipped:
        say(f"{len(made.skipped)} task(s) skipped; each has its reason above.")
        raise typer.Exit(FAILED)


def carry_out(pack: "Pack", commands: "Sequence[Command]") -> "Run":
    """Carry commands out on a new desk of the pack."""
    from scenarios.importing.tau2_success import Run
    from simulator.desk import Desk
    from simulator.types import ActionCall

    desk = Desk(pack)
    results = [desk.do(ActionCall(name=each.name, arguments=each.arguments)) for each in commands]
    return Run(tuple(None if each.done else each.message for each in results), desk.tables)
