"""`spardesk scenarios` and `spardesk personas`: what there is to practise, and with whom."""

from collections.abc import Sequence

import typer
from rich.table import Table
from rich.text import Text

from personas.types import Persona
from scenarios.library import Library
from scenarios.types import Scenario
from ui.cli.consoles import out, print_json
from ui.cli.options import AsJson, Packs, Personas, settings_of

Row = dict[str, str | int]

scenarios = typer.Typer(help="What there is to practise.", no_args_is_help=True)
personas = typer.Typer(help="The customers there are.", no_args_is_help=True)


@scenarios.command("list")
def list_scenarios(
    ctx: typer.Context, as_json: AsJson = False, packs: Packs = None, personas: Personas = None
) -> None:
    """List the scenarios.

    [dim]Examples:[/]

      spardesk scenarios list

      spardesk scenarios list --json
    """
    library = _library(ctx, packs=packs, personas=personas)
    rows = [_scenario_row(library, scenario) for scenario in library.scenarios()]
    show("Scenarios", rows, as_json)


@scenarios.command("check")
def check_scenarios(ctx: typer.Context, packs: Packs = None, personas: Personas = None) -> None:
    """Read all packs, scenarios and personas, and say what is wrong with them.

    Every problem is one line with its file, line and field; exit code 2 when there is one.

    [dim]Examples:[/]

      spardesk scenarios check

      spardesk scenarios check --packs my-packs --personas my-personas
    """
    library = _library(ctx, packs=packs, personas=personas)
    counts = (len(library.packs), len(library.scenarios()), len(library.personas))
    out().print("Nothing wrong in {} pack(s), {} scenario(s) and {} persona(s).".format(*counts))


@personas.command("list")
def list_personas(
    ctx: typer.Context, as_json: AsJson = False, packs: Packs = None, personas: Personas = None
) -> None:
    """List the personas.

    [dim]Examples:[/]

      spardesk personas list

      spardesk personas list --json
    """
    library = _library(ctx, packs=packs, personas=personas)
    rows = [_persona_row(persona) for _, persona in sorted(library.personas.items())]
    show("Personas", rows, as_json)


def _library(ctx: typer.Context, **options: object) -> Library:
    settings = settings_of(ctx, **options)
    return Library.load(settings.packs, settings.personas)


def _scenario_row(library: Library, scenario: Scenario) -> Row:
    return {
        "id": scenario.id,
        "title": scenario.title,
        "pack": library.pack_of(scenario.id).id,
        "language": scenario.language,
        "level": scenario.level,
        "persona": scenario.persona,
    }


def _persona_row(persona: Persona) -> Row:
    return {
        "id": persona.id,
        "name": persona.name,
        "language": persona.language,
        "age": persona.age,
        "summary": persona.summary,
    }


def show(title: str, rows: Sequence[Row], as_json: bool) -> None:
    """Rows as a table, or as JSON for a program."""
    if as_json:
        print_json(rows)
        return
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, no_wrap=name == "id")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row.values()))
    out().print(table)
