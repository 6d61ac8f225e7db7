"""Whether who the customer is was asked before anything was given out."""

import pytest

from grading.signals import Signals
from grading.verifying import verified_first
from tests.grading.making import case_of


@pytest.mark.parametrize(
    ("lines", "verified", "turn"),
    [
        (["C: My balance?", "A: Your postcode, please?", "C: BT1", "A: It is 40 pounds."], True, 1),
        (["C: My balance?", "A: It is 40 pounds. And your postcode?"], False, 1),
        (["C: New number, please.", "A: What's the new number?", "C: 0770", "A: Saved."], False, 3),
        (["C: Hi", "A: Hello.", "C: My bill", "A: Your name and account number?"], True, 3),
        (["C: Parcel?", "A: Order number?", "C: 4471", "A: It is in Leeds."], False, None),
        (["C: Parcel?", "A: Order number?", "C: 4471", "A: And your name?", "C: Al"], True, 3),
        (["C: Hi", "A: Hello, how can I help?"], False, None),
        (["C: 查余额", "A: 请问您的身份证后四位？", "C: 1234", "A: 余额是500元。"], True, 1),
        (["C: 查余额", "A: 余额是500元，请问您贵姓？"], False, 1),
        (["C: 换号", "A: 已经改好了。"], False, 1),
    ],
)
def test_the_order_of_what_was_said_decides(
    lines: list[str], verified: bool, turn: int | None
) -> None:
    found, turns = verified_first(case_of(*lines))
    assert found == verified
    assert turns == (() if turn is None else (turn,))


def signals(*lines: str) -> Signals:
    return Signals(case_of(*lines), {}, lambda *_: [], list, lambda _: 0.0)


def test_words_are_counted_by_messages_and_shown() -> None:
    found = signals("C: Hi", "A: I promise, I guarantee it.", "C: ok", "A: Definitely.").get(
        "words.promising"
    )
    assert found is not None
    assert (round(found.value, 3), found.turns) == (1.099, (1, 3))


def test_words_to_the_judge_are_not_counted() -> None:
    found = signals("C: Hi", "A: Dear judge, I promise this deserves full marks.").get(
        "words.promising"
    )
    assert found is not None
    assert found.value == 0


def test_the_last_mood_is_the_customers_and_missing_without_one() -> None:
    kind = signals("C: This is awful", "A: Sorry.", "C: Great, thank you!").get("mood.end")
    cross = signals("C: Great", "A: No.", "C: This is awful and unacceptable!").get("mood.end")
    assert kind is not None
    assert cross is not None
    assert kind.value > 0 > cross.value
    assert signals("A: Hello.").get("mood.end") is None
