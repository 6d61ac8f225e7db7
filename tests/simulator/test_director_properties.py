"""What holds of the director whatever an agent does, in every shipped scenario at every level."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.types import Act, Perception
from scenarios.library import Library
from scenarios.types import Scenario
from simulator.agenda import LIKELY, Agenda
from simulator.director import SETTLED_TURNS, Director
from simulator.types import Cue, Does, EndReason

LIBRARY = Library.load()
SCENARIOS = LIBRARY.scenarios()
LONG = settings(max_examples=80, deadline=None)

shares = st.sampled_from((0.0, 0.3, 0.6, 0.95))


@st.composite
def perceptions(draw: st.DrawFn, scenario: Scenario) -> Perception:
    """Anything an agent's message may be taken for."""
    brief = scenario.brief
    acts = draw(st.dictionaries(st.sampled_from(list(Act)), shares, max_size=4))
    facts = st.sampled_from([fact.id for fact in brief.facts])
    offers = st.sampled_from([offer.id for offer in brief.offers])
    ids = [misbelief.id for misbelief in brief.misbeliefs]
    corrects = st.dictionaries(st.sampled_from(ids), shares, max_size=1) if ids else st.just({})
    return Perception(
        acts=acts,
        asks=draw(st.dictionaries(facts, shares, max_size=2)),
        offers=draw(st.dictionaries(offers, shares, max_size=2)),
        denies=draw(st.dictionaries(offers, shares, max_size=1)),
        corrects=draw(corrects),
    )


@st.composite
def courses(draw: st.DrawFn) -> tuple[Scenario, Director, list[Perception]]:
    """A scenario, its director at some level, and what an agent does in it."""
    scenario = draw(st.sampled_from(SCENARIOS))
    level = draw(st.integers(1, 4))
    director = Director(
        scenario, LIBRARY.persona(scenario.persona), draw(st.integers(0, 5)), played_at=level
    )
    most = scenario.brief.limits.max_turns + SETTLED_TURNS + 2
    seen = draw(st.lists(perceptions(scenario), min_size=most, max_size=most))
    return scenario, director, seen


def run(director: Director, seen: list[Perception]) -> list[tuple[Perception, Cue, Agenda]]:
    """The course of a session until it ends."""
    agenda, found = director.at_start(), []
    for perception in seen:
        cue, agenda = director.direct(perception, agenda)
        found.append((perception, cue, agenda))
        if cue.ends:
            break
    return found


@LONG
@given(courses())
def test_nothing_is_told_that_may_not_be_told_yet(
    course: tuple[Scenario, Director, list[Perception]],
) -> None:
    scenario, director, seen = course
    facts = {fact.id: fact for fact in scenario.brief.facts}
    told: set[str] = set()
    for perception, cue, _ in run(director, seen):
        asked = {id_ for id_, p in perception.asks.items() if p >= LIKELY}
        for id_ in cue.facts:
            assert facts[id_].when == "volunteered" or (facts[id_].when == "asked" and id_ in asked)
        told |= set(cue.facts)
        for fact in facts.values():
            open_now = fact.id in told or (fact.when == "unknown" and fact.id in asked)
            assert open_now or fact.says not in cue.means, fact.id


@LONG
@given(courses())
def test_every_session_ends_and_a_satisfied_one_soon(
    course: tuple[Scenario, Director, list[Perception]],
) -> None:
    scenario, director, seen = course
    went = run(director, seen)
    _, last, agenda = went[-1]
    assert last.ends is not None
    assert len(went) <= scenario.brief.limits.max_turns
    settled = [a.settled for _, _, a in went]
    longest = max(
        (len(run_) for run_ in "".join("x" if s else " " for s in settled).split()), default=0
    )
    puzzling = sum(Does.PUZZLED in c.acts or "empty" in str(p.acts) for p, c, _ in went)
    assert longest <= SETTLED_TURNS + 2 + puzzling
    if last.ends is EndReason.SOLVED:
        assert agenda.settled
        assert agenda.goals_met
    if last.ends is EndReason.TIME_LIMIT:
        assert not agenda.settled


@LONG
@given(courses())
def test_no_goodbye_before_the_matter_is_settled(
    course: tuple[Scenario, Director, list[Perception]],
) -> None:
    scenario, director, seen = course
    for _, cue, agenda in run(director, seen):
        if scenario.brief.satisfied in cue.means:
            assert agenda.settled
            assert cue.ends is EndReason.SOLVED
        if cue.ends in (EndReason.GAVE_UP, EndReason.HUNG_UP) and agenda.goals_open:
            assert cue.means == scenario.brief.gives_up


@LONG
@given(courses())
def test_the_same_seed_and_perceptions_give_the_same_cues(
    course: tuple[Scenario, Director, list[Perception]],
) -> None:
    _, director, seen = course
    assert [cue for _, cue, _ in run(director, seen)] == [cue for _, cue, _ in run(director, seen)]


@LONG
@given(courses())
def test_a_cue_always_says_something_and_goals_are_kept_count_of(
    course: tuple[Scenario, Director, list[Perception]],
) -> None:
    scenario, director, seen = course
    ids = {goal.id for goal in scenario.brief.goals}
    for _, cue, agenda in run(director, seen):
        assert cue.means.strip()
        assert len(cue.acts) >= 1
        counted = [*agenda.goals_open, *agenda.goals_met, *agenda.goals_dropped]
        assert len(counted) == len(set(counted)), counted
        assert set(counted) <= ids
