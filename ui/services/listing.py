"""Parts of lists that are too long to be had at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """Which part of a list."""

    limit: int
    offset: int = 0

    def of(self, everything: Sequence[T]) -> "Listed[T]":
        """This part of a list that is at hand."""
        return Listed(tuple(everything[self.offset : self.offset + self.limit]), len(everything))


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A part of a list, and how long all of it is."""

    items: tuple[T, ...]
    total: int
