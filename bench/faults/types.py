"""What is broken, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from records import Records

Tell = Callable[[str], None]
"""Acknowledges a step: whoever hears it may rely on it."""


class Wrong(Exception):
    """Something is in a state in which nothing may be: neither before a step nor after it."""


class Fault(Protocol):
    """Work that is killed somewhere in the midst. Can be sent to another process."""

    @property
    def kind(self) -> str:
        """What it is called in the table."""
        ...

    def prepare(self, place: str) -> None:
        """What is there before."""
        ...

    def work(self, place: str, tell: Tell) -> None:
        """The work; `ready` is told when it begins."""
        ...

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:
        """How many of the acknowledged steps are gone, after opening again.

        Raises `Wrong` for what is half done.
        """
        ...


@dataclass
class Outcome:
    """One kind of fault in one kind of store."""

    kind: str
    store: str
    rounds: int = 0
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    repaired: int = 0
    """How many sentences were said when the records were opened afterwards."""
    failed: int = 0
    """Rounds after which the store did not open, or something was half done."""
    problems: list[str] = field(default_factory=list)
