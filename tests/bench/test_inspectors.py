"""Who was right: counts and correlations against labels."""

from typing import Any

import pytest

from bench.inspectors import Labelled, View, compare, correlation, report
from grading.inspecting.loading import inspectors
from grading.rubric import core_rubric
from grading.types import CriterionScore, MoodPoint, Scorecard

RUBRIC = core_rubric()


def row(id_: str, *lines: str, **labels: Any) -> Labelled:
    turns = [
        {"speaker": {"A": "agent", "C": "customer"}[line[0]], "text": line[3:]} for line in lines
    ]
    return Labelled.model_validate({"id": id_, "turns": turns, "language": "en"} | labels)


ROWS = [
    row("a", "C: I want a refund.", intent="refund", topic="refund", mood=[0, None]),
    row("b", "C: Furious! Liars! I want a refund.", intent="complaint", mood=[-2, 2]),
    row("c", "C: Where is my parcel?", topic="delivery", mood=[0, 0]),
    row("d", "C: Hm."),
]


def test_only_what_is_labelled_counts() -> None:
    found = compare(ROWS, inspectors(RUBRIC), RUBRIC).rules
    assert (found.intent.count, found.intent.of, found.intent_named) == (1, 2, 2)
    assert (found.topic.count, found.topic.of, found.topic_named) == (2, 2, 2)
    assert (found.mood_first.count, found.mood_first.of) == (3, 3)
    assert (found.mood_last.count, found.mood_last.of) == (1, 2)
    assert found.rows == 4


def test_a_name_that_is_not_given_is_wrong() -> None:
    found = report(ROWS[:1], [View(topic="refund")])
    assert (found.intent.count, found.intent.of, found.intent_named) == (0, 1, 0)


def test_the_model_is_held_against_the_rows_it_graded() -> None:
    card = Scorecard(
        id="a",
        criteria={"politeness": CriterionScore(status="scored", score=80)},
        intent="refund",
        mood=(MoodPoint(turn=0, valence=0.1),),
        predicted_satisfaction=60,
        rubric="core",
        rubric_version="1",
        grader_version="1",
        model="m",
    )
    found = compare(ROWS, inspectors(RUBRIC), RUBRIC, {"a": card}).model
    assert found is not None
    assert (found.rows, found.intent.count, found.topic.count) == (1, 1, 0)
    assert (found.mood_first.count, found.mood_first.of) == (1, 1)


def test_ratings_and_scores_are_compared_by_rank() -> None:
    rated = [row(str(n), "C: x", ratings={"politeness": n, "logic": None}) for n in range(1, 6)]
    views = [View(scores={"politeness": n**3}) for n in range(1, 6)]
    found = report(rated, views).ranks
    assert found["politeness"].value == pytest.approx(1)
    assert (found["logic"].value, found["logic"].of) == (None, 0)


def test_correlation_of_ranks() -> None:
    assert correlation([(1, 5), (2, 4), (3, 3), (4, 2)]).value == pytest.approx(-1)
    tied = correlation([(1, 1), (2, 2), (2, 3), (4, 4), (None, 9)])
    assert tied.value == pytest.approx(0.9487, abs=1e-4)
    assert tied.of == 4
    low, high = tied.interval or (0, 0)
    assert -1 < low < tied.value < high < 1  # type: ignore[operator]
    assert correlation([(1, 1), (2, 2), (3, 3)]).value is None
    assert correlation([(1, 1), (1, 2), (1, 3), (1, 4)]).value is None
    assert correlation([]).of == 0
