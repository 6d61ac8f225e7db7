"""Other ways of writing the same."""

import pytest

from dialogue.spelling import normalise


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("whats ur wi-fi name pls", "what's your wifi name please"),
        ("U can’t & I can", "you can't and I can"),
        ("R2-D2 u-turn", "R2-D2 u-turn"),
        ("明日08:00前，今儿下午", "明天8点前，今天下午"),
        ("【礼拜四】25日", "周四25号"),
        ("one\ntwo\u00a0  three", "one\ntwo three"),
    ],
)
def test_one_spelling(text: str, plain: str) -> None:
    assert normalise(text) == plain
    assert normalise(plain) == plain
