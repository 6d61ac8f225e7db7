"""`spardesk records purge`, `forget` and `export`: old sessions, and everything about somebody."""

import re
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.consoles import out, say
from ui.cli.errors import UsageError
from ui.cli.keeping_all import WHO, note
from ui.cli.options import Data, Records, settings_of

_AGE = re.compile(r"(\d{1,5})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}
_PERSON = typer.Argument(
    help="An account's id or login; [bold]local[/] for whoever practises without one.",
    metavar="PERSON",
)


def purge(
    ctx: typer.Context,
    older_than: Annotated[
        str,
        typer.Option(
            help="How long ago sessions began: 180d, 26w or 2y.",
            metavar="AGE",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many there are.")
    ] = False,
    data: Data = None,
    records: Records = None,
) -> None:
    """Delete old sessions with their scorecards, overrides and reviews.

    [dim]Examples:[/]

      spardesk records purge --older-than 180d --dry-run

      spardesk records purge --older-than 180d
    """
    from records import retention
    from ui.cli.opening import open_and_say

    now = datetime.now(UTC)
    before = now - age(older_than)
    settings = settings_of(ctx, data=data, records=records)
    with closing(open_and_say(settings.records_place)) as opened:
        if dry_run:
            count, verb = len(retention.older_than(opened, before)), "would be"
        else:
            count, verb = retention.purge(opened, before, WHO, now), "were"
    out().print(f"{count:,} session(s) from before {before:%Y-%m-%d %H:%M} UTC {verb} deleted.")


def forget(
    ctx: typer.Context,
    person: Annotated[str, _PERSON],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
    records: Records = None,
) -> None:
    """Delete everything about one person. It cannot be undone.

    Sessions, scorecards, settings, account, logins and tokens go. Entries about them stay in the
    audit trail, and what they said about others' scores, under a made-up name.

    [dim]Example:[/]

      spardesk records forget ana
    """
    from records import retention
    from ui.cli.opening import open_and_say

    settings = settings_of(ctx, data=data, records=records)
    with closing(open_and_say(settings.records_place)) as opened:
        found = retention.identify(opened, person)
        sessions = len(retention.sessions_of(opened, found.id))
        if not yes and sys.stdin.isatty():
            question = f"Delete everything about {found.id!r}, {sessions} session(s) with it?"
            typer.confirm(question, abort=True)
        pseudonym = retention.forget(opened, found, WHO, datetime.now(UTC))
    out().print(
        f"Everything about {person!r} was deleted, {sessions:,} session(s) with it. In the audit "
        f"trail they are {pseudonym!r} now.",
        markup=False,
        soft_wrap=True,
    )
    say(
        "Backups, exports and the copies that upgrades made (.version…) still hold what was in "
        "them: delete those that you need not keep."
    )


def export(
    ctx: typer.Context,
    person: Annotated[str, _PERSON],
    file: Annotated[Path, typer.Argument(help="The ZIP to write.")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Write everything that is kept about one person into a ZIP of JSON and CSV.

    Left out are only hashes of passwords and tokens.

    [dim]Example:[/]

      spardesk records export ana ana.zip
    """
    from records import exporting, retention
    from ui.cli.opening import open_and_say

    if file.exists():
        raise UsageError(f"There is already a file {str(file)!r}. Name another for the export.")
    settings = settings_of(ctx, data=data, records=records)
    with closing(open_and_say(settings.records_place)) as opened:
        found = retention.identify(opened, person)
        sessions = exporting.export_file(opened, found, file)
        note(opened, "person.exported", about=found.id)
    out().print(
        f"Everything about {person!r} is in {file}, {sessions:,} session(s) with it.",
        markup=False,
        soft_wrap=True,
    )


def age(text: str) -> timedelta:
    """A time such as `180d`; raises `UsageError`."""
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--older-than {text!r} is no age. Give days, weeks or years: 180d.")
    return timedelta(days=int(match[1]) * _DAYS[match[2]])
