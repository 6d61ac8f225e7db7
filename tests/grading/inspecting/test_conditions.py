"""Conditions: what they look at, in whose turns, and how they are combined."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.types import Turn
from grading.case import Case
from grading.inspecting.timing import silence, wait
from tests.grading.inspecting.making import hits
from tests.grading.making import START

TALK = (
    "C: Where is my parcel?",
    "A: Good morning! Let me look.",
    "C: I'm waiting.",
    "A: It arrives on Monday, sorry.",
)
WORD: dict[str, Any] = {"words": ["parcel"]}
NO_WORD: dict[str, Any] = {"words": ["zebra"]}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (WORD, [(0, "parcel")]),
        ({**WORD, "speaker": "agent"}, None),
        ({"words": ["good"], "speaker": "agent", "turns": "first"}, [(1, "Good")]),
        ({"words": ["monday"], "speaker": "agent", "turns": "first"}, None),
        ({"words": ["monday"], "speaker": "agent", "turns": "last"}, [(3, "Monday")]),
        ({"regex": "m", "speaker": "agent", "turns": "every"}, [(1, "m"), (1, "m"), (3, "M")]),
        ({"words": ["good", "look"], "speaker": "agent", "turns": "every"}, None),
        ({"regex": r"\w+\?$", "at_least": 1}, [(0, "parcel?")]),
        ({"regex": r"\w+\?$", "at_least": 2}, None),
        (
            {"near": {"first": ["where"], "second": ["parcel"], "within": 3}},
            [(0, "Where is my parcel")],
        ),
        ({"near": {"first": ["where"], "second": ["parcel"], "within": 2}}, None),
        ({"all": [WORD, {"words": ["monday"]}]}, [(0, "parcel"), (3, "Monday")]),
        ({"all": [WORD, NO_WORD]}, None),
        ({"any": [NO_WORD, WORD]}, [(0, "parcel")]),
        ({"any": [NO_WORD, NO_WORD]}, None),
        ({"none": [NO_WORD]}, []),
        ({"none": [NO_WORD, WORD]}, None),
        ({"all": [WORD, {"none": [NO_WORD]}]}, [(0, "parcel")]),
        ({"entity": ["date"], "speaker": "agent"}, [(3, "Monday")]),
        ({"entity": ["amount"]}, None),
        ({"says": ["it arrives monday"], "error_rate": 0.4}, [(3, "It arrives on Monday, sorry.")]),
        ({"says": ["it comes on a tuesday"], "error_rate": 0.4}, None),
        ({"holds": "asks"}, [(0, "parcel")]),
        ({"words": ["look"], "speaker": "agent", "answering": "asks"}, [(1, "look")]),
        ({"words": ["sorry"], "speaker": "agent", "answering": "asks"}, None),
        ({"sentiment": {"below": -0.9}}, None),
        ({"sentiment": {"below": 0.1, "above": -0.1}, "turns": "first"}, [(0, TALK[0][3:])]),
        ({"sentiment": {"below": 0, "feelings": ["angry"]}}, None),
    ],
)
def test_conditions_look_where_they_say(condition: dict[str, Any], found: Any) -> None:
    assert hits(condition, *TALK, asks=WORD) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"words": ["快递"], "speaker": "customer"}, [(0, "快递")]),
        ({"near": {"first": ["快递"], "second": ["没到"], "within": 3}}, [(0, "快递还没到")]),
        ({"near": {"first": ["快递"], "second": ["没到"], "within": 1}}, None),
        ({"says": ["请问有什么可以帮您"], "error_rate": 0.25}, [(1, "请问有什么能帮您？")]),
        ({"entity": ["date"]}, [(3, "周一")]),
        ({"words": ["帮"], "speaker": "agent", "turns": "last"}, None),
    ],
)
def test_conditions_read_chinese(condition: dict[str, Any], found: Any) -> None:
    talk = ("C: 快递还没到", "A: 您好，请问有什么能帮您？", "C: 查一下", "A: 周一送到")
    assert hits(condition, *talk, language="zh") == found


def test_negation_can_be_left_aside() -> None:
    talk = "A: I can not offer a refund."
    assert hits({"words": ["offer"]}, talk) is None
    assert hits({"words": ["offer"], "negation": False}, talk) == [(0, "offer")]


@pytest.mark.parametrize("turns", ["first", "last", "any", "every"])
def test_nothing_is_found_where_nobody_spoke(turns: str) -> None:
    for condition in ({"regex": "x*"}, {"words": ["x"]}, {"wait": {"under": 5}}):
        assert hits({**condition, "turns": turns, "speaker": "agent"}, "C: x") is None
    assert hits({"regex": r"\w", "turns": turns}, "C:  ") is None


def at(*seconds: float | None) -> Case:
    """Turns of customer and agent by turns, at these seconds."""
    turns = [
        Turn(
            speaker="agent" if number % 2 else "customer",
            text="x",
            at=None if second is None else START + timedelta(seconds=second),
        )
        for number, second in enumerate(seconds)
    ]
    return Case(id="t", turns=tuple(turns), language="en")


def test_waits_are_measured_from_the_other_side() -> None:
    case = at(0, 30, 100, 400)
    assert [wait(case, turn) for turn in range(4)] == [None, 30, 70, 300]
    twice = Case(id="t", turns=(case.turns[0], case.turns[1], case.turns[3]), language="en")
    assert wait(twice, 2) is None
    assert silence(twice, 2) == 370


def test_missing_times_and_zones_are_no_error() -> None:
    assert wait(at(0, None), 1) is None
    naive = Turn(speaker="agent", text="x", at=datetime(2026, 11, 2, 9, 0, 7))
    mixed = Case(id="t", turns=(at(0).turns[0], naive), language="en")
    assert wait(mixed, 1) == 7


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=6))
def test_times_are_never_negative(seconds: list[float | None]) -> None:
    case = at(*seconds)
    for turn in range(len(seconds)):
        for took in (wait(case, turn), silence(case, turn)):
            assert took is None or took >= 0
