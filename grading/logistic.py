"""Logistic regression on a few signals, with a ridge penalty: small enough to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PENALTIES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
FOLDS = 8
LEAST_ROWS = 20
LEAST_OF_A_CLASS = 3


@dataclass(frozen=True)
class Rows:
    """One check's signals, the truth (0–1; a rating may lie between) and the rows' families."""

    signals: Array
    wanted: Array
    families: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether there is enough of both answers to fit anything."""
        yes = float(self.wanted.sum())
        rows = len(self.wanted)
        return rows >= LEAST_ROWS and LEAST_OF_A_CLASS <= yes <= rows - LEAST_OF_A_CLASS

    def part(self, chosen: NDArray[np.bool_]) -> "Rows":
        """Some of the rows."""
        families = tuple(f for f, keep in zip(self.families, chosen, strict=True) if keep)
        return Rows(self.signals[chosen], self.wanted[chosen], families)


def logistic(rows: Rows, penalty: float) -> tuple[Array, float]:
    """Weights and bias by Newton's method; the bias is not penalised."""
    table = np.hstack([rows.signals, np.ones((len(rows.wanted), 1))])
    ridge = np.diag([penalty] * rows.signals.shape[1] + [1e-3])
    found = np.zeros(table.shape[1])
    for _ in range(50):
        p = probabilities(table, found)
        slope = table.T @ (p - rows.wanted) + ridge @ found
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
