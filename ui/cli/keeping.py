"""`spardesk records`: copies, backups, and what is not to be kept any longer."""

import typer

from ui.cli.keeping_all import backup, copy, restore
from ui.cli.keeping_less import export, forget, purge

records = typer.Typer(
    help="Move, back up, purge, forget and export what is kept.", no_args_is_help=True
)
records.command()(copy)
records.command()(backup)
records.command()(restore)
records.command()(purge)
records.command()(forget)
records.command()(export)
