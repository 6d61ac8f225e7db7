"""Numbers in words."""

import pytest

from dialogue.numerals import figures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fine, fifteen.", {"15"}),
        ("I want FIFTY for that", {"50"}),
        ("twenty-five pounds, or thirty one", {"25", "31"}),
        ("15 pounds and sixty cents", {"15", "60"}),
        ("the seventeenth, often, tenant", set()),
        ("No one wants another one.", set()),
        ("退我二十五块，或者两百", {"25", "200"}),
        ("十五天，三千二百元", {"15", "3200"}),
        ("十分抱歉，千万别，万一呢，百分之百", set()),
        ("三个人等了一下", set()),
    ],
)
def test_numbers_in_words_are_read(text: str, found: set[str]) -> None:
    assert figures(text) == found


def test_words_and_digits_are_the_same() -> None:
    assert figures("fifteen") == figures("15") == figures("十五")
