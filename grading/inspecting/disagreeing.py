"""Where rules and model differ so far that a person should look. How far is data."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from grading.rubric import Label
from grading.types import (
    CheckResult,
    Disagreement,
    Evidence,
    FaultKind,
    Inspection,
    RuledCriterion,
    Scorecard,
)
from personas.errors import ContentError, Problem
from personas.files import read_yaml
from personas.types import Strict
from personas.validation import validated

_FILE = Path(__file__).parent / "disagreements.yaml"

Outcome = Literal["agree", "differ", "one", "neither"]
"""Both judged alike, both judged and differ, only one judged, neither did."""


class Reasons(Strict):
    """The words beside a disagreement."""

    criterion: Label
    name: Label
    mood: Label
    fault_by_rules: Label
    fault_by_model: Label


class Thresholds(Strict):
    """`disagreements.yaml`."""

    criterion_points: float
    mood_sign: float
    names: tuple[Literal["intent", "topic"], ...]
    faults: dict[FaultKind, tuple[str, ...]]
    reasons: Reasons


class Compared(Strict):
    """One aspect of a conversation before both inspectors."""

    aspect: str
    outcome: Outcome
    disagreement: Disagreement | None = None


@cache
def thresholds() -> Thresholds:
    """The shipped thresholds. Raises `ContentError` naming file, line and field."""
    problems: list[Problem] = []
    document = read_yaml(_FILE, problems)
    found = validated(document, Thresholds, problems) if document else None
    if found is None:
        raise ContentError.of(problems)
    return found


def compare(card: Scorecard, found: Inspection) -> list[Compared]:
    """Every aspect that both could judge, in a fixed order."""
    compared = [*_criteria(card, found), *_names(card, found), _mood(card, found)]
    return [*compared, *_faults(card, found)]


def _criteria(card: Scorecard, found: Inspection) -> Iterator[Compared]:
    limit = thresholds().criterion_points
    for name, criterion in card.criteria.items():
        ruled = found.criteria.get(name, RuledCriterion())
        if ruled.score is None or criterion.score is None:
            yield Compared(aspect=name, outcome=_judged(ruled.score, criterion.score))
            continue
        apart = abs(ruled.score - criterion.score)
        if apart <= limit:
            yield Compared(aspect=name, outcome="agree")
            continue
        reason = _say(card, "criterion", points=round(apart), limit=round(limit))
        turn = _telling(ruled, below=ruled.score < criterion.score)
        yield _differ(name, ruled.score, criterion.score, turn, reason)


def _names(card: Scorecard, found: Inspection) -> Iterator[Compared]:
    for which in thresholds().names:
        rules: str | None = getattr(found, which)
        model: str | None = getattr(card, which)
        if rules is None or model is None or rules == model:
            outcome = "agree" if rules == model and rules else _judged(rules, model)
            yield Compared(aspect=which, outcome=outcome)
        else:
            reason = _say(card, "name", rules=rules, model=model)
            yield _differ(which, rules, model, _named_in(found), reason)


def _mood(card: Scorecard, found: Inspection) -> Compared:
    rules = found.mood_at_end
    model = card.mood[-1].valence if card.mood else None
    if rules is None or model is None:
        return Compared(aspect="mood", outcome=_judged(rules, model))
    signs = sign(rules), sign(model)
    if 0 in signs and signs[0] != signs[1]:
        return Compared(aspect="mood", outcome="one")
    if signs[0] == signs[1]:
        return Compared(aspect="mood", outcome="agree")
    reason = _say(card, "mood", rules=rules, model=model)
    return _differ("mood", rules, model, card.mood[-1].turn, reason)


def sign(valence: float) -> int:
    """-1, 0 or 1; 0 where a mood is too weak to have a sign."""
    if abs(valence) <= thresholds().mood_sign:
        return 0
    return 1 if valence > 0 else -1


def _faults(card: Scorecard, found: Inspection) -> Iterator[Compared]:
    checks = {check.id: check for part in card.criteria.values() for check in part.checks}
    for kind, ids in thresholds().faults.items():
        asked = [c for id_ in ids if (c := checks.get(id_)) and c.status == "answered"]
        seen = [fault for fault in found.logic if fault.kind == kind]
        blamed = [check for check in asked if check.answer == "no"]
        if not asked:
            yield Compared(aspect=kind, outcome="one")
        elif bool(seen) == bool(blamed):
            yield Compared(aspect=kind, outcome="agree")
        elif seen:
            reason = _say(card, "fault_by_rules", label=seen[0].reason or kind)
            yield _differ(kind, "fault", "none", _last(seen[0].evidence), reason)
        else:
            reason = _say(card, "fault_by_model", label=blamed[0].label or blamed[0].id)
            yield _differ(kind, "none", "fault", _shown_by(blamed), reason)


def _differ(
    aspect: str, rules: float | str, model: float | str, turn: int | None, reason: str
) -> Compared:
    found = Disagreement(aspect=aspect, rules=rules, model=model, turn=turn, reason=reason)
    return Compared(aspect=aspect, outcome="differ", disagreement=found)


def _judged(rules: object, model: object) -> Outcome:
    return "neither" if rules is None and model is None else "one"


def _telling(ruled: RuledCriterion, *, below: bool) -> int | None:
    """The turn of the hit that moved the rules' score most, down or up."""
    sign_ = -1 if below else 1
    shown = [hit for hit in ruled.hits if hit.evidence and sign_ * (hit.points or 0) > 0]
    best = max(shown, key=lambda hit: sign_ * (hit.points or 0), default=None)
    return best.evidence[0].turn if best else None


def _named_in(found: Inspection) -> int | None:
    turns = [evidence.turn for hit in found.named_by for evidence in hit.evidence]
    return min(turns, default=None)


def _shown_by(checks: list[CheckResult]) -> int | None:
    return next((turn for c in checks if (turn := _last(c.evidence)) is not None), None)


def _last(evidence: tuple[Evidence, ...]) -> int | None:
    return max((each.turn for each in evidence), default=None)


def _say(card: Scorecard, which: str, **values: object) -> str:
    label: Label = getattr(thresholds().reasons, which)
    return label.in_language(card.language or "en").format(**values)
