"""The agent's desk."""

from importlib.resources import files

import pytest
import yaml

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


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            ActionCall(name="burn"),
            "There is no action 'burn' at this desk; there is: refund_order.",
        ),
        (call(order_id="4471"), "'refund_order' needs 'reason' (Reason)."),
        (call(order_id="4471", reason="x"), "Reason: 'x' is not one of damaged, late."),
        (
            call(order_id="x", reason="late"),
            "There is no record 'x' in 'orders'. Check the number with the customer.",
        ),
        (call(a="x"), "'refund_order' takes no 'a'; it takes: order_id, reason."),
    ],
)
def test_english_sentences(wanted: ActionCall, said: str) -> None:
    assert Desk(pack()).do(wanted).message == said


def test_every_language_has_the_same_sentences() -> None:
    text = files("simulator").joinpath("desk_words.yaml").read_text("utf-8")
    sentences = yaml.safe_load(text)
    assert set(sentences) == {"en", "zh"}
    assert sentences["en"].keys() == sentences["zh"].keys()


def test_what_is_typed_is_no_template_and_has_no_stray_spaces() -> None:
    desk = Desk(pack())
    assert "'{key}{0}'" in desk.do(call(order_id="{key}{0}", reason="late")).message
    assert desk.do(call(order_id="4471", reason=" late ")).after["refund"] == "late"


def test_values_and_labels_are_for_people_only() -> None:
    shop = pack()
    reason = shop.actions[0].arguments[1].model_copy(update={"labels": {"late": "too late"}})
    action = shop.actions[0].model_copy(
        update={
            "arguments": (shop.actions[0].arguments[0], reason),
            "result": "{status} because {reason}",
        }
    )
    values = {"status": {"refunded": "paid back"}}
    shop = shop.model_copy(update={"actions": (action,), "values": values})
    result = Desk(shop).do(call(order_id="4471", reason="late"))
    assert result.message == "paid back because too late"
    assert result.after == {"status": "refunded", "refund": "late"}
    assert result.arguments["reason"] == "late"


def test_several_values_are_kept_in_one_order() -> None:
    shop = pack()
    refund = next(action for action in shop.actions if action.name == "refund_order")
    reason = next(a for a in refund.arguments if a.name == "reason")
    listed = reason.model_copy(update={"many": True, "choices": ()})
    arguments = tuple(listed if a is reason else a for a in refund.arguments)
    actions = (refund.model_copy(update={"arguments": arguments}),)
    desk = Desk(shop.model_copy(update={"actions": actions}))
    desk.do(call(order_id="4471", reason="late ,broken， cold,"))
    assert desk.tables["orders"]["4471"]["refund"] == "broken,cold,late"
