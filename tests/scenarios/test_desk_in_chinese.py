"""The shop's desk speaks the scenario's language, and keeps its codes."""

import re
from collections.abc import Iterator, Mapping

import pytest

from dialogue.language import HAN
from scenarios.library import Library
from scenarios.types import Action, Cell, Pack, Requirement
from simulator.desk import Desk
from simulator.types import ActionCall

LIBRARY = Library.load()
ENGLISH = LIBRARY.packs["online-shop"]
CHINESE = LIBRARY.pack_of("rice-cooker-not-shipped")
WORD = re.compile(r"[A-Za-z]{2,}")
ORDERS = sorted(key for key, row in CHINESE.tables["orders"].items() if row["currency"] == "CNY")
actions = pytest.mark.parametrize("action", CHINESE.actions, ids=[a.name for a in CHINESE.actions])


def calls(action: Action, key: str) -> Iterator[ActionCall]:
    """The action with each choice of each argument."""
    first = {a.name: a.choices[0] if a.choices else "无" for a in action.arguments}
    first[action.key] = key
    yield ActionCall(name=action.name, arguments=first)
    for argument in action.arguments:
        for choice in argument.choices[1:]:
            yield ActionCall(name=action.name, arguments={**first, argument.name: choice})


def with_fields(pack: Pack, key: str, fields: Mapping[str, Cell]) -> Pack:
    row = {**pack.tables["orders"][key], **fields}
    return pack.model_copy(update={"tables": {"orders": {key: row}}})


def values(pack: Pack, field: str) -> set[Cell]:
    """Everything a field may hold, in the data or after an action."""
    held = {row[field] for row in pack.tables["orders"].values()}
    for action in pack.actions:
        value = action.sets.get(field)
        choices = {"{" + each.name + "}": each.choices for each in action.arguments}
        held |= set(choices.get(value, (value,))) if isinstance(value, str) else set()
    return held


def holding(requirement: Requirement) -> Cell:
    return requirement.one_of[0] if requirement.one_of else 0


@actions
def test_what_people_read_of_an_action_is_chinese(action: Action) -> None:
    texts = [action.title, *(argument.label for argument in action.arguments)]
    assert all(HAN.search(text) and not WORD.search(text) for text in texts), texts
    for argument in action.arguments:
        assert list(argument.labels) == [*argument.choices]
        assert all(HAN.search(label) for label in argument.labels.values())


@actions
def test_what_is_done_is_told_in_chinese(action: Action) -> None:
    for key in ORDERS:
        pack = with_fields(CHINESE, key, {r.field: holding(r) for r in action.requires})
        for call in calls(action, key):
            result = Desk(pack).do(call)
            assert result.done, result.message
            assert HAN.search(result.message)
            assert not WORD.search(result.message), result.message
            assert not set("{}") & set(result.message)


@actions
def test_every_reason_not_to_is_told_in_chinese(action: Action) -> None:
    for i, requirement in enumerate(action.requires):
        held = {each.field: holding(each) for each in action.requires[:i]}
        beyond: set[Cell] = {10_000.0} if requirement.at_most else {False}
        for wrong in values(CHINESE, requirement.field) - set(requirement.one_of) | beyond:
            if requirement.at_most and wrong != 10_000.0:
                continue
            pack = with_fields(CHINESE, "8026", {**held, requirement.field: wrong})
            result = Desk(pack).do(next(calls(action, "8026")))
            assert not result.done
            assert result.message.startswith("无法办理：")
            if wrong is not False:
                assert not WORD.search(result.message), result.message


def test_every_code_of_the_looked_up_order_has_chinese_words() -> None:
    fields = re.findall(r"\{(\w+)\}", CHINESE.actions[0].result)
    names = {"customer", "item", "note", "postcode", "phone_last4"}
    for field in set(fields) - names:
        for value in values(CHINESE, field) - {"PayPal"}:
            text = CHINESE.values.get(field, {}).get(str(value), str(value))
            assert not WORD.search(text.removeprefix("Visa")), (field, value)


def test_codes_stay_codes_and_are_the_same_in_both_languages() -> None:
    for action in ENGLISH.actions:
        for key in ENGLISH.tables["orders"]:
            for call in calls(action, key):
                one, other = Desk(ENGLISH).do(call), Desk(CHINESE).do(call)
                assert one.model_copy(update={"message": other.message}) == other
                assert one.message != other.message


def test_a_chinese_desk_goes_on_from_its_codes() -> None:
    desk = Desk(CHINESE)
    transfer = {"order_id": "8026", "team": "warehouse", "summary": "漏单，今天发出"}
    assert "已转仓库" in desk.do(ActionCall(name="escalate_case", arguments=transfer)).message
    look = ActionCall(name="look_up_order", arguments={"order_id": "8026"})
    seen = Desk(CHINESE, desk.results).do(look).message
    assert "订单状态：待发货" in seen and "工单转交：仓库" in seen
    assert desk.tables["orders"]["8026"]["case_team"] == "warehouse"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("look_up_order", {}, "请填写订单号。"),
        ("look_up_order", {"order_id": "8027"}, "系统中查不到“8027”，是不是“8026”？"),
        ("look_up_order", {"order_id": "x"}, "系统中查不到“x”，请跟客户核对号码。"),
        (
            "look_up_order",
            {"order": "8026"},
            "“查询订单”不需要填写“order”，需要填写的有：order_id（订单号）。",
        ),
        (
            "replace_order",
            {"order_id": "8026", "shipping": "fast"},
            "配送方式不能填“fast”，可选：standard（普通配送）、express（加急配送）。",
        ),
    ],
)
def test_the_desk_asks_back_in_chinese(name: str, arguments: dict[str, str], said: str) -> None:
    assert Desk(CHINESE).do(ActionCall(name=name, arguments=arguments)).message == said


def test_english_is_as_the_pack_has_it() -> None:
    assert LIBRARY.pack_of("late-parcel") is ENGLISH
    assert ENGLISH.in_language("en") is ENGLISH
    assert ENGLISH.actions[0].title == "Look up an order"
    refused = {"order_id": "4618", "reason": "damaged"}
    assert Desk(ENGLISH).do(ActionCall(name="refund_order", arguments=refused)).message == (
        "Not done: the refund for this order is already approved."
    )
