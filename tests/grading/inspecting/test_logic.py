"""Faults of reasoning: what is one, and what only looks like one."""

import pytest

from grading.types import LogicFault
from tests.grading.inspecting.making import inspected

CONTRADICTIONS = [
    ("en", "Your parcel will be delivered on Monday.", "It will be delivered on Thursday."),
    ("en", "The refund is $45.", "The refund is $54."),
    ("en", "The refund takes 3 days.", "The refund takes two weeks."),
    ("en", "We can refund the ticket.", "We cannot refund the ticket."),
    ("en", "The shop is open on Sunday.", "The shop is closed on Sunday."),
    ("en", "Your replacement has been sent.", "The replacement has not been sent."),
    ("en", "The upgrade is free of charge.", "There is a fee of 10 pounds for the upgrade."),
    ("en", "A receipt is not required.", "You need the receipt."),
    ("en", "The room costs 80 euros a night.", "The room costs 95 euros a night."),
    ("en", "There is no outage in your area.", "There is an outage in your area."),
    ("zh", "包裹周一送到。", "包裹周四送到。"),
    ("zh", "退款45元会退给您。", "退款54元会退给您。"),
    ("zh", "退款三天到账。", "退款两周到账。"),
    ("zh", "这张票可以退款。", "这张票不能退款。"),
    ("zh", "门店周日营业。", "门店周日不营业。"),
    ("zh", "这件商品已经发货了。", "这件商品还没发货。"),
    ("zh", "改签免费。", "改签要收取手续费。"),
    ("zh", "退货需要发票。", "退货不需要发票。"),
    ("zh", "您小区没有故障。", "您小区有故障。"),
]

CONSISTENT = [
    ("en", "It will be delivered on Monday.", "As I said, delivery is on Monday."),
    ("en", "It will be delivered on Monday.", "I was wrong, it will be delivered on Tuesday."),
    ("en", "If it is unopened, we can refund it.", "We cannot refund it."),
    ("en", "It is delivered on Monday.", "It is delivered on Monday, 2 May."),
    ("en", "The refund takes 3 days.", "The refund takes three days."),
    ("en", "Order 1001 will be delivered on Monday.", "Order 2002 will be delivered on Friday."),
    ("en", "The parcel arrives on Monday.", "Your invoice was sent on Friday."),
    ("en", "Can we refund it?", "We cannot refund it."),
    ("en", "The refund is $45.00.", "The refund is $45."),
    ("zh", "包裹周一送到。", "是的，包裹星期一送到。"),
    ("zh", "包裹周一送到。", "抱歉刚才说错了，包裹周二送到。"),
    ("zh", "如果没拆封，可以退款。", "不能退款。"),
    ("zh", "退款三天到账。", "退款3天到账。"),
    ("zh", "订单1001周一送到。", "订单2002周五送到。"),
    ("zh", "5月3日送到。", "5月3号送到。"),
]


def faults(kind: str, *lines: str, language: str = "en") -> list[LogicFault]:
    return [each for each in inspected(*lines, language=language).logic if each.kind == kind]


@pytest.mark.parametrize(("language", "first", "second"), CONTRADICTIONS)
def test_contradictions_are_seen_whichever_comes_first(
    language: str, first: str, second: str
) -> None:
    for one, other in ((first, second), (second, first)):
        talk = ("C: Hi.", f"A: {one}", "C: Hm.", f"A: Well. {other}")
        (fault,) = faults("contradiction", *talk, language=language)
        assert [evidence.turn for evidence in fault.evidence] == [1, 3]
        assert [evidence.quote for evidence in fault.evidence] == [one, other]
        assert fault.reason


@pytest.mark.parametrize(("language", "first", "second"), CONSISTENT)
def test_what_can_both_be_true_is_none(language: str, first: str, second: str) -> None:
    talk = ("C: Hi.", f"A: {first}", "C: Hm.", f"A: {second}")
    assert faults("contradiction", *talk, language=language) == []


def test_yes_and_no_to_the_same_question() -> None:
    talk = ("C: Can I park there?", "A: Yes, sure.", "C: So can I park there?", "A: No.")
    (fault,) = faults("contradiction", *talk)
    assert [evidence.turn for evidence in fault.evidence] == [1, 3]
    other = ("C: Can I park there?", "A: Yes.", "C: Is there a charge for it?", "A: No.")
    assert faults("contradiction", *other) == []


@pytest.mark.parametrize(
    ("language", "line", "again", "found"),
    [
        ("en", "Please contact the booking team.", "please contact the booking team", True),
        ("en", "Please contact the booking team.", "Please contact the seating team soon.", False),
        ("en", "One moment please, I'm checking.", "One moment please, I'm checking.", False),
        ("en", "Yes.", "Yes.", False),
        ("zh", "请您联系商家处理这个问题。", "请您联系商家处理这个问题", True),
        ("zh", "请稍等，正在为您查询。", "请稍等，正在为您查询。", False),
    ],
)
def test_repeats(language: str, line: str, again: str, found: bool) -> None:
    talk = ("C: x", f"A: {line}", "C: y", f"A: {again}")
    assert bool(faults("repeats", *talk, language=language)) is found


@pytest.mark.parametrize(
    ("language", "question", "answer", "found"),
    [
        ("en", "When will it arrive?", "We are very sorry.", True),
        ("en", "When will it arrive?", "It arrives on Friday.", False),
        ("en", "When will it arrive?", "I don't know yet.", False),
        ("en", "How much is the fee?", "There is a fee.", True),
        ("en", "How much is the fee?", "It is $12.", False),
        ("en", "How much is the fee?", "It is free.", False),
        ("en", "Do you ship to Norway?", "Yes.", False),
        ("zh", "什么时候能到？", "很抱歉给您添麻烦。", True),
        ("zh", "什么时候能到？", "周五送到。", False),
        ("zh", "手续费多少钱？", "需要手续费的。", True),
        ("zh", "手续费多少钱？", "12元。", False),
        ("zh", "手续费多少钱？", "不收费。", False),
    ],
)
def test_questions_want_the_answer_they_ask_for(
    language: str, question: str, answer: str, found: bool
) -> None:
    talk = (f"C: {question}", f"A: {answer}", "C: OK.")
    assert bool(faults("unanswered", *talk, language=language)) is found


def test_a_later_answer_counts() -> None:
    talk = ("C: When will it arrive?", "A: Let me look.", "C: OK.", "A: On Friday.")
    assert faults("unanswered", *talk) == []


def test_a_last_question_and_one_asked_again_were_not_answered() -> None:
    (last,) = faults("unanswered", "C: Hi.", "A: Hello.", "C: Is it open?")
    assert last.evidence[0].turn == 2
    asked = ("C: Is the pool open?", "A: Welcome.", "C: So is the pool open?", "A: It is.")
    assert [fault.evidence[0].turn for fault in faults("unanswered", *asked)] == [0]
