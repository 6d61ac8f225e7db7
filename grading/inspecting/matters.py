"""What the customer wants and what it is about: rules vote, early ones count most."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from grading.case import Case
from grading.inspecting.conditions import Conditions, Hit
from grading.inspecting.rulebook import MatterRule, Naming


class Vote(NamedTuple):
    """A rule that holds."""

    rule: MatterRule
    worth: float
    hits: list[Hit]


def votes(
    case: Case, rules: tuple[MatterRule, ...], naming: Naming, conditions: Conditions
) -> list[Vote]:
    """The rules that hold, each worth what its earliest sign is worth."""
    found = []
    for rule in rules:
        hits = conditions.hits(rule.when)
        if hits is not None:
            worth = max((naming.fade ** _age(case, hit.turn) for hit in hits), default=1.0)
            found.append(Vote(rule, rule.weight * worth, hits))
    return found


def winner(cast: list[Vote], which: str, allowed: Collection[str], least: float) -> str | None:
    """The `intent` or `topic` with most votes; `None` where too few were cast.

    `allowed` holds the rubric's names; without any, every name counts.
    """
    sums: dict[str, float] = defaultdict(float)
    for vote in cast:
        name = getattr(vote.rule, which)
        if name is not None and (not allowed or name in allowed):
            sums[name] += vote.worth
    best = max(sums, key=lambda name: sums[name], default=None)
    return best if best is not None and sums[best] >= least else None


def _age(case: Case, turn: int) -> int:
    """Customer turns before this one."""
    return sum(1 for index in case.spoken("customer") if index < turn)
