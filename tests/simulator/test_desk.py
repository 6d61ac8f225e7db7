"""The agent's desk."""

import pytest

from simulator.desk import Desk
from simulator.types import ActionCall
from tests.simulator.making import pack


def call(**arguments: str) -> ActionCall:
    return ActionCall(name="refund_order", arguments=arguments)


def test_an_action_changes_the_record_and_says_so() -> None:
    desk = Desk(pack())
    result = desk.do(call(order_id=" #4471", reason="damaged"))
    assert result.done and "30.0" in result.message
    assert desk.tables["orders"]["4471"]["refund"] == "damaged"
    assert result.before == {"status": "delivered", "refund": None}


def test_the_pack_itself_is_never_changed() -> None:
    shop = pack()
    Desk(shop).do(call(order_id="4471", reason="late"))
    assert shop.tables["orders"]["4471"]["status"] == "delivered"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (ActionCall(name="burn"), "no action 'burn'"),
        (call(order_id="4471"), "needs 'reason'"),
        (call(order_id="4471", reason="bored"), "'bored' is not one of"),
        (call(order_id="4472", reason="late"), "Did you mean '4471'"),
        (call(order_id="4471", reason="late", speed="fast"), "takes no 'speed'"),
    ],
)
def test_what_cannot_be_done_is_said(wanted: ActionCall, words: str) -> None:
    result = Desk(pack()).do(wanted)
    assert not result.done and words in result.message


def test_requirements_hold_after_the_first_time() -> None:
    desk = Desk(pack())
    desk.do(call(order_id="4471", reason="late"))
    again = desk.do(call(order_id="4471", reason="late"))
    assert not again.done and again.message == "Order 4471 is refunded."


def test_a_desk_is_made_anew_from_its_results() -> None:
    desk = Desk(pack())
    desk.do(call(order_id="4471", reason="late"))
    assert Desk(pack(), desk.results).tables == desk.tables
