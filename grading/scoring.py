"""From checks to scores: weighted means, coverage, intervals.

A criterion's score is the weighted mean of its checks' calibrated probabilities, those too close
to call included: leaving them out would make a cliff at the band's edge. What was not answered
lowers coverage and widens the interval.

The interval treats checks as independent yes/no trials with these probabilities (the
Poisson-binomial distribution, in its normal approximation: Hong, 2013, "On computing the
distribution function for the Poisson binomial distribution"), an unjudged check as an even one.
Checks of one criterion hang together, so the true interval is wider rather than narrower.
"""

from collections.abc import Sequence

from grading.rubric import Criterion, Rubric
from grading.types import CheckResult, CriterionScore

Z90 = 1.645
"""Standard deviations that hold 90 % of a normal distribution."""


def score(criterion: Criterion, results: Sequence[CheckResult]) -> CriterionScore:
    """One criterion from its checks' results."""
    counted = [r for r in results if r.status != "not_applicable" and r.weight > 0]
    kept = tuple(results)
    if not counted:
        return CriterionScore(status="not_applicable", checks=kept)
    whole = sum(result.weight for result in counted)
    answered = sum(r.weight * r.read for r in counted if r.status == "answered")
    coverage = answered / whole
    known = [(r.weight, r.probability) for r in counted if r.probability is not None]
    if not known or coverage < criterion.min_coverage:
        return CriterionScore(status="could_not_judge", coverage=coverage, checks=kept)
    mean = sum(w * p for w, p in known) / sum(w for w, _ in known)
    return CriterionScore(
        status="scored",
        score=100 * mean,
        interval=_interval(mean, counted),
        coverage=coverage,
        checks=kept,
    )


def total(rubric: Rubric, scores: dict[str, CriterionScore]) -> tuple[float | None, float]:
    """Weighted mean of the scored criteria, and coverage over the applicable ones."""
    counted = [
        (criterion.weight, scores[criterion.id])
        for criterion in rubric.criteria
        if scores[criterion.id].status != "not_applicable" and criterion.weight > 0
    ]
    whole = sum(weight for weight, _ in counted)
    if not whole:
        return None, 0.0
    coverage = sum(weight * part.coverage for weight, part in counted) / whole
    known = [(weight, part.score) for weight, part in counted if part.score is not None]
    if not known:
        return None, coverage
    return sum(w * s for w, s in known) / sum(w for w, _ in known), coverage


def total_interval(
    rubric: Rubric, overall: float | None, scores: dict[str, CriterionScore]
) -> tuple[float, float] | None:
    """The total's interval from those of its criteria, taken as independent."""
    known = [
        (criterion.weight, part.interval)
        for criterion in rubric.criteria
        if criterion.weight > 0 and (part := scores[criterion.id]).interval is not None
    ]
    whole = sum(weight for weight, _ in known)
    if overall is None or not whole:
        return None
    squares = (weight * (high - low) / 2 for weight, (low, high) in known)
    half = float(sum(square**2 for square in squares) ** 0.5) / whole
    return max(0.0, overall - half), min(100.0, overall + half)


def _interval(mean: float, counted: Sequence[CheckResult]) -> tuple[float, float]:
    whole = sum(result.weight for result in counted)
    variance = sum((r.weight / whole) ** 2 * _trial(r.probability) for r in counted)
    half = float(Z90 * variance**0.5)
    return 100 * max(0.0, mean - half), 100 * min(1.0, mean + half)


def _trial(probability: float | None) -> float:
    return 0.25 if probability is None else probability * (1 - probability)
