"""Waiting for the model: first come, first served, and everybody can see their place.

A model on two cores answers few people at once. Who comes while it is busy stands in line, in the
order they came, and nobody is overtaken: so nobody waits for ever.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LOOK_S = 2.0
"""How often somebody who waits hears of their place; their turn they hear of at once."""


@dataclass(frozen=True)
class InLine:
    """Somebody waits for their turn."""

    place: int
    """1: the next one."""


class Line:
    """Room for so many at once, and a line before it. Safe for threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._present: list[object] = []
        """Everybody, in the order they came; the first `room` of them have their turn."""
        self._changed = threading.Condition()

    @property
    def present(self) -> int:
        """How many have their turn or wait for it."""
        with self._changed:
            return len(self._present)

    @contextmanager
    def turn(self) -> Iterator[Iterator[InLine]]:
        """Joins the line until the block ends; has to be iterated until the turn has come.

        with line.turn() as waiting:
            yield from waiting
            ...
        """
        ticket = object()
        with self._changed:
            self._present.append(ticket)
        try:
            yield self._waiting(ticket)
        finally:
            with self._changed:
                self._present.remove(ticket)
                self._changed.notify_all()

    def _waiting(self, ticket: object) -> Iterator[InLine]:
        while place := self._place(ticket):
            yield InLine(place)
            with self._changed:
                self._changed.wait_for(lambda: not self._place(ticket), LOOK_S)

    def _place(self, ticket: object) -> int:
        with self._changed:  # a condition's lock may be taken again by who has it
            return max(0, self._present.index(ticket) - self._room + 1)
