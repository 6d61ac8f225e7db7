"""`spardesk records copy`, `backup` and `restore`: everything at once, verified."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.consoles import err, out, say
from ui.cli.errors import FAILED
from ui.cli.options import Data, Records, settings_of

if TYPE_CHECKING:
    from records import Records as OpenRecords
    from records.copying import Hear

WHO = "operator"
"""In the audit trail: whoever runs these commands has the records themselves."""

_PLACE = "a folder, sqlite:///FILE or postgresql://NAME:PASSWORD@HOST/DATABASE."


def copy(
    source: Annotated[str, typer.Argument(help=f"Where the records are: {_PLACE}", metavar="FROM")],
    target: Annotated[str, typer.Argument(help=f"Where nothing is yet: {_PLACE}", metavar="TO")],
) -> None:
    """Copy everything from one place to another, and read both sides afterwards.

    A copy that was stopped is gone on with by the same command. Stop the program before: what is
    done while this runs is not copied.

    [dim]Example:[/]

      spardesk records copy ~/.local/share/spardesk sqlite:////srv/spardesk.db
    """
    from records.contents import RecordsSource, counts
    from records.copying import copy_into
    from ui.cli.opening import open_and_say

    _require_there(source)
    with closing(open_and_say(source)) as opened, closing(open_and_say(target)) as new:
        with opened.frozen() as frozen, _counted("Copied") as hear:
            from_ = RecordsSource(frozen)
            found = counts(copy_into(from_, new, hear))
        note(new, "records.copied", source=opened.place)
        out().print(
            f"Copied and verified: {listed(found)}. Now in {new.place}",
            markup=False,
            soft_wrap=True,
        )
    _say_damaged(from_.damaged)


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup to write, such as spardesk.zip.")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Write everything into one file, as it is now, and read it back. The program may run.

    [dim]Example:[/]

      spardesk records backup spardesk-monday.zip
    """
    from records.archive import write_archive
    from ui.cli.opening import open_and_say

    settings = settings_of(ctx, data=data, records=records)
    with closing(open_and_say(settings.records_place)) as opened:
        with _counted("Backed up") as hear:
            made = write_archive(opened, file, hear)
        note(opened, "records.backed_up", file=file.name)
    out().print(
        f"Written and verified: {listed(made.counts)}, in {file}", markup=False, soft_wrap=True
    )
    _say_damaged(made.damaged)


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    into: Annotated[
        str | None,
        typer.Option(help=f"Where nothing is yet: {_PLACE} Default: the usual place."),
    ] = None,
    data: Data = None,
    records: Records = None,
) -> None:
    """Put a backup where nothing is yet, after checking all of it.

    [dim]Example:[/]

      spardesk records restore spardesk-monday.zip --into sqlite:///restored.db
    """
    from records.archive import ArchiveSource
    from records.contents import counts
    from records.copying import copy_into
    from ui.cli.opening import open_and_say

    settings = settings_of(ctx, data=data, records=records)
    source = ArchiveSource(file)
    with closing(open_and_say(into or settings.records_place)) as opened:
        with _counted("Restored") as hear:
            found = counts(copy_into(source, opened, hear))
        note(opened, "records.restored", file=file.name)
        shown = f"{source.manifest.made_at:%Y-%m-%d %H:%M} UTC"
        out().print(
            f"Restored and verified: {listed(found)}, as of {shown}. Now in {opened.place}",
            markup=False,
            soft_wrap=True,
        )
    _say_damaged(source.manifest.damaged)


def note(records: "OpenRecords", what: str, about: str | None = None, **detail: str) -> None:
    """Write into the audit trail what was done."""
    from records.reviewing import AuditEntry

    at = datetime.now(UTC)
    records.audit(AuditEntry(at=at, who=WHO, what=what, about=about, detail=detail))


def listed(counts: Mapping[str, int]) -> str:
    """What there was, as a list."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"


def _require_there(place: str) -> None:
    """Opening makes what is not there; a mistyped source should not become an empty one."""
    from ui.cli.errors import UsageError

    path = place.removeprefix("sqlite:///") if place.startswith("sqlite:///") else place
    if ("://" not in path) and not Path(path).expanduser().exists():
        raise UsageError(f"There are no records in {place!r}. Check the name.")


def _say_damaged(damaged: "list[str] | tuple[str, ...]") -> None:
    """What was left out; it is not a success then."""
    for sentence in damaged:
        say(f"Left out: {sentence}")
    if damaged:
        raise typer.Exit(FAILED)


@contextmanager
def _counted(verb: str) -> Iterator["Hear"]:
    """Says how many sessions are done, on a terminal."""
    console = err()
    with console.status(f"{verb} 0 sessions") as status:
        yield lambda done: status.update(f"{verb} {done:,} sessions")
