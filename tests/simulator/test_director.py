"""The director's promises, by example and by property."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.types import Act, Perception
from simulator.agenda import Agenda
from simulator.director import Director
from simulator.types import Cue, Does, EndReason
from tests.simulator.making import brief, persona, scenario, seen

BRIEF = brief()
perceptions = st.builds(
    Perception,
    acts=st.dictionaries(st.sampled_from(list(Act)), st.floats(0, 1)),
    asks=st.dictionaries(st.sampled_from([f.id for f in BRIEF.facts]), st.floats(0, 1)),
    offers=st.dictionaries(st.sampled_from([o.id for o in BRIEF.offers]), st.floats(0, 1)),
)


def play(script: list[Perception], seed: int = 7) -> list[tuple[Cue, Agenda]]:
    """Cues and agendas up to the end of the session or of the script."""
    director = Director(scenario(), persona(), seed)
    agenda, played = director.at_start(), []
    for perception in script:
        cue, agenda = director.direct(perception, agenda)
        played.append((cue, agenda))
        if cue.ends:
            break
    return played


GREETING = seen(Act.GREETS)


def test_the_problem_comes_first_and_once() -> None:
    played = play([GREETING, seen(Act.APOLOGISES), seen(Act.HOLDS)])
    assert [Does.STATE_PROBLEM in cue.acts for cue, _ in played] == [True, False, False]


def test_facts_are_told_when_asked() -> None:
    cue = play([GREETING, seen(Act.ASKS, asks=("order_number",))])[-1][0]
    assert "order_number" in cue.facts and "4471" in cue.means


def test_what_is_never_told_and_what_is_not_known() -> None:
    cue = play([GREETING, seen(Act.ASKS, asks=("card", "serial"))])[-1][0]
    assert cue.facts == () and Does.WITHHOLD in cue.acts and Does.DOES_NOT_KNOW in cue.acts


def test_an_unwanted_offer_is_refused_and_annoys() -> None:
    first, second = play([GREETING, seen(Act.PROPOSES, offers=("swap",))])
    assert second[0].acts == (Does.REFUSE,)
    assert second[1].feeling.heat > first[1].feeling.heat


def test_accept_later_takes_a_second_attempt() -> None:
    offer = seen(Act.PROPOSES, offers=("voucher",))
    played = play([GREETING, offer, seen(Act.APOLOGISES, Act.PROPOSES, offers=("voucher",))])
    assert played[1][0].acts[0] is Does.REFUSE and played[2][0].acts[0] is Does.ACCEPT


def test_a_real_solution_calms_and_ends_the_call() -> None:
    done = seen(Act.CONFIRMS_DONE, Act.GIVES_DATE, offers=("refund",))
    played = play([GREETING, done, seen(Act.ASKS_MORE)])
    assert played[1][1].settled and played[1][0].mood.valence > played[0][0].mood.valence
    assert played[2][0].ends is EndReason.SOLVED and played[2][0].acts == (Does.THANK_AND_CLOSE,)


def test_no_goodbye_before_the_matter_is_settled() -> None:
    played = play([GREETING, seen(Act.CLOSES)])
    assert played[-1][0].ends is None and Does.PROTEST in played[-1][0].acts


def test_an_agent_who_leaves_twice_loses_the_customer() -> None:
    assert play([GREETING, *[seen(Act.CLOSES)] * 4])[-1][0].ends is EndReason.GAVE_UP


def test_rudeness_ends_in_giving_up() -> None:
    played = play([GREETING, *[seen(Act.RUDE)] * 8])
    assert played[-1][0].ends is EndReason.GAVE_UP and len(played) < 8
    assert played[1][0].mood.valence < played[0][0].mood.valence


def test_talk_to_the_model_puzzles() -> None:
    cue = play([GREETING, seen(Act.ATTACKS_MODEL)])[-1][0]
    assert cue.acts == (Does.PUZZLED,) and cue.facts == ()


def test_asking_again_annoys() -> None:
    ask = seen(Act.ASKS, asks=("order_number",))
    played = play([GREETING, ask, ask])
    assert played[2][1].feeling.heat > played[1][1].feeling.heat
    assert Does.PROTEST in played[2][0].acts


@settings(max_examples=200, deadline=None)
@given(st.lists(perceptions, max_size=20), st.integers(0, 10_000))
def test_nothing_is_told_that_may_not_be_told(script: list[Perception], seed: int) -> None:
    kinds = {f.id: f.when for f in BRIEF.facts}
    for perception, (cue, _) in zip(script, play(script, seed), strict=False):
        for fact in cue.facts:
            assert kinds[fact] in ("volunteered", "asked")
            assert kinds[fact] == "volunteered" or perception.asks.get(fact, 0) >= 0.5


@settings(max_examples=200, deadline=None)
@given(st.lists(perceptions, min_size=BRIEF.limits.max_turns, max_size=20), st.integers(0, 10_000))
def test_every_session_ends_within_its_limits(script: list[Perception], seed: int) -> None:
    played = play(script, seed)
    assert played[-1][0].ends is not None and len(played) <= BRIEF.limits.max_turns


@settings(max_examples=100, deadline=None)
@given(st.lists(perceptions, max_size=12), st.integers(0, 10_000))
def test_same_seed_same_cues(script: list[Perception], seed: int) -> None:
    assert play(script, seed) == play(script, seed)


@settings(max_examples=200, deadline=None)
@given(st.lists(perceptions, max_size=20), st.integers(0, 10_000))
def test_solved_means_every_goal_met_and_a_cue_always_says_something(
    script: list[Perception], seed: int
) -> None:
    for cue, agenda in play(script, seed):
        assert cue.means
        assert (cue.ends is EndReason.SOLVED) <= agenda.settled
        assert 0 <= agenda.feeling.patience <= 1 and 0 <= agenda.feeling.heat <= 1


def test_a_settled_customer_leaves_soon_whatever_comes() -> None:
    accepted = seen(Act.PROPOSES, offers=("refund",))
    played = play([GREETING, accepted, *[seen(Act.EXPLAINS)] * 6])
    assert played[-1][0].ends is EndReason.SOLVED and len(played) <= 6


def test_a_date_does_not_sweeten_an_unwanted_offer() -> None:
    cue, agenda = play([GREETING, seen(Act.PROPOSES, offers=("swap", "by_monday"))])[-1]
    assert cue.acts == (Does.REFUSE,) and agenda.accepted == ()
    cue, agenda = play([GREETING, seen(Act.PROPOSES, offers=("refund", "by_monday"))])[-1]
    assert set(agenda.accepted) == {"refund", "by_monday"}


def test_a_matter_settled_in_the_last_turn_ends_there() -> None:
    idle = [seen(Act.GIVES_DATE)] * (BRIEF.limits.max_turns - 1)
    played = play([*idle, seen(Act.PROPOSES, offers=("refund",))])
    assert len(played) == BRIEF.limits.max_turns
    assert played[-1][0].ends is EndReason.SOLVED
