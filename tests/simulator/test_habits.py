"""Typing habits change how a line looks and nothing of what it says."""

import random

import pytest

from dialogue.language import numbers
from dialogue.types import Mood
from personas.types import Emoji, Typing
from simulator.habits import emoji, typed, without_stop

CALM = Mood(emotion="neutral", patience=0.5, trust=0.5)
ANGRY = Mood(emotion="angry", patience=0.2, trust=0.2)
TEXT = "My parcel number NW48120077 for Margaret should have arrived last Tuesday at 14.30."


@pytest.mark.parametrize("seed", range(30))
def test_typos_spare_figures_names_and_codes(seed: int) -> None:
    line = typed(TEXT, Typing(typos=0.2), CALM, random.Random(seed))
    assert numbers(line) == numbers(TEXT)
    for kept in ("NW48120077", "Margaret"[:1], "14.30", "Tuesday"[:1]):
        assert kept in line
    assert abs(len(line) - len(TEXT)) <= 6


def test_typos_come_at_about_their_rate_and_by_seed() -> None:
    lines = [typed(TEXT, Typing(typos=0.1), CALM, random.Random(seed)) for seed in range(200)]
    assert lines == [typed(TEXT, Typing(typos=0.1), CALM, random.Random(s)) for s in range(200)]
    changed = sum(line != TEXT for line in lines)
    assert 60 < changed < 190


def test_chinese_slips_are_words_typed_alike() -> None:
    text = "我的账号到底什么时候能用？"
    lines = {typed(text, Typing(typos=0.2), CALM, random.Random(seed)) for seed in range(60)}
    assert text in lines and len(lines) > 1
    assert all(len(line) == len(text) for line in lines)


def test_lower_case_apostrophes_and_shouting() -> None:
    draw = random.Random(1)
    assert typed("I can't Wait", Typing(lowercase=True), CALM, draw) == "i can't wait"
    assert typed("I can't wait", Typing(drop_apostrophes=True), CALM, draw) == "I cant wait"
    assert typed("please help now", Typing(shouts=True), CALM, draw) == "please help now"
    assert typed("please help", Typing(shouts=True), ANGRY, draw) in ("PLEASE help", "please HELP")


def test_a_stop_is_left_off_and_owed() -> None:
    habits = Typing(drop_final_stop=True)
    assert without_stop("It broke.", habits) == ("It broke", ".")
    assert without_stop("坏了。", habits) == ("坏了", "。")
    assert without_stop("Well...", habits) == ("Well...", "")
    assert without_stop("It broke.", Typing(drop_final_stop=True, bursts=True)) == ("It broke", "")


def test_emoji_fit_the_mood() -> None:
    habits = Typing(emoji=Emoji(glad=("😊",), upset=("😤",), rate=1.0))
    draw = random.Random(1)
    assert emoji(habits, ANGRY, draw) == "😤"
    assert emoji(habits, Mood(emotion="pleased", patience=1, trust=1), draw) == "😊"
    assert emoji(habits, CALM, draw) == ""
    assert emoji(Typing(), ANGRY, draw) == ""
