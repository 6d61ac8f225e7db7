"""The online shop's own rules and data."""

import pytest

from dialogue.language import HAN
from scenarios.library import Library
from scenarios.types import Scenario
from simulator.desk import Desk
from simulator.types import ActionCall

LIBRARY = Library.load()
PACK = LIBRARY.packs["online-shop"]
SCENARIOS = PACK.scenarios
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.id for s in SCENARIOS])


@each
def test_facts_give_what_the_order_says(scenario: Scenario) -> None:
    facts = {fact.id: fact.says for fact in scenario.brief.facts}
    key = scenario.notes.success[0].key
    order = PACK.tables["orders"][key]
    assert key in facts["order_number"]
    assert str(order["customer"]) in facts["full_name"]
    known = str(order["postcode"] if "postcode" in facts else order["phone_last4"])
    assert known in facts.get("postcode", facts.get("phone_last4", ""))


@each
def test_the_desk_refuses_a_refund_that_policy_forbids(scenario: Scenario) -> None:
    key = scenario.notes.success[0].key
    call = ActionCall(name="refund_order", arguments={"order_id": key, "reason": "faulty"})
    allowed = scenario.id in ("broken-coffee-machine", "rice-cooker-not-shipped")
    assert Desk(PACK).do(call).done == allowed


def test_articles_and_policy_are_in_both_languages() -> None:
    ids = {
        language: {a.id for a in PACK.articles if a.language == language} for language in PACK.name
    }
    assert ids["en"] == ids["zh"]
    assert len(ids["en"]) == 6
    for article in PACK.articles:
        assert bool(HAN.search(article.title + article.text)) == (article.language == "zh")
        assert len(article.text) > 250
    assert {language: bool(HAN.search(text)) for language, text in PACK.policy.items()} == {
        "en": False,
        "zh": True,
    }


def test_orders_are_enough_to_get_lost_in() -> None:
    orders = PACK.tables["orders"]
    assert 10 <= len(orders) <= 14
    assert len({order["customer"] for order in orders.values()}) == len(orders)
    assert {"processing", "shipped", "delivered", "lost"} <= {o["status"] for o in orders.values()}


@pytest.mark.parametrize(
    ("order", "action", "arguments", "said_by_desk"),
    [
        ("4618", "refund_order", {"reason": "damaged"}, "already approved"),
        ("4733", "refund_order", {"reason": "damaged"}, "ask the supervisor"),
        ("8043", "refund_order", {"reason": "lost"}, "is shipped"),
        ("3987", "refund_order", {"reason": "faulty"}, "161 days ago"),
        ("3987", "replace_order", {"shipping": "express"}, "out of stock"),
        ("5204", "replace_order", {"shipping": "express"}, "not left the warehouse"),
        ("4618", "replace_order", {"shipping": "standard"}, "one or the other"),
        ("5204", "book_repair", {}, "only delivered goods"),
        ("4618", "book_repair", {}, "has been refunded"),
    ],
)
def test_the_desk_keeps_to_the_policy(
    order: str, action: str, arguments: dict[str, str], said_by_desk: str
) -> None:
    result = Desk(PACK).do(ActionCall(name=action, arguments={"order_id": order, **arguments}))
    assert not result.done
    assert said_by_desk in result.message
