"""Rules: deterministic looks at the words."""

from datetime import datetime
from typing import Any

import pytest

from grading import words
from grading.case import Case, known_language
from grading.rubric import Label, RuleCheck
from grading.rules import Finding, look
from grading.wording import politeness
from tests.grading.making import case_of, turns_of


def rule(name: str, **more: Any) -> RuleCheck:
    label = Label(en="x", zh="x")
    return RuleCheck.model_validate({"id": "x", "label": label, "rule": name, **more})


def found(case: Case, name: str, **more: Any) -> Finding:
    return look(case, rule(name, **more))


def test_greeting_is_found_in_the_first_agent_turn_only() -> None:
    greets = {"words": ("greeting",), "turns": "first_agent"}
    good = case_of("C: x", "A: Good morning! What is it?", "A: Bye")
    assert found(good, "has_words", **greets).probability == 1
    assert found(good, "has_words", **greets).evidence[0].quote == "Good morning!"
    late = case_of("C: x", "A: What is it?", "A: Good morning!")
    assert found(late, "has_words", **greets).probability == 0
    assert found(case_of("A: 您好，请讲", language="zh"), "has_words", **greets).probability == 1


def test_words_inside_other_words_do_not_count() -> None:
    case = case_of("A: This shell is a method.", "A: Which one?")
    assert found(case, "has_words", words=("greeting",)).probability == 0
    assert found(case, "lacks_words", words=("rude",)).probability == 1


@pytest.mark.parametrize("line", ["A: Stop whining.", "A: 自己看物流。", "A: Are you deaf?"])
def test_rude_words_are_shown(line: str) -> None:
    finding = found(case_of(line), "lacks_words", words=("rude",))
    assert finding.probability == 0
    assert finding.evidence[0].quote == line[3:]


def test_repeated_messages_are_shown_both() -> None:
    case = case_of(
        "C: x", "A: Please contact the booking team.", "C: y", "A: please contact the booking team"
    )
    finding = found(case, "no_repeats")
    assert finding.probability == 0
    assert [e.turn for e in finding.evidence] == [1, 3]
    assert found(case_of("A: Yes.", "A: Yes."), "no_repeats").probability == 1


def test_question_asked_twice_was_not_answered() -> None:
    case = case_of("C: When does it come?", "A: Thank you.", "C: So when does it come?", "A: Bye.")
    assert found(case, "answers_questions").probability == 0
    good = case_of("C: When does it come?", "A: Tomorrow.")
    assert found(good, "answers_questions").probability == 1
    assert found(case_of("C: Hi.", "A: Hi."), "answers_questions").probability is None


def test_response_times_need_times() -> None:
    lines = ("C: Hi", "A: Hello", "C: Well?", "A: Yes")
    assert found(case_of(*lines), "response_times").probability is None
    for seconds, expected in ((20, 1), (200, 0)):
        case = Case(id="t", turns=turns_of(lines, seconds), language="en")
        assert found(case, "response_times", limit=60).probability == expected


@pytest.mark.parametrize(
    ("times", "probability"),
    [
        (("09:00:00Z", "08:00:00Z"), None),  # The answer before the question.
        (("09:00:00Z", "09:00:00"), None),  # One of them without its time zone.
        (("09:00:00Z", "09:00:00Z"), 1.0),
        (("09:00:00Z", "08:00:00Z", "09:00:00Z", "09:05:00Z"), 0.0),
        (("09:00:00Z", "08:00:00Z", "09:00:00Z", "09:00:05Z"), 1.0),
        (("09:00:00+08:00", "01:00:05Z"), 1.0),
    ],
)
def test_waits_that_cannot_be_right_are_left_out(
    times: tuple[str, ...], probability: float | None
) -> None:
    at = [datetime.fromisoformat(f"2026-11-02T{time}") for time in times]
    lines = ["C: Hi", "A: Hello"] * (len(at) // 2)
    turns = tuple(
        turn.model_copy(update={"at": when}) for turn, when in zip(turns_of(lines), at, strict=True)
    )
    case = Case(id="t", turns=turns, language="en")
    assert found(case, "response_times", limit=60).probability == probability


def test_required_statement_may_differ_a_little() -> None:
    check = {"statements": ("this call is recorded for training",), "limit": 0.3}
    said = case_of("A: Hello! Just so you know, this call is being recorded for training. Yes?")
    assert found(said, "statements", **check).probability == 1
    unsaid = found(case_of("A: Hello! What is it?"), "statements", **check)
    assert unsaid.probability == 0
    assert "this call is recorded" in unsaid.reason
    chinese = {"statements": ("本次通话将被录音",), "limit": 0.3}
    assert (
        found(
            case_of("A: 您好，本次通话会被录音。", language="zh"), "statements", **chinese
        ).probability
        == 1
    )
    assert found(said, "statements").probability is None


def test_readability_is_english_only_and_needs_no_network() -> None:
    assert found(case_of("A: It comes on Monday."), "readability").probability == 1
    assert found(case_of("A: 周一到。", language="zh"), "readability").probability is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Could you please tell me your order number?", "Order number."),
        ("Thank you, I have sent it again.", "Why did you not read the mail?"),
        ("I'm sorry, that is not possible.", "No."),
        ("麻烦您提供一下订单号，好吗？", "订单号发我"),
        ("很抱歉，这个不能退。", "退不了。"),
        ("您好，请稍等，马上为您查询。", "等着吧"),
    ],
)
def test_politer_wording_scores_higher(better: str, worse: str) -> None:
    assert politeness(better) > politeness(worse) + 0.1


def test_language_is_what_was_stated_or_what_is_written() -> None:
    assert known_language("zh-CN", ()) == "zh"
    assert known_language("de", ()) == "en"
    assert known_language(None, turns_of(["A: 您好，iPhone 15 有货"])) == "zh"
    assert known_language(None, turns_of(["A: Hello there"])) == "en"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("妈妈的生日礼物", "rude"),
        ("滚筒洗衣机和垃圾桶", "rude"),
        ("没有病毒", "rude"),
        ("您可以自己查看物流", "rude"),
        ("Please read the instructions, whatever you prefer.", "rude"),
        ("Our team will deal with it.", "rude"),
        ("麻烦您帮我查一下", "upset"),
        ("不满意，不开心", "pleased"),
        ("修好了吗", "pleased"),
        ("I am not happy", "pleased"),
        ("Feel free to write. I see that your order is late.", "empathy"),
    ],
)
def test_ordinary_words_are_not_mistaken(text: str, name: str) -> None:
    assert words.found(text, [name]) is None
