"""How far verdicts agree with the truth: the figures of `spardesk bench grader`."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bench.statistics import area, rank_correlation

BINS = 10
MEDIAN = 50.0
"""What a row without a score is taken to have."""


class CheckFigures(BaseModel):
    """One check over all rows to which it applies."""

    model_config = ConfigDict(frozen=True)

    rows: int
    answered: int
    right: int
    """Of those answered."""
    majority: float
    """Accuracy of always giving the commoner answer."""
    precision: float | None
    """Of the answer "met"."""
    recall: float | None
    brier: float | None
    calibration_error: float | None
    """Expected calibration error over ten bins of probability (Naeini et al., 2015)."""
    area: float | None
    """Under the ROC curve, over all probabilities."""


class Judged(BaseModel):
    """One check of one row."""

    model_config = ConfigDict(frozen=True)

    truth: float
    """1 met, 0 not."""
    probability: float | None
    """That it is met; `None`: not judged at all."""
    answered: bool


def check_figures(judged: Sequence[Judged]) -> CheckFigures:
    """The figures of one check."""
    answered = [one for one in judged if one.answered and one.probability is not None]
    met = [one for one in answered if (one.probability or 0) >= 0.5]
    true = [one for one in answered if one.truth >= 0.5]
    right = sum(((one.probability or 0) >= 0.5) == (one.truth >= 0.5) for one in answered)
    hits = sum(one.truth >= 0.5 for one in met)
    known = [(one.probability, one.truth) for one in judged if one.probability is not None]
    share = sum(one.truth >= 0.5 for one in judged) / len(judged) if judged else 0.0
    return CheckFigures(
        rows=len(judged),
        answered=len(answered),
        right=right,
        majority=max(share, 1 - share),
        precision=hits / len(met) if met else None,
        recall=hits / len(true) if true else None,
        brier=sum((p - t) ** 2 for p, t in known) / len(known) if known else None,
        calibration_error=calibration_error(known) if known else None,
        area=area([p for p, _ in known], [t >= 0.5 for _, t in known]),
    )


def calibration_error(known: Sequence[tuple[float, float]]) -> float:
    """The mean distance of stated probabilities from what came true, over bins."""
    bins: list[list[tuple[float, float]]] = [[] for _ in range(BINS)]
    for probability, truth in known:
        bins[min(int(probability * BINS), BINS - 1)].append((probability, truth))
    gaps = (abs(sum(p for p, _ in b) - sum(t for _, t in b)) for b in bins if b)
    return sum(gaps) / len(known)


def coverage_curve(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Coverage → accuracy, when only the surest share of the checks is answered."""
    known = [one for one in judged if one.probability is not None]
    surest = sorted(known, key=lambda one: -abs((one.probability or 0) - 0.5))
    found = []
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3):
        kept = surest[: max(1, round(share * len(judged)))]
        right = sum(((one.probability or 0) >= 0.5) == (one.truth >= 0.5) for one in kept)
        found.append((len(kept) / len(judged), right / len(kept)))
    return found


class CriterionFigures(BaseModel):
    """One criterion against people's (here: developers') ratings."""

    model_config = ConfigDict(frozen=True)

    rows: int
    scored: int
    correlation: float
    """Spearman's over all rows, those without a score at the median."""
    correlation_scored: float | None
    """Over the scored rows alone."""
    kappa: float | None
    """Quadratically weighted, of the score in five steps by rank with the rating (Cohen 1968)."""


def criterion_figures(scores: Sequence[float | None], ratings: Sequence[float]) -> CriterionFigures:
    """The figures of one criterion."""
    filled = [MEDIAN if score is None else score for score in scores]
    kept = [(s, r) for s, r in zip(scores, ratings, strict=True) if s is not None]
    return CriterionFigures(
        rows=len(ratings),
        scored=len(kept),
        correlation=rank_correlation(filled, ratings),
        correlation_scored=(
            rank_correlation([s for s, _ in kept], [r for _, r in kept]) if len(kept) > 2 else None
        ),
        kappa=weighted_kappa([1 + 4 * score / 100 for score in filled], ratings),
    )


def weighted_kappa(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Quadratically weighted kappa of values from 1 to 5, rounded; `None` without any spread."""
    a, b = [round(x) for x in one], [round(x) for x in other]
    seen = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / len(a)
    chance = sum((x - y) ** 2 for x in a for y in b) / len(a) ** 2
    return 1 - seen / chance if chance else None
