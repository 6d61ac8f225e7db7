"""The test bench of the customer: scripted agents, verdicts, endings. All with a scripted model."""

from collections.abc import Callable

import pytest

from bench.adherence import leaks, verdicts
from bench.agents import KINDS, scripts, turns
from bench.customer import openings, report, seeded
from bench.endings import fault, termination
from bench.playing import Game, Played, customers, first_turn, games, play
from dialogue.language import HAN
from llm.types import Prompt
from scenarios.library import Library
from simulator.types import EndReason
from simulator.world import World
from tests.scripted import ScriptedModel
from tests.simulator.test_ideals import plain

LIBRARY = Library.load()


def model(reply: Callable[[Prompt], str] = plain) -> ScriptedModel:
    return ScriptedModel(reply=reply, default=0.5)


def game(kind: str = "good", scenario_id: str = "broken-coffee-machine") -> Game:
    scenario = LIBRARY.scenario(scenario_id)
    persona = LIBRARY.persona(scenario.persona)
    return Game(World(LIBRARY.pack_of(scenario_id), scenario, persona), kind, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_agents_have_lines_of_their_own(language: str) -> None:
    book = scripts(language)
    for kind in KINDS[1:]:
        for script in getattr(book, kind):
            assert len(script) >= 14
            assert all(bool(HAN.search(line)) == (language == "zh") for line in script[:1])
        firsts = [script[1] for script in getattr(book, kind)]
        assert len(set(firsts)) == len(firsts)


def test_agents_are_the_same_for_a_seed_and_others_for_another() -> None:
    scenario = LIBRARY.scenario("late-parcel")
    for kind in KINDS[1:]:
        assert list(turns(kind, scenario, 1)) == list(turns(kind, scenario, 1))
        assert len({next(turns(kind, scenario, seed)).text for seed in range(8)}) > 1


def test_the_good_agent_does_and_says_the_scenarios_lines() -> None:
    lines = list(turns("good", LIBRARY.scenario("broken-coffee-machine"), 1))
    assert [call.name for line in lines for call in line.actions] == [
        "look_up_order",
        "refund_order",
    ]


def test_a_poor_agent_makes_offers_that_nobody_wants() -> None:
    scenario = LIBRARY.scenario("broken-coffee-machine")
    said = " ".join(line.text for line in turns("poor", scenario, 1))
    unwanted = [offer.about for offer in scenario.brief.offers if offer.response == "refuse"]
    assert sum(about in said for about in unwanted) >= 3


def test_a_customer_who_says_the_cue_is_faultless() -> None:
    played = play(game(), model())
    assert played.ended is EndReason.SOLVED
    assert all(v.says_the_cue and v.in_role and not v.critical for v in verdicts(played))
    assert fault(played) is None


def test_a_model_out_of_role_is_seen_before_the_guard_and_kept_from_the_trainee() -> None:
    played = play(game(), model(lambda _prompt: "How can I help you today?"))
    found = verdicts(played)
    assert not any(v.in_role_before for v in found)
    assert all(v.in_role and v.flagged for v in found)


def test_typing_habits_are_no_faults() -> None:
    ben = LIBRARY.persona("ben-whitlock")
    chosen = game()
    world = World(chosen.world.pack, chosen.world.scenario, ben)
    played = play(Game(world, "good", 3), model())
    assert any(e.customer.text != e.customer.cue.means for e in played.exchanges)
    assert all(v.says_the_cue for v in verdicts(played))


def with_text(played: Played, text: str) -> Played:
    """The session with other words in its first customer turn."""
    first = played.exchanges[0]
    said = first.customer.model_copy(update={"text": text})
    changed = type(first)(first.agent, said, first.before)
    return Played(played.game, played.events, played.ended, 1.0, (changed, *played.exchanges[1:]))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("How can I help you with your order today?", "in_role"),
        ("My coffee machine came broken. My postcode is LS8 2QT.", "leaked"),
        ("The coffee machine cost me 555 pounds.", "wrong_figures"),
    ],
)
def test_the_detector_sees_what_the_guard_would_have_let_through(text: str, field: str) -> None:
    verdict = verdicts(with_text(play(game(), model()), text))[0]
    assert not verdict.says_the_cue
    assert bool(getattr(verdict, field)) == (field != "in_role")


def test_what_is_open_is_no_leak() -> None:
    brief = LIBRARY.scenario("broken-coffee-machine").brief
    says = {fact.id: fact.says for fact in brief.facts}
    assert leaks(says["postcode"], brief, set(), "") == ("postcode",)
    assert leaks(says["postcode"], brief, {"postcode"}, "") == ()
    assert leaks(brief.opening, brief, set(), brief.opening) == ()


def test_seeded_leaks_are_mostly_found_and_counted() -> None:
    share = seeded(LIBRARY.scenarios())
    assert share.of == 2 * sum(len(s.brief.facts) for s in LIBRARY.scenarios())
    assert share.count / share.of > 0.85


def test_endings_are_held_to_what_was_written() -> None:
    right = play(game(), model())
    early = Played(right.game, right.events, EndReason.SOLVED, 1.0, right.exchanges[:1])
    wrong = Played(right.game, right.events, EndReason.GAVE_UP, 1.0, right.exchanges)
    never = Played(right.game, right.events, None, 1.0, right.exchanges)
    assert [fault(p) for p in (right, early, wrong, never)] == [
        None,
        "early",
        "wrong_reason",
        "never",
    ]
    found = termination([right, early, wrong, never])
    assert (found.right, found.found, found.wanted) == (1, 3, 4)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_every_customer_leaves_every_bad_agent(kind: str) -> None:
    for scenario in LIBRARY.scenarios():
        played = play(game(kind, scenario.id), model())
        assert played.turns <= scenario.brief.limits.max_turns
        assert played.ended is not EndReason.SOLVED, scenario.id


def test_a_report_counts_what_was_played() -> None:
    played = [
        play(one, model()) for one in games(LIBRARY, ["good", "rude"], scenarios=["late-parcel"])
    ]
    figures = report(played, "scripted:test")
    assert figures.sessions == 2
    assert figures.turns == figures.in_role_shown.of == sum(p.turns for p in played)
    assert set(figures.languages) == {"en"}
    assert sum(figures.endings.values()) == 2


def test_first_turns_of_many_customers() -> None:
    plan = list(customers(LIBRARY, 10))
    assert len({(g.world.scenario.id, g.world.persona.id) for g in plan}) == 10
    found = openings([first_turn(each, model()) for each in plan])
    assert found.turns == 10
    assert found.mean_diversity is not None and 0.5 < found.mean_diversity <= 1
    assert set(found.diversity) == set(found.people)
