"""Whether sessions ended when and how their scenarios say they should."""

from collections.abc import Sequence
from typing import Literal

from bench.playing import Played
from bench.statistics import F1

Fault = Literal["early", "late", "never", "wrong_reason", "unplanned"]


def fault(played: Played) -> Fault | None:
    """What is wrong with a session's end, against the ending written before it was played."""
    wanted = played.game.world.scenario.notes.endings.get(played.game.kind)
    if wanted is None:
        return "unplanned"
    if played.ended is None:
        return "never"
    if played.turns < wanted.earliest:
        return "early"
    if played.turns > wanted.latest:
        return "late"
    return None if played.ended.value in wanted.reasons else "wrong_reason"


def termination(sessions: Sequence[Played]) -> F1:
    """Right endings among those that came (precision) and those that should have (recall).

    An ending is right between the scenario's earliest and latest customer turn and for one of its
    reasons. Sessions whose scenario says nothing about this kind of agent are left out.
    """
    planned = [played for played in sessions if fault(played) != "unplanned"]
    return F1(
        right=sum(fault(played) is None for played in planned),
        found=sum(played.ended is not None for played in planned),
        wanted=len(planned),
    )
