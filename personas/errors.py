"""What is wrong with content files, worded for the person who writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right: where it is and what to do."""

    file: str
    line: int
    """Counted from 1."""
    field: str
    """Dotted, as in `brief.offers[2].response`; empty when it concerns the whole file."""
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.field}: {self.message}" if self.field else f"{place}{self.message}"


class ContentError(Exception):
    """Content cannot be used, or is not there. `problems` holds every place to put right."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "ContentError":
        """An error that lists all problems, one a line, in the order of files and lines."""
        ordered = tuple(sorted(set(problems)))
        return cls("\n".join(str(problem) for problem in ordered), ordered)

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str]) -> "ContentError":
        """An error for something looked up by a name that nothing has."""
        return cls(f"There is no {kind} {name!r}; {suggestion(name, known)}.")


def suggestion(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` where a known name is close, otherwise everything there is."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "there is " + (", ".join(names) if names else "none")
