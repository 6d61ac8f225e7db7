"""Which agent turns are weakest, and what is wrong with each. Deterministic: no model."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from grading import words
from grading.case import Case
from grading.likeness import likeness
from grading.rubric import Check, Rubric
from grading.sentiment import valence
from grading.types import CheckResult
from grading.wording import politeness

Fault = Literal["rude", "dismissive", "no_empathy", "unanswered", "repeats", "curt"]

UPSET = -0.15
"""A customer whose valence is below this is upset."""

MOST = 2
"""Turns that get a suggestion."""

_FALLBACK_OF: dict[str, Fault] = {
    "politeness": "curt",
    "empathy": "no_empathy",
    "resolution": "dismissive",
    "logic": "unanswered",
}


@dataclass(frozen=True)
class WeakTurn:
    """A turn to word better."""

    turn: int
    weight: float
    fault: Fault
    problem: str
    """A check's own words for it; empty: the fault's."""


def weakest(case: Case, rubric: Rubric, results: Sequence[CheckResult]) -> list[WeakTurn]:
    """At most `MOST` turns, the weakest first."""
    by_check = _from_checks(case, rubric, results)
    found = []
    for index in case.spoken("agent"):
        own = [WeakTurn(index, weight, fault, "") for fault, weight in _faults(case, index)]
        reasons = own + by_check.get(index, [])
        if reasons:
            worst = max(reasons, key=lambda reason: reason.weight)
            whole = sum(reason.weight for reason in reasons)
            found.append(WeakTurn(index, whole, worst.fault, worst.problem))
    return sorted(found, key=lambda weak: (-weak.weight, weak.turn))[:MOST]


def _faults(case: Case, index: int) -> list[tuple[Fault, float]]:
    return [(fault, weight) for fault, weight, shows in _SIGNS if shows(case, index)]


def _rude(case: Case, index: int) -> bool:
    return words.found(case.text(index), ["rude"]) is not None


def _dismissive(case: Case, index: int) -> bool:
    text = case.text(index)
    helped = words.count(text, "concrete") or words.found(text, ["question"])
    return words.found(text, ["dismissive"]) is not None and not helped


def _no_empathy(case: Case, index: int) -> bool:
    before = _customer_before(case, index)
    if before is None:
        return False
    mood = case.moods.get(before)
    felt = mood.valence if mood else valence(case.text(before))
    return felt < UPSET and words.found(case.text(index), ["empathy", "apology"]) is None


def _unanswered(case: Case, index: int) -> bool:
    before = _customer_before(case, index)
    if before is None or words.found(case.text(before), ["question"]) is None:
        return False
    text = case.text(index)
    return words.found(text, ["concrete", "question"]) is None


def _repeats(case: Case, index: int) -> bool:
    text = case.text(index)
    earlier = [case.text(i) for i in case.spoken("agent") if i < index]
    return len(text) > 12 and any(likeness(text, e, 0.85) > 0.85 for e in earlier)


def _curt(case: Case, index: int) -> bool:
    return politeness(case.text(index)) < 0.38


_SIGNS: tuple[tuple[Fault, float, Callable[[Case, int], bool]], ...] = (
    ("rude", 3.0, _rude),
    ("dismissive", 1.6, _dismissive),
    ("no_empathy", 1.5, _no_empathy),
    ("unanswered", 1.2, _unanswered),
    ("repeats", 1.4, _repeats),
    ("curt", 0.6, _curt),
)


def _from_checks(
    case: Case, rubric: Rubric, results: Sequence[CheckResult]
) -> dict[int, list[WeakTurn]]:
    """Failed checks whose evidence is an agent's turn."""
    checks = {check.id: (c.id, check) for c in rubric.criteria for check in c.checks()}
    agent = set(case.spoken("agent"))
    found: dict[int, list[WeakTurn]] = {}
    for result in results:
        criterion, check = checks.get(result.id, ("", None))
        if check is None or result.answer != "no" or result.probability is None:
            continue
        for index in {e.turn for e in result.evidence} & agent:
            found.setdefault(index, []).append(_failed(case, index, criterion, check, result))
    return found


def _failed(case: Case, index: int, criterion: str, check: Check, result: CheckResult) -> WeakTurn:
    weight = min(check.weight, 1.5) * (1 - (result.probability or 0.0))
    problem = check.problem.in_language(case.language) if check.problem else ""
    # Without words of its own a check only adds to the weight.
    return WeakTurn(
        index, weight if problem else weight / 10, _FALLBACK_OF.get(criterion, "curt"), problem
    )


def _customer_before(case: Case, index: int) -> int | None:
    customer = case.spoken("customer")
    earlier = bisect_left(customer, index)
    return customer[earlier - 1] if earlier else None


def customer_before(case: Case, index: int) -> str:
    """What the customer said last before a turn; empty when nothing."""
    before = _customer_before(case, index)
    return "" if before is None else case.text(before)


__all__ = ["Fault", "WeakTurn", "customer_before", "weakest"]
