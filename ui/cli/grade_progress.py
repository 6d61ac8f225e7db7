"""How far a file's grading is, on standard error: a bar, or a line a row where none can move."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grading.types import RowError, Scorecard
from ui.cli.consoles import err, say
from ui.cli.pace import Pace


class GradeProgress:
    """Progress over rows, and over the checks of the row at hand."""

    def __init__(self, rows: int | None, before: int = 0) -> None:
        """`rows` counts all of them, `before` those that an earlier run did."""
        self._rows = rows
        self._done = before
        self._pace = Pace()
        console = err()
        self._moves = console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}", markup=False),
            console=console,
            transient=True,
            disable=not self._moves,
        )
        self._all = self._bar.add_task("Conversations", total=rows, completed=before, pace="")
        self._row = self._bar.add_task("Checks", total=None, pace="")

    def __enter__(self) -> Self:
        """Show it; the pace counts from here."""
        self._pace = Pace()
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take it away."""
        self._bar.stop()

    def hear(self, checked: int, checks: int) -> None:
        """Checks done of the row at hand."""
        self._bar.update(self._row, completed=checked, total=checks)

    def row_done(self, result: Scorecard | RowError) -> None:
        """One row is finished."""
        self._done += 1
        self._pace.step()
        pace = self._pace.words(None if self._rows is None else max(self._rows - self._done, 0))
        self._bar.update(self._all, completed=self._done, pace=pace)
        if not self._moves:
            outcome = result.error.message if isinstance(result, RowError) else "graded"
            say(f"{self._done}/{self._rows or '?'} {result.id}: {outcome} ({pace})")
