"""Logistic regression on a few signals."""

import numpy as np
import pytest

from grading.logistic import Rows, logistic, skill

DRAWN = np.random.default_rng(3)
TRUE = DRAWN.integers(0, 2, 60).astype(float)
SIGNALS = np.stack([TRUE + DRAWN.normal(0, 1, 60), 1 - TRUE + DRAWN.normal(0, 1, 60)], axis=1)
FAMILIES = tuple(str(i) for i in range(60))


def fit(signs: tuple[int, ...], penalty: float) -> np.ndarray:
    return logistic(Rows(SIGNALS, TRUE, FAMILIES, signs), penalty)[0]


def test_with_known_directions_a_heavy_penalty_leaves_equal_weights() -> None:
    first, second = fit((1, -1), 1e6)
    assert first > 0.3
    assert second == pytest.approx(-first, rel=1e-3)


def test_without_known_directions_a_heavy_penalty_leaves_no_weights() -> None:
    assert np.abs(fit((), 1e6)).max() < 1e-3
    assert np.abs(fit((0, 0), 1e6)).max() < 1e-3


def test_a_signal_of_unknown_direction_has_no_share_in_the_common_weight() -> None:
    first, second = fit((1, 0), 1e6)
    assert first > 0.3
    assert abs(second) < 1e-3


def test_a_part_of_the_rows_keeps_the_directions() -> None:
    assert Rows(SIGNALS, TRUE, FAMILIES, (1, -1)).part(TRUE > 0).signs == (1, -1)


def test_skill_is_what_is_known_beyond_the_base_rate() -> None:
    known = skill(Rows(SIGNALS, TRUE, FAMILIES, (1, -1)), 2.0)
    chance = skill(Rows(DRAWN.normal(0, 1, SIGNALS.shape), TRUE, FAMILIES), 2.0)
    assert known > 0.15
    assert chance < 0.05
