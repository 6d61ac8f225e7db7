"""How often the two inspectors agree, as a table on standard error."""

from collections import Counter
from collections.abc import Mapping
from typing import get_args

from rich.table import Table

from grading.inspecting.disagreeing import Outcome
from ui.cli.consoles import err

COLUMNS: dict[Outcome, str] = {
    "agree": "agree",
    "differ": "differ",
    "one": "only one judged",
    "neither": "neither",
}


def show_agreement(counts: Mapping[str, Counter[Outcome]]) -> None:
    """Aspect by aspect; nothing where the two did not both look."""
    if not counts:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("rules and model")
    for outcome in get_args(Outcome):
        table.add_column(COLUMNS[outcome], justify="right")
    for aspect, found in counts.items():
        table.add_row(aspect, *(str(found[outcome]) for outcome in get_args(Outcome)))
    err().print(table)
