"""Scores, coverage and intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.outcome import combined
from grading.rubric import Criterion, Label, Rubric, core_rubric
from grading.scoring import score, total, total_interval
from grading.types import CheckResult, CheckStatus, CriterionScore

CRITERION = Criterion(id="c", label=Label(en="c", zh="c"))


def result(p: float | None, status: CheckStatus = "answered", weight: float = 1) -> CheckResult:
    return CheckResult(id="x", kind="model", status=status, probability=p, weight=weight)


def test_score_is_the_weighted_mean() -> None:
    scored = score(CRITERION, [result(1.0, weight=3), result(0.2)])
    assert scored.status == "scored"
    assert scored.score == pytest.approx(80)
    assert scored.coverage == 1


def test_close_calls_count_for_the_score_but_not_for_coverage() -> None:
    scored = score(CRITERION, [result(0.9), result(0.5, "could_not_judge")])
    assert scored.score == pytest.approx(70)
    assert scored.coverage == 0.5


def test_failed_checks_lower_coverage_and_widen_the_interval() -> None:
    whole = score(CRITERION, [result(0.9), result(0.9)])
    part = score(CRITERION, [result(0.9), result(0.9), result(None, "failed")])
    assert part.score == whole.score
    assert part.coverage == pytest.approx(2 / 3)
    assert part.interval and whole.interval
    assert part.interval[0] < whole.interval[0]


def test_too_little_answered_is_no_score_and_never_zero() -> None:
    scored = score(CRITERION, [result(0.9), *[result(None, "failed")] * 5])
    assert (scored.status, scored.score, scored.interval) == ("could_not_judge", None, None)
    assert scored.coverage == pytest.approx(1 / 6)


def test_nothing_applicable_is_not_applicable() -> None:
    scored = score(CRITERION, [result(None, "not_applicable")])
    assert (scored.status, scored.score) == ("not_applicable", None)
    assert score(CRITERION, []).status == "not_applicable"


def test_not_applicable_checks_leave_coverage_as_it_is() -> None:
    assert score(CRITERION, [result(0.9), result(None, "not_applicable")]).coverage == 1


def test_what_was_not_read_lowers_coverage() -> None:
    half = result(0.9).model_copy(update={"read": 0.5})
    assert score(CRITERION, [half]).coverage == 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_interval_holds_the_score(probabilities: list[float]) -> None:
    scored = score(CRITERION, [result(p) for p in probabilities])
    assert scored.score is not None and scored.interval is not None
    low, high = scored.interval
    assert 0 <= low <= scored.score + 1e-9
    assert scored.score - 1e-9 <= high <= 100


def four_alike() -> Rubric:
    """The four core criteria with the same weight."""
    core = core_rubric()
    kept = tuple(c.model_copy(update={"weight": 1.0}) for c in core.criteria[:4])
    return core.model_copy(update={"criteria": kept})


def test_total_leaves_out_what_does_not_apply() -> None:
    rubric = four_alike()
    scores = {
        "politeness": CriterionScore(status="scored", score=80, coverage=1),
        "resolution": CriterionScore(status="scored", score=40, coverage=0.5),
        "logic": CriterionScore(status="could_not_judge", coverage=0),
        "empathy": CriterionScore(status="not_applicable"),
    }
    assert total(rubric, scores) == (60, 0.5)


def test_the_totals_interval_is_narrower_than_its_criterias_and_holds_it() -> None:
    part = CriterionScore(status="scored", score=80, interval=(60, 100), coverage=1)
    scores = dict.fromkeys(("politeness", "resolution", "logic", "empathy"), part)
    rubric = four_alike()
    interval = total_interval(rubric, 80, scores)
    assert interval is not None
    assert list(interval) == pytest.approx([70, 90])
    open_ = CriterionScore(status="could_not_judge")
    assert total_interval(rubric, None, dict.fromkeys(scores, open_)) is None


def test_combined_needs_half_of_its_parts() -> None:
    assert combined(["a", "b", "c"], {"a": 0.9}) is None
    assert combined(["a", "b"], {"a": 0.9, "b": 0.9}) == pytest.approx(0.9)
