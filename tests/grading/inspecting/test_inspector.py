"""What the shipped rules make of whole conversations."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.inspecting.disagreeing import sign
from grading.inspecting.loading import shipped
from grading.rubric import core_rubric
from grading.types import RuleHit
from tests.grading.inspecting.making import inspected, talks
from tests.grading.making import case_of


@pytest.mark.parametrize("talk", talks(), ids=lambda talk: talk["id"])
def test_intent_topic_mood_and_entities(talk: dict[str, Any]) -> None:
    found = inspected(*talk["turns"], language=talk["language"])
    assert (found.intent, found.topic) == (talk["intent"], talk["topic"])
    if "end" in talk:
        assert sign(found.mood_at_end or 0) == talk["end"]
    for kind, texts in talk.get("entities", {}).items():
        assert set(texts) <= {each.text for each in found.entities if each.kind == kind}


@pytest.mark.parametrize(
    ("criterion", "better", "worse", "language"),
    [
        (
            "politeness",
            "A: Good morning! Could you please tell me the order number? Thank you.",
            "A: Order number. Are you deaf?",
            "en",
        ),
        (
            "resolution",
            "A: I've refunded the $20, you get it within 3 days.",
            "A: There is nothing I can do, contact your bank.",
            "en",
        ),
        (
            "logic",
            "A: It is late because of the snow. It arrives on Friday.",
            "A: It arrives on Friday.\nA: It arrives on Monday.",
            "en",
        ),
        (
            "empathy",
            "A: I'm so sorry, that must be frustrating. We'll sort it out together.",
            "A: Calm down, these things happen. It's company policy.",
            "en",
        ),
        (
            "politeness",
            "A: 您好，请问您的订单号是？谢谢。",
            "A: 订单号发我。急什么。",
            "zh",
        ),
        ("resolution", "A: 已经为您退款20元，三天内到账。", "A: 没办法，您自己联系商家。", "zh"),
        ("logic", "A: 因为下雪所以晚了，周五送到。", "A: 周五送到。\nA: 周一送到。", "zh"),
        (
            "empathy",
            "A: 抱歉，换作是我也着急，您放心。",
            "A: 这很正常，规定就是这样。",
            "zh",
        ),
    ],
)
def test_better_conduct_scores_higher(
    criterion: str, better: str, worse: str, language: str
) -> None:
    customer = {"en": "C: This is ridiculous, where is it?", "zh": "C: 太差劲了，到底在哪？"}
    scores = []
    for agent in (better, worse):
        lines = [line for part in agent.split("\n") for line in (customer[language], part)]
        found = inspected(*lines, language=language)
        scores.append(found.criteria[criterion].score or 0)
    assert scores[0] > scores[1] + 15


def test_a_score_is_its_start_and_the_points_of_its_hits() -> None:
    talk = talks()[0]
    found = inspected(*talk["turns"])
    for name, criterion in found.criteria.items():
        start = shipped("en").book.criteria[name].start
        assert criterion.score == start + sum(hit.points or 0 for hit in criterion.hits)


def test_hits_quote_what_they_saw() -> None:
    talk = talks()[0]
    case = case_of(*talk["turns"])
    found = inspected(*talk["turns"])
    hits: list[RuleHit] = [*found.named_by, *found.findings]
    hits += [hit for criterion in found.criteria.values() for hit in criterion.hits]
    assert any(hit.evidence for hit in hits)
    for hit in hits:
        for evidence in hit.evidence:
            assert evidence.quote and evidence.quote in case.text(evidence.turn)
    greets = next(hit for hit in found.criteria["politeness"].hits if hit.id == "greets")
    assert (greets.evidence[0].turn, greets.evidence[0].quote) == (1, "Good morning!")


def test_what_is_missing_costs_points_and_shows_nowhere() -> None:
    hits = {hit.id: hit for hit in inspected("C: Hm.", "A: It is.").criteria["politeness"].hits}
    assert not hits["greets"].met
    assert (hits["greets"].points or 0) < 0
    assert hits["greets"].evidence == ()


def test_without_a_customer_some_criteria_have_no_score() -> None:
    found = inspected("A: Good morning, could you please send the form?")
    assert found.criteria["politeness"].score is not None
    assert found.criteria["empathy"].score is found.criteria["resolution"].score is None
    assert (found.intent, found.mood_at_end, found.emotion) == (None, None, ())
    nobody = inspected("C: Hello?")
    assert {criterion.score for criterion in nobody.criteria.values()} == {None}


def test_what_customers_say_first_counts_most() -> None:
    talk = ("C: I want to cancel my order.", "A: OK.", "C: How long does it take?")
    assert inspected(*talk).intent == "cancellation"


def test_names_are_the_rubrics() -> None:
    rubric = core_rubric().model_copy(update={"intents": ("sales",), "topics": ()})
    found = shipped("en").inspect(case_of("C: I want a refund."), rubric)
    assert (found.intent, found.topic) == (None, "refund")


def test_voided_turns_are_not_looked_at() -> None:
    lines = ("C: Hi.", "A: Shut up.", "C: Disgusting!")
    case = case_of(*lines, voided=frozenset({2}))
    found = shipped("en").inspect(case, core_rubric())
    assert [each.turn for each in found.emotion] == [0]


lines = st.lists(
    st.tuples(st.sampled_from("AC"), st.text(max_size=60)).map(
        lambda pair: f"{pair[0]}: {pair[1]}"
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(lines, st.sampled_from(["en", "zh"]))
def test_any_conversation_can_be_inspected(talk: list[str], language: str) -> None:
    found = inspected(*talk, language=language)
    assert found == inspected(*talk, language=language), "the same rules find the same things"
    for criterion in found.criteria.values():
        assert criterion.score is None or 0 <= criterion.score <= 100
    for each in found.emotion:
        assert -1 <= each.valence <= 1
