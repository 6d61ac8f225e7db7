"""The figures of the grader's bench, on numbers whose answer is known."""

import numpy as np
import pytest

from bench.gold import gold
from bench.grader.measuring import measure, readers_kappa
from bench.grader.scores import (
    Judged,
    calibration_error,
    check_figures,
    coverage_curve,
    criterion_figures,
    weighted_kappa,
)
from bench.statistics import area, rank_correlation
from grading.logistic import Rows, logistic
from tests.scripted import ScriptedModel


def test_rank_correlation_handles_ties() -> None:
    assert rank_correlation([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 1, 1], [3, 2, 1]) == 0
    assert rank_correlation([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1)


def test_area_is_how_often_a_positive_is_above() -> None:
    assert area([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == pytest.approx(0.75)
    assert area([0.5, 0.5], [True, True]) is None


def test_calibration_error_is_the_distance_from_what_came_true() -> None:
    assert calibration_error([(0.85, 1.0), (0.85, 1.0)]) == pytest.approx(0.15)
    assert calibration_error([(0.25, 0.0), (0.25, 1.0), (0.25, 0.0), (0.25, 0.0)]) == 0


def judged(*rows: tuple[float, float | None, bool]) -> list[Judged]:
    return [Judged(truth=t, probability=p, answered=a) for t, p, a in rows]


def test_check_figures_count_what_was_answered() -> None:
    figures = check_figures(
        judged((1, 0.9, True), (1, 0.2, True), (0, 0.8, True), (0, 0.5, False), (0, None, False))
    )
    assert (figures.rows, figures.answered, figures.right) == (5, 3, 1)
    assert figures.majority == pytest.approx(0.6)
    assert (figures.precision, figures.recall) == (0.5, 0.5)


def test_the_surest_come_first() -> None:
    curve = coverage_curve(judged(*[(1, 0.95, True)] * 5, *[(0, 0.6, True)] * 5))
    assert curve[0] == (1.0, 0.5)
    assert curve[-1] == (0.3, 1.0)


def test_unscored_rows_are_at_the_median() -> None:
    figures = criterion_figures([90.0, None, 10.0], [5.0, 3.0, 1.0])
    assert (figures.rows, figures.scored, figures.correlation) == (3, 2, pytest.approx(1))


def test_weighted_kappa() -> None:
    assert weighted_kappa([1, 3, 5], [1, 3, 5]) == 1
    assert weighted_kappa([5, 3, 1], [1, 3, 5]) == pytest.approx(-1)
    assert weighted_kappa([3, 3], [3, 3]) is None


def test_logistic_finds_the_way_and_the_middle() -> None:
    draw = np.random.default_rng(0)
    signals = draw.normal(size=(2000, 2))
    p = 1 / (1 + np.exp(-(1.5 * signals[:, 0] - 0.5)))
    rows = Rows(signals, (draw.random(2000) < p).astype(float), tuple(map(str, range(2000))))
    weights, bias = logistic(rows, 0.1)
    assert weights == pytest.approx([1.5, 0], abs=0.2)
    assert bias == pytest.approx(-0.5, abs=0.2)


def test_a_half_is_measured_from_end_to_end() -> None:
    report = measure("tune", ("en",), ScriptedModel(default=0.7, name="scripted:bench"), print)
    assert report.conversations == len(gold("tune", ("en",)))
    assert {system.name for system in report.systems} == {
        "grader",
        "rule-based inspector",
        "plain 1 to 5",
    }
    grader = report.systems[0]
    assert {"politeness", "resolution", "logic", "empathy"} <= set(grader.criteria)
    assert grader.pairs == 11
    assert report.model_checks.rows > 0
    assert report.kappa == readers_kappa(gold("tune", ("en",))) > 0.5
