"""Parameters that many addresses have."""

from typing import Annotated

from fastapi import Depends, Path, Query

from ui.services.listing import Part

MOST = 200
FARTHEST = 1_000_000_000

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def _part(
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    offset: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
) -> Part:
    return Part(limit, offset)


Which = Annotated[Part, Depends(_part)]
"""The part of a list that is asked for."""
