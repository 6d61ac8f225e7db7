"""Marks of work in many steps: whoever is stopped in it leaves one to go on from."""

from datetime import datetime

from records.types import Kept


class Mark(Kept):
    """Something that was begun and is not finished; it is removed with the last step."""

    name: str
    """What is under way, such as `copy` or `forget:ana`."""
    at: datetime
    detail: dict[str, str] = {}
    """All that is needed to go on."""
