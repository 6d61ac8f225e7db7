"""Logistic regression on a few signals, with a ridge penalty: small enough to be read.

Where it is known which way each signal points, the weights are drawn towards equal ones instead of
towards none. From a few dozen labels the differences between weights are mostly chance, and equal
weights carry over to other conversations (Dawes, 1979, "The robust beauty of improper linear
models in decision making").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PENALTIES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
FOLDS = 8
LEAST_ROWS = 20
LEAST_OF_A_CLASS = 3

SHARED_PENALTY = 0.3
"""On the weight that all signals have in common, where their directions are known."""


@dataclass(frozen=True)
class Rows:
    """One check's signals, the truth (0–1; a rating may lie between) and the rows' families."""

    signals: Array
    wanted: Array
    families: tuple[str, ...]
    signs: tuple[int, ...] = ()
    """Which way each signal points, 1 or -1; 0 where that is not known."""

    @property
    def usable(self) -> bool:
        """Whether there is enough of both answers to fit anything."""
        yes = float(self.wanted.sum())
        rows = len(self.wanted)
        return rows >= LEAST_ROWS and LEAST_OF_A_CLASS <= yes <= rows - LEAST_OF_A_CLASS

    def part(self, chosen: NDArray[np.bool_]) -> "Rows":
        """Some of the rows."""
        families = tuple(f for f, keep in zip(self.families, chosen, strict=True) if keep)
        return Rows(self.signals[chosen], self.wanted[chosen], families, self.signs)


def logistic(rows: Rows, penalty: float) -> tuple[Array, float]:
    """Weights and bias; the bias is not penalised."""
    if not any(rows.signs):
        return _newton(rows.signals, rows.wanted, [penalty] * rows.signals.shape[1])
    share = np.array(rows.signs) / np.abs(rows.signs).sum()
    table = np.hstack([(rows.signals @ share)[:, None], rows.signals])
    penalties = [SHARED_PENALTY] + [penalty] * rows.signals.shape[1]
    weights, bias = _newton(table, rows.wanted, penalties)
    return weights[0] * share + weights[1:], bias


def _newton(signals: Array, wanted: Array, penalties: Sequence[float]) -> tuple[Array, float]:
    table = np.hstack([signals, np.ones((len(wanted), 1))])
    ridge = np.diag([*penalties, 1e-3])
    found = np.zeros(table.shape[1])
    for _ in range(50):
        p = probabilities(table, found)
        slope = table.T @ (p - wanted) + ridge @ found
        curve = (table * (p * (1 - p))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < 1e-8:
            break
    return found[:-1], float(found[-1])


def probabilities(table: Array, weights: Array) -> Array:
    """The logistic function of a weighted sum."""
    return np.asarray(1 / (1 + np.exp(-np.clip(table @ weights, -30, 30))))


def best_penalty(checks: Sequence[Rows]) -> float:
    """One penalty for all checks: the least log loss over folds that keep families together."""
    return min(PENALTIES, key=lambda p: sum(_loss(rows, p) for rows in checks))


def skill(rows: Rows, penalty: float) -> float:
    """What share of the log loss of always stating the base rate is saved, over folds."""
    share = float(rows.wanted.mean())
    stated = share * np.log(share) + (1 - share) * np.log(1 - share)
    return 1 + _loss(rows, penalty) / (len(rows.wanted) * float(stated))


def _loss(rows: Rows, penalty: float) -> float:
    names = sorted(set(rows.families))
    drawn = dict(zip(names, np.random.default_rng(0).integers(0, FOLDS, len(names)), strict=True))
    folds = np.array([drawn[family] for family in rows.families])
    loss = 0.0
    for fold in range(FOLDS):
        out = folds == fold
        if not out.any():
            continue
        weights, bias = logistic(rows.part(~out), penalty)
        p = np.clip(_predicted(rows.signals[out], weights, bias), 1e-3, 1 - 1e-3)
        true = rows.wanted[out]
        loss -= float((true * np.log(p) + (1 - true) * np.log(1 - p)).sum())
    return loss


def _predicted(signals: Array, weights: Array, bias: float) -> Array:
    table = np.hstack([signals, np.ones((len(signals), 1))])
    return probabilities(table, np.append(weights, bias))
