"""Rules and model side by side: where they differ, and what goes to a person."""

from collections import Counter
from typing import Any

import pytest

from grading.calibrating import unchanged
from grading.case import Case
from grading.grader import grade
from grading.inspecting.disagreeing import compare, sign, thresholds
from grading.inspecting.loading import inspectors
from grading.inspecting.reviewing import ReviewRow, SideBySide
from grading.rubric import core_rubric
from grading.types import (
    CheckResult,
    CriterionScore,
    Evidence,
    Inspection,
    LogicFault,
    MoodPoint,
    RuledCriterion,
    RuleHit,
    Scorecard,
)
from tests.grading.making import case_of
from tests.scripted import ScriptedModel

RUBRIC = core_rubric()
LIMIT = thresholds().criterion_points

TALK = case_of(
    "C: Where is my parcel, order 40718?",
    "A: Good morning! It arrives on Monday, thank you for your patience.",
    "C: And the refund? I'm furious, this is outrageous.",
    "A: It arrives on Thursday.",
)


def card(score: float | None = 50, **more: Any) -> Scorecard:
    criterion = CriterionScore(status="scored", score=score)
    base: dict[str, Any] = {"id": "c", "rubric": "core", "rubric_version": "1", "model": "m"}
    base |= {"grader_version": "1", "criteria": {"politeness": criterion}, "language": "en"}
    return Scorecard.model_validate(base | more)


def seen(score: float | None = 50, **more: Any) -> Inspection:
    rude = RuleHit(id="rude", label="x", points=-30, evidence=(Evidence(turn=3, quote="x"),))
    kind = RuleHit(id="kind", label="x", points=20, evidence=(Evidence(turn=1, quote="x"),))
    criterion = RuledCriterion(score=score, hits=(rude, kind))
    return Inspection.model_validate(
        {"rules": "en 1", "criteria": {"politeness": criterion}} | more
    )


def outcome(aspect: str, graded: Scorecard, found: Inspection) -> Any:
    return next(each for each in compare(graded, found) if each.aspect == aspect)


def check(id_: str, answer: str | None) -> dict[str, Any]:
    asked = CheckResult.model_validate(
        {
            "id": id_,
            "kind": "model",
            "status": "answered" if answer else "could_not_judge",
            "answer": answer,
            "label": "Stays consistent",
            "evidence": [Evidence(turn=1, quote="x"), Evidence(turn=5, quote="y")],
        }
    )
    return {"criteria": {"logic": CriterionScore(status="scored", checks=(asked,))}}


@pytest.mark.parametrize(
    ("rules", "model", "expected", "turn"),
    [
        (50, 50 + LIMIT, "agree", None),
        (50, 51 + LIMIT, "differ", 3),
        (51 + LIMIT, 50, "differ", 1),
        (None, 50, "one", None),
        (50, None, "one", None),
        (None, None, "neither", None),
    ],
)
def test_scores_may_differ_by_so_many_points(
    rules: float | None, model: float | None, expected: str, turn: int | None
) -> None:
    found = outcome("politeness", card(model), seen(rules))
    assert found.outcome == expected
    if expected == "differ":
        assert (found.disagreement.rules, found.disagreement.model) == (rules, model)
        assert found.disagreement.turn == turn
        assert "36 points apart" in found.disagreement.reason


@pytest.mark.parametrize(
    ("rules", "model", "expected"),
    [
        ("refund", "refund", "agree"),
        ("refund", "repair", "differ"),
        (None, "repair", "one"),
        ("refund", None, "one"),
        (None, None, "neither"),
    ],
)
def test_intents_differ_where_both_name_one(
    rules: str | None, model: str | None, expected: str
) -> None:
    found = outcome("intent", card(intent=model), seen(intent=rules))
    assert found.outcome == expected
    assert (found.disagreement is not None) == (expected == "differ")


