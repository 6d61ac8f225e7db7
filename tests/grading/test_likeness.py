"""Likeness is difflib's, only sooner where two texts are nothing like each other."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from grading.likeness import likeness

TEXTS = st.text(alphabet="ab 一", max_size=30)


@given(TEXTS, TEXTS, st.sampled_from([0.5, 0.6, 0.85]))
def test_what_is_alike_enough_has_the_ratio_of_difflib(one: str, other: str, least: float) -> None:
    ratio = SequenceMatcher(None, one, other).ratio()
    found = likeness(one, other, least)
    assert found == ratio or (found == 0.0 and ratio < least)


def test_nearly_the_same_message_is_alike_and_another_is_not() -> None:
    said = "Let me look that up for you, one moment please."
    assert likeness(said, said.replace("please", "thanks"), 0.85) > 0.85
    assert likeness(said, "Your refund of 20 euros is on its way.", 0.85) == 0.0
