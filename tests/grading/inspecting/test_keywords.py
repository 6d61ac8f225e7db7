"""Keywords, negation and distance: the words of the rule language, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.inspecting.forms import Near
from grading.inspecting.text import Span, Text
from grading.inspecting.vocabulary import matches
from tests.grading.inspecting.making import NEGATION, vocabulary

EN, ZH = vocabulary("en"), vocabulary("zh")
VOCABULARY = {"en": EN, "zh": ZH}

FILLERS = {"en": ["tea", "blue", "seven", "window"], "zh": list("茶蓝七窗")}
KEYWORD = {"en": "refund", "zh": "退款"}
OTHER = {"en": "money", "zh": "现金"}
NEGATOR = {"en": "not", "zh": "没有"}

languages = st.sampled_from(["en", "zh"])


def joined(language: str, parts: list[str]) -> str:
    return (" " if language == "en" else "").join(parts)


def said(text: str, *words: str, language: str = "en") -> list[str]:
    read = Text(text)
    return [read.cut(span) for span in VOCABULARY[language].said(read, words)]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("refund", "A refund, please: REFUND!", ["refund", "REFUND"]),
        ("refund", "refunds and prerefund", []),
        ("refund*", "It was refunded.", ["refunded"]),
        ("*fund", "A refund.", ["refund"]),
        ("money back", "my money  back", ["money  back"]),
        ("can", "I can't but you can", ["can"]),
        ("don't", "I don’t know", ["don’t"]),
        ("a refund", "a\nrefund", ["a\nrefund"]),
        ("退款", "我要退款退款", ["退款", "退款"]),
        ("wifi", "家里wifi不行", ["wifi"]),
        ("wifi", "家里ＷＩＦＩ不行", ["ＷＩＦＩ"]),
        ("亲,", "亲，您好", ["亲，"]),
        ("😡", "no 😡 way", ["😡"]),
    ],
)
def test_keywords_are_found_where_they_stand(word: str, text: str, found: list[str]) -> None:
    assert [Text(text).cut(span) for span in matches(Text(text), (word,))] == found


def test_a_group_leaves_out_what_is_meant_otherwise() -> None:
    words = vocabulary("zh", rude={"any": ["垃圾"], "unless": ["垃圾桶"]})
    assert words.said(Text("垃圾桶在哪"), ("@rude",)) == []
    assert words.said(Text("你们真垃圾"), ("@rude",)) == [Span(3, 5)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("I want a refund", "en", True),
        ("I do not want a refund", "en", False),
        ("I don't want the refund", "en", False),
        ("not once in all these years a refund", "en", True),
        ("No, not that. A refund", "en", True),
        ("not now, refund", "en", True),
        ("not this but a refund", "en", True),
        ("not only a refund", "en", True),
        ("refund, not that", "en", True),
        ("我要退款", "zh", True),
        ("我不要退款", "zh", False),
        ("没有退款", "zh", False),
        ("不是的，我要退款", "zh", True),
        ("不错退款了", "zh", True),
        ("不要别的但退款", "zh", True),
    ],
)
def test_negation_takes_a_keyword_back(text: str, language: str, found: bool) -> None:
    assert bool(said(text, KEYWORD[language], language=language)) is found


def test_a_negator_that_runs_into_a_keyword_takes_it_back() -> None:
    assert said("没有问题", "有问题", language="zh") == []
    assert said("有问题", "有问题", language="zh") == ["有问题"]


def test_a_negator_inside_a_keyword_is_part_of_it() -> None:
    assert said("it does not work", "not work") == ["not work"]


@given(languages, st.lists(st.integers(0, 3), max_size=8))
def test_negation_reaches_as_far_as_it_says(language: str, fillers: list[int]) -> None:
    between = [FILLERS[language][index] for index in fillers]
    text = joined(language, [NEGATOR[language], *between, KEYWORD[language]])
    reached = len(between) + 1 <= NEGATION[language].within
    assert bool(said(text, KEYWORD[language], language=language)) is not reached


@given(languages, st.lists(st.integers(0, 3), max_size=8))
def test_nothing_is_taken_back_without_a_negator(language: str, fillers: list[int]) -> None:
    between = [FILLERS[language][index] for index in fillers]
    text = joined(language, [*between, KEYWORD[language], *between])
    assert said(text, KEYWORD[language], language=language) == [KEYWORD[language]]


@given(languages, st.lists(st.integers(0, 3), max_size=10), st.integers(1, 9), st.booleans())
def test_near_is_as_near_as_it_says(
    language: str, fillers: list[int], within: int, in_order: bool
) -> None:
    one, other = KEYWORD[language], OTHER[language]
    between = [FILLERS[language][index] for index in fillers]
    near = Near(first=(one,), second=(other,), within=within, in_order=in_order)
    close = len(between) + 1 <= within
    forwards = Text(joined(language, [one, *between, other]))
    backwards = Text(joined(language, [other, *between, one]))
    assert bool(VOCABULARY[language].near(forwards, near)) is close
    assert bool(VOCABULARY[language].near(backwards, near)) is (close and not in_order)


@given(languages, st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_near_does_not_cross_a_sentence(language: str, fillers: list[int]) -> None:
    between = [FILLERS[language][index] for index in fillers]
    stop = ". " if language == "en" else "。"
    text = Text(KEYWORD[language] + stop + joined(language, [*between, OTHER[language]]))
    near = Near(first=(KEYWORD[language],), second=(OTHER[language],), within=50)
    assert VOCABULARY[language].near(text, near) == []


def test_near_covers_both_words_and_hears_negation() -> None:
    near = Near(first=("want",), second=("refund",), within=4)
    assert EN.near(Text("I want a full refund now"), near) == [Span(2, 20)]
    assert EN.near(Text("I don't want a full refund"), near) == []
    assert EN.near(Text("I don't want a full refund"), near, negation=False) != []
    negator = Near(first=("not",), second=("arrived",), within=4)
    assert EN.near(Text("it has not yet arrived"), negator) != []


@given(st.text(max_size=80))
def test_any_text_can_be_read(raw: str) -> None:
    text = Text(raw)
    assert len(text.plain) == len(raw)
    for span in (*text.units, *text.sentences, text.whole):
        assert 0 <= span.start <= span.end <= len(raw)
    EN.near(text, Near(first=("a",), second=("b",)))


def test_units_are_words_and_chinese_characters() -> None:
    text = Text("退 3.5 元, don't e-mail 我")
    assert [text.cut(unit) for unit in text.units] == ["退", "3.5", "元", "don't", "e-mail", "我"]
