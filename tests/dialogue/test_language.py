"""Sentences, clauses, numbers and the language of a text."""

import pytest

from dialogue.language import clauses, detect, is_question, numbers, sentences, units


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("我的快递在哪里？", "zh"),
        ("我的 iPhone 坏了", "zh"),
        ("4471", None),
        ("🙂", None),
        ("", None),
    ],
)
def test_detect(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_sentences_keep_their_marks_and_decimals() -> None:
    assert sentences("It cost 3.50. Why? 好的。再见") == ["It cost 3.50.", "Why?", "好的。", "再见"]


def test_clauses_leave_decimal_commas_alone() -> None:
    assert clauses("I can't refund 1,250, but a voucher is fine") == [
        "I can't refund 1,250",
        "a voucher is fine",
    ]


def test_numbers_are_compared_without_separators() -> None:
    assert numbers("1,250.00 on 3.5") == {"1250", "3.5"} == numbers("1250 and 3.50")


def test_units_are_words_and_pairs_of_han() -> None:
    assert units("It's 退款吧 4471") == ("it's", "4471", "退款", "款吧")


def test_questions() -> None:
    assert is_question("Really?") and is_question("好吗") and not is_question("No.")


def test_clauses_keep_times_and_lists_together() -> None:
    assert clauses("He comes at 18:55, not later") == ["He comes at 18:55", "not later"]
    assert clauses("户号、户名，谢谢") == ["户号、户名", "谢谢"]
