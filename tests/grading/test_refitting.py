"""A site's own calibration: fitted where there are labels enough and something is gained."""

import random
from pathlib import Path

import pytest

from grading.adjusting import Line, adjustment_file, site_adjustment
from grading.calibrating import sigmoid, unchanged
from grading.grader import GRADER_VERSION, grade
from grading.refitting import LEAST, Labelled, adjustment, labels_of, refit
from grading.rubric import core_rubric
from personas.errors import ContentError
from tests.grading.making import case_of
from tests.scripted import ScriptedModel

RUBRIC = core_rubric()


def labels(n: int, shift: float, seed: int = 1) -> list[Labelled]:
    """Labels that come true with other odds than the grader says, `shift` nats apart."""
    draw = random.Random(seed)
    made = []
    for i in range(n):
        odds = draw.uniform(-2, 2)
        met = draw.random() < sigmoid(2 * odds + shift)
        made.append(Labelled(f"c{i}", "solved", sigmoid(odds), met))
    return made


def test_too_few_labels_are_refused() -> None:
    (one,) = refit(labels(2 * LEAST - 10, 0.0))
    assert one.line is None and "50 labels" in one.reason


def test_a_shifted_grader_is_put_right() -> None:
    (one,) = refit(labels(900, 1.5))
    assert one.line is not None and one.before is not None and one.after is not None
    assert one.after < one.before
    assert one.line.slope == pytest.approx(2, abs=0.5)
    assert one.line.offset == pytest.approx(1.5, abs=0.4)


def test_a_grader_that_says_the_opposite_is_not_turned_round() -> None:
    turned = [
        Labelled(one.conversation, one.check, 1 - one.probability, one.met)
        for one in labels(600, 0.0)
    ]
    (one,) = refit(turned)
    assert one.line is None


def test_labels_without_a_probability_are_left_out() -> None:
    found = labels_of("c", {"polite": 0.8}, {"polite": "yes", "solved": "no", "rude": "na"})
    assert found == [Labelled("c", "polite", 0.8, True)]


def test_the_file_holds_for_its_model_and_rubric_only(tmp_path: Path) -> None:
    made = adjustment(refit(labels(900, 1.5)), "scripted:test", RUBRIC, "labels.jsonl", 3)
    path = adjustment_file(tmp_path, "scripted:test", RUBRIC)
    path.parent.mkdir()
    path.write_text(made.model_dump_json(), "utf-8")
    assert site_adjustment(tmp_path, "scripted:test", RUBRIC) == made
    other = RUBRIC.model_copy(update={"version": "99"})
    assert site_adjustment(tmp_path, "scripted:test", other) is None
    path.write_text("{", "utf-8")
    with pytest.raises(ContentError, match=r"core\.test\.json"):
        site_adjustment(tmp_path, "scripted:test", RUBRIC)


def test_scores_with_it_carry_a_version_of_their_own() -> None:
    made = adjustment([], "scripted:test", RUBRIC, "labels.jsonl", 2).model_copy(
        update={"lines": {"polite": Line(slope=1.0, offset=2.0, labels=100)}}
    )
    case = case_of("C: Where is it?", "A: Here.")
    model = ScriptedModel(default=0.6)
    plain = grade(case, RUBRIC, model, calibration=unchanged("scripted:test", RUBRIC))
    moved = grade(
        case, RUBRIC, model, calibration=unchanged("scripted:test", RUBRIC), adjustment=made
    )
    assert moved.grader_version == f"{GRADER_VERSION}+site.2"
    before, after = (
        next(c.probability for c in card.criteria["politeness"].checks if c.id == "polite")
        for card in (plain, moved)
    )
    assert before == pytest.approx(0.6) and after is not None and after > 0.9
