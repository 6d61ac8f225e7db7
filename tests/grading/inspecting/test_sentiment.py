"""How a message sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.inspecting.loading import shipped
from grading.inspecting.text import Text
from grading.types import Emotion
from tests.grading.inspecting.making import inspected


def valence(text: str, language: str = "en") -> float:
    return shipped(language)._lexicon.feelings(Text(text)).valence


def emotion(*lines: str, language: str = "en") -> tuple[Emotion, ...]:
    return inspected(*lines, language=language).emotion


@pytest.mark.parametrize(
    ("happier", "sadder", "language"),
    [
        ("I am happy.", "I am not happy.", "en"),
        ("I am very happy.", "I am slightly happy.", "en"),
        ("I am not happy.", "I am furious.", "en"),
        ("The agent was slow but helpful.", "The agent was helpful but slow.", "en"),
        ("I am angry.", "I am ANGRY.", "en"),
        ("This is terrible.", "This is terrible!!!", "en"),
        ("Could I have a refund?", "I am disappointed.", "en"),
        ("Thank you so much 😊", "Thank you", "en"),
        ("It works now, thanks!", "It still doesn't work.", "en"),
        ("That is no problem.", "That is a problem.", "en"),
        ("满意", "不满意", "zh"),
        ("非常满意", "有点满意", "zh"),
        ("不满意", "气死我了", "zh"),
        ("谢谢您", "什么破服务", "zh"),
        ("虽然慢但是满意", "虽然满意但是慢", "zh"),
        ("请问几点开门", "太让人失望了", "zh"),
        ("不担心", "很担心", "zh"),
    ],
)
def test_one_sounds_happier_than_the_other(happier: str, sadder: str, language: str) -> None:
    assert valence(happier, language) > valence(sadder, language) + 0.02


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("Hello, where is parcel 4471?", "en"),
        ("I would like to change my seat.", "en"),
        ("Good morning, a quick question.", "en"),
        ("你好，请问快递几天到", "zh"),
        ("麻烦您查一下垃圾桶的订单", "zh"),
        ("贵公司的差价怎么退", "zh"),
    ],
)
def test_matter_of_fact_is_neither(text: str, language: str) -> None:
    assert valence(text, language) == 0


@given(st.text(max_size=120), st.sampled_from(["en", "zh"]))
def test_valence_keeps_within_its_bounds(text: str, language: str) -> None:
    assert -1 < valence(text, language) < 1


def test_feelings_have_a_name() -> None:
    felt = emotion("C: I'm really scared.", "A: Oh.", "C: Furious!", "C: What is it?")
    assert [each.feeling for each in felt] == ["worried", "angry", None]
    assert [each.turn for each in felt] == [0, 2, 3]


def test_mood_at_the_end_follows_the_last_turns_and_fades() -> None:
    angry = ("C: This is outrageous, you liars.", "A: I have sent it again.")
    before = inspected(*angry).mood_at_end or 0
    assert before < -0.5
    assert (inspected(*angry, "C: Wonderful, thank you so much!").mood_at_end or 0) > 0.15
    later = inspected(*angry, "C: When was it sent?").mood_at_end or 0
    assert before < later < -0.2
    assert inspected("A: Hello?").mood_at_end is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_lexicon_is_rich_in_both_directions(language: str) -> None:
    lexicon = shipped(language).book.sentiment.lexicon
    assert sum(len(each.words) for each in lexicon if each.valence < 0) > 250
    assert sum(len(each.words) for each in lexicon if each.valence > 0) > 100
