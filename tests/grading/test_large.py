"""Conversations larger than any person's: graded, in a time that grows with them and no faster.

Nothing is timed here. What takes time by the square of the length runs into the test's limit.
"""

import pytest

from dialogue.types import Transcript
from grading.case import from_transcript
from grading.grader import grade
from grading.rubric import core_rubric
from tests.grading.making import turns_of

SUBJECTS = ("parcel", "refund", "address", "invoice", "delivery", "coffee machine", "password")


def test_two_thousand_turns_are_graded() -> None:
    lines = []
    for number in range(1000):
        subject = f"{SUBJECTS[number % len(SUBJECTS)]} {number * number}"
        lines += [f"C: What is with my {subject}?", f"A: Let me look at {subject} for you, please."]
    card = grade(from_transcript(Transcript(id="a", turns=turns_of(lines))), core_rubric(), None)
    assert len(card.mood) == 1000
    assert card.coverage > 0


@pytest.mark.parametrize("words", ["Could you help me now ", "我的订单什么时候到", "x", "1 "])
def test_a_message_without_end_is_graded(words: str) -> None:
    text = words * (60_000 // len(words))
    turns = turns_of([f"C: {text}", f"A: {text}"])
    card = grade(from_transcript(Transcript(id="a", turns=turns)), core_rubric(), None)
    assert card.coverage > 0
