"""Figures that an agent states, and whether the business has them."""

import pytest

from dialogue.types import Turn
from grading.case import Case
from grading.knowledge import claims, unknown_figures
from scenarios.library import Library


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It takes 3 working days.", {"3"}),
        ("We refund £189.00, that is 10 %.", {"189", "10"}),
        ("In two weeks, or fourteen days.", {"2", "14"}),
        ("三到五个工作日内退款189元", {"5", "189"}),
        ("给您打九折，四十八小时内发货", {"9", "48"}),
        ("Order 4471 of 12 May, at 10:30.", set()),
        ("One of our drivers called.", set()),
    ],
)
def test_claims_are_amounts_shares_and_spans(text: str, wanted: set[str]) -> None:
    assert {number for number, _ in claims(text)} == wanted


def case(*lines: str) -> Case:
    library = Library.load()
    scenario = library.scenario("broken-coffee-machine")
    turns = tuple(
        Turn(speaker="customer" if line[0] == "C" else "agent", text=line[3:]) for line in lines
    )
    return Case("k", turns, "en", scenario=scenario, pack=library.pack_of("broken-coffee-machine"))


def test_a_figure_without_a_source_is_shown() -> None:
    count, found = unknown_figures(case("A: You get 777 pounds within 91 days."))
    assert count == 2
    assert [e.turn for e in found] == [0, 0]


def test_the_customers_own_figures_have_a_source() -> None:
    assert unknown_figures(case("C: I paid 777 pounds.", "A: The 777 pounds come back."))[1] == ()


def test_the_business_knows_its_own_figures() -> None:
    library = Library.load()
    for scenario in library.scenarios():
        turns = tuple(Turn(speaker="agent", text=text) for text in scenario.ideal)
        ideal = Case(
            "i", turns, scenario.language, scenario=scenario, pack=library.pack_of(scenario.id)
        )
        assert unknown_figures(ideal)[1] == (), scenario.id
