"""Options that several commands share, and the settings they make."""

from pathlib import Path
from typing import Annotated

import typer

from ui.log import start_log
from ui.settings import VARIABLES, Settings

Data = Annotated[
    Path | None,
    typer.Option(
        envvar=VARIABLES["data"],
        help="Folder for sessions and scorecards. Default: the user's data folder.",
        metavar="DIR",
    ),
]
Records = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["records"],
        help="Where sessions, scorecards and accounts are kept: a folder, "
        "[bold]sqlite:///FILE[/] or [bold]postgresql://NAME:PASSWORD@HOST/DATABASE[/]. "
        "Default: the folder of [bold]--data[/].",
        metavar="PLACE",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["model"],
        help="Which model to use: [bold]ollama:NAME[/], [bold]openai:NAME[/], "
        "[bold]gguf:FILE[/] or [bold]embedded[/]. Default: a running Ollama, else embedded.",
        metavar="MODEL",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["base_url"],
        help="Address of the model server, such as http://127.0.0.1:8000/v1.",
        metavar="URL",
    ),
]
SCENARIO = typer.Argument(help="Id of the scenario; see [bold]spardesk scenarios list[/].")
Persona = Annotated[
    str | None, typer.Option(help="Id of the customer. Default: the scenario's own.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="The same seed gives the same customer.")]
Level = Annotated[
    int | None, typer.Option(min=1, max=4, help="How difficult. Default: the scenario's own.")
]
Packs = Annotated[
    Path | None,
    typer.Option(
        envvar=VARIABLES["packs"],
        help="Folder of packs with their scenarios. Default: the shipped ones.",
        metavar="DIR",
    ),
]
Personas = Annotated[
    Path | None,
    typer.Option(
        envvar=VARIABLES["personas"],
        help="Folder of personas. Default: the shipped ones.",
        metavar="DIR",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def settings_of(ctx: typer.Context, **options: object) -> Settings:
    """The settings of this run: the root command's, with this command's options over them."""
    settings = (ctx.find_object(Settings) or Settings()).with_options(**options)
    start_log(settings.data_folder)
    return settings