@pytest.mark.parametrize(
    ("rules", "model", "expected"),
    [
        (0.6, 0.3, "agree"),
        (-0.6, 0.5, "differ"),
        (0.6, -0.5, "differ"),
        (0.1, -0.1, "agree"),
        (-0.6, 0.1, "one"),
        (None, 0.5, "one"),
    ],
)
def test_moods_differ_where_their_signs_are_opposite(
    rules: float | None, model: float, expected: str
) -> None:
    mood = (MoodPoint(turn=0, valence=-1), MoodPoint(turn=4, valence=model))
    found = outcome("mood", card(mood=mood), seen(mood_at_end=rules))
    assert found.outcome == expected
    if expected == "differ":
        assert found.disagreement.turn == 4
    assert outcome("mood", card(), seen()).outcome == "neither"


@pytest.mark.parametrize(
    ("answer", "by_rules", "expected"),
    [
        ("yes", False, "agree"),
        ("no", True, "agree"),
        ("no", False, "differ"),
        ("yes", True, "differ"),
        (None, True, "one"),
    ],
)
def test_faults_that_one_alone_sees(answer: str | None, by_rules: bool, expected: str) -> None:
    evidence = (Evidence(turn=1, quote="x"), Evidence(turn=3, quote="y"))
    fault = LogicFault(kind="contradiction", evidence=evidence, reason="Another day")
    found = seen(logic=(fault,) if by_rules else ())
    each = outcome("contradiction", card(**check("consistent", answer)), found)
    assert each.outcome == expected
    if expected == "differ":
        assert each.disagreement.turn == (3 if by_rules else 5)
        assert ("Another day" if by_rules else "Stays consistent") in each.disagreement.reason


def test_thresholds_name_checks_of_the_core_rubric() -> None:
    ids = {check.id for check in RUBRIC.questions()}
    assert {id_ for named in thresholds().faults.values() for id_ in named} <= ids
    assert sign(0.2) == 1 and sign(-0.2) == -1 and sign(0.0) == 0


def both(case: Case, model: ScriptedModel | None) -> tuple[Scorecard, SideBySide, list[ReviewRow]]:
    queue: list[ReviewRow] = []
    side = SideBySide(inspectors(RUBRIC), RUBRIC, queue.append)
    graded = grade(
        case, RUBRIC, model, calibration=unchanged("scripted:test", RUBRIC), rewrite=False
    )
    return side.add(graded, case), side, queue


def test_what_both_say_is_on_the_card_and_goes_to_review() -> None:
    all_well = {c.id: 0.05 if c.yes_is == "bad" else 0.95 for c in RUBRIC.questions()}
    conditions = {f"when_{name}": 0.9 for name in RUBRIC.conditions}
    model = ScriptedModel(answers=all_well | conditions | {"intent": 0.9, "topic": 0.9})
    added, side, queue = both(TALK, model)
    assert added.rules is not None
    assert [fault.kind for fault in added.rules.logic] == ["contradiction"]
    aspects = {each.aspect: each for each in added.disagreements}
    assert {"contradiction", "logic", "resolution"} <= set(aspects)
    assert aspects["contradiction"].rules == "fault"
    assert side.counts["contradiction"] == Counter({"differ": 1})
    assert side.counts["politeness"] == Counter({"agree": 1})
    (row,) = queue
    assert (row.id, row.disagreements) == ("case", added.disagreements)
    named = sorted({each.turn for each in row.disagreements if each.turn is not None})
    assert [each.turn for each in row.turns] == named
    for each in row.turns:
        assert each.quote in TALK.text(each.turn)
        assert each.speaker == TALK.turns[each.turn].speaker


def test_reasons_are_in_the_conversations_language() -> None:
    case = case_of("C: 太差劲了", "A: 周一送到。", "C: 嗯", "A: 周四送到。", language="zh")
    added, _, _ = both(case, ScriptedModel(default=0.95))
    assert any("规则" in each.reason for each in added.disagreements)


def test_without_a_model_there_is_nothing_to_disagree_with() -> None:
    added, side, queue = both(TALK, None)
    assert added.rules is not None and added.rules.intent is not None
    assert (added.disagreements, side.counts, queue) == ((), {}, [])


def test_a_model_that_fails_leaves_the_rules_view() -> None:
    def dead(*_: Any) -> float:
        from llm.errors import ServerUnreachable

        raise ServerUnreachable("Nothing answers.")

    added, side, _ = both(TALK, ScriptedModel(default=dead))
    assert added.rules is not None
    assert side.counts["contradiction"] == Counter({"one": 1})
