"""What the commands about people share: the records they open, and on whose behalf."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from ui.settings import Settings

if TYPE_CHECKING:
    from ui.services.access import Actor
    from ui.services.site import People

RoleName = Literal["trainee", "trainer", "manager", "admin"]
"""The roles by name, so that help needs no records."""


@contextmanager
def operating(settings: Settings) -> Iterator[tuple["People", "Actor"]]:
    """The people, and the operator: whoever can run this has the records themselves."""
    from ui.cli.opening import opened_people
    from ui.services.access import OPERATOR

    with opened_people(settings) as people:
        yield people, OPERATOR
