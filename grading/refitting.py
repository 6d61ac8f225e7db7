"""Fits a site's calibration to labelled conversations, and says whether it helps.

A label is what a person says of a check: met or not. Three quarters of the labels are fitted to,
the rest say what is gained; a check that is not better on those keeps its probabilities.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np

from grading.adjusting import Adjustment, Line
from grading.calibrating import bare_name, logit
from grading.logistic import Rows, logistic
from grading.rubric import Rubric

LEAST = 50
"""Labels of each answer below which nothing is fitted: a handful of opinions is no calibration."""
HELD_OUT = 4
"""Every fourth label is held out."""
PENALTY = 1.0


@dataclass(frozen=True)
class Labelled:
    """One check of one conversation: what the grader and what a person says."""

    conversation: str
    check: str
    probability: float
    met: bool


@dataclass(frozen=True)
class Refit:
    """What came of one check."""

    check: str
    met: int
    not_met: int
    line: Line | None
    """`None`: not fitted, or no better on the held-out part; `reason` says which."""
    reason: str = ""
    before: float | None = None
    """Mean log loss on the held-out part with the probabilities as they were, in nats."""
    after: float | None = None


def refit(labels: Iterable[Labelled]) -> list[Refit]:
    """Every labelled check, fitted where there are labels enough."""
    by_check: dict[str, list[Labelled]] = {}
    for one in labels:
        by_check.setdefault(one.check, []).append(one)
    return [_refit(check, found) for check, found in sorted(by_check.items())]


def adjustment(
    found: Iterable[Refit], model_name: str, rubric: Rubric, source: str, version: int
) -> Adjustment:
    """The file's content."""
    return Adjustment(
        model=bare_name(model_name),
        rubric=rubric.id,
        rubric_version=rubric.version,
        version=version,
        date=date.today().isoformat(),
        source=source,
        lines={one.check: one.line for one in found if one.line is not None},
    )


def labels_of(
    conversation: str, probabilities: Mapping[str, float], answers: Mapping[str, str]
) -> list[Labelled]:
    """A conversation's labels beside the grader's probabilities; checks without either are out."""
    return [
        Labelled(conversation, check, probabilities[check], answer == "yes")
        for check, answer in answers.items()
        if answer in ("yes", "no") and check in probabilities
    ]


def _refit(check: str, labels: list[Labelled]) -> Refit:
    met = sum(one.met for one in labels)
    few = min(met, len(labels) - met)
    if few < LEAST:
        reason = f"{LEAST} labels of each answer are needed, there are {few} of the rarer"
        return Refit(check, met, len(labels) - met, None, reason)
    held = [one for one in labels if _held_out(one.conversation)]
    kept = [one for one in labels if not _held_out(one.conversation)]
    line = _line(kept)
    before = _loss(held, lambda p: p)
    after = _loss(held, line.moved) if line else None
    if line is None or after is None or before is None or after >= before:
        reason = "no better on the labels held out"
        return Refit(check, met, len(labels) - met, None, reason, before, after)
    return Refit(check, met, len(labels) - met, line, "", before, after)


def _line(labels: list[Labelled]) -> Line | None:
    rows = Rows(
        np.array([[logit(one.probability)] for one in labels]),
        np.array([float(one.met) for one in labels]),
        tuple(one.conversation for one in labels),
    )
    weights, bias = logistic(rows, PENALTY)
    slope = float(weights[0])
    # A falling line would say the opposite of the grader: then the grader is to be mended.
    return Line(slope=slope, offset=bias, labels=len(labels)) if slope > 0 else None


def _held_out(conversation: str) -> bool:
    """By the conversation, so that all its labels are on one side; the same in every run."""
    return hashlib.sha256(conversation.encode()).digest()[0] % HELD_OUT == 0


def _loss(labels: list[Labelled], of: Callable[[float], float]) -> float | None:
    if not labels:
        return None
    clipped = [(min(max(of(one.probability), 1e-3), 1 - 1e-3), one.met) for one in labels]
    return -sum(log(p if met else 1 - p) for p, met in clipped) / len(clipped)
