"""A scorecard in the terminal."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from grading.types import CriterionScore, Scorecard
from ui.cli.consoles import err, out
from ui.services.practice import Practice

UNSCORED = {"could_not_judge": "could not judge", "not_applicable": "not applicable"}


def show_scorecard(practice: Practice, session_id: str, person: str) -> None:
    """Grade an ended session, with progress, and print what came out."""
    print_scorecard(graded(practice, session_id, person), out())


def graded(practice: Practice, session_id: str, person: str) -> Scorecard:
    """The session's scorecard; a bar shows how many checks are done."""
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn())
    console = err()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)

        def hear(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return practice.grade(session_id, person, hear)


def print_scorecard(card: Scorecard, console: Console) -> None:
    """Criteria with their intervals, the checks that were not met, and better wordings."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("criterion", "score", "between", "coverage"):
        table.add_column(column)
    for name, criterion in card.criteria.items():
        table.add_row(name, *_row(criterion))
    console.print(table)
    total = "not known" if card.total is None else f"{card.total:.0f}"
    console.print(f"Total {total}, coverage {card.coverage:.0%}", style="bold")
    _print_open_points(card, console)
    for suggestion in card.suggestions:
        console.print(Text(f"\nTurn {suggestion.turn}: {suggestion.problem}", "bold"))
        console.print(Text(f"  instead of  {suggestion.original}"))
        if suggestion.better:
            console.print(Text(f"  better      {suggestion.better}", "green"))
    if card.voided_turns:
        turns = ", ".join(str(turn) for turn in card.voided_turns)
        console.print(f"The customer fell out of role in turn(s) {turns}: left out of the grade.")
    console.print(f"Graded by {card.model or 'rules only'}, for coaching only.", style="dim")


def _row(criterion: CriterionScore) -> tuple[str, str, str]:
    if criterion.score is None:
        return UNSCORED.get(criterion.status, criterion.status), "", f"{criterion.coverage:.0%}"
    between = "" if criterion.interval is None else "{:.0f}-{:.0f}".format(*criterion.interval)
    return f"{criterion.score:.0f}", between, f"{criterion.coverage:.0%}"


def _print_open_points(card: Scorecard, console: Console) -> None:
    for name, criterion in card.criteria.items():
        for check in criterion.checks:
            if check.answer == "no":
                turns = ", ".join(f"turn {e.turn}" for e in check.evidence)
                where = f" ({turns})" if turns else ""
                console.print(Text(f"  {name}: not met: {check.label or check.id}{where}"))
            elif check.status in ("could_not_judge", "failed"):
                reason = f": {check.reason}" if check.reason else ""
                console.print(Text(f"  {name}: could not judge: {check.label or check.id}{reason}"))
