"""Goals that give way, bargaining, wrong assumptions, broken promises, hand-overs and waiting."""

from dialogue.types import Act, Perception
from personas.types import Manners
from scenarios.types import GivesWay, Goal, Misbelief, Offer
from simulator.agenda import Agenda
from simulator.director import LONG_HOLD_S, LONG_SILENCE_S, PAUSE_S, Director
from simulator.lines import lines
from simulator.types import Cue, Does, EndReason
from tests.simulator.making import brief, persona, scenario, seen

GREETING = seen(Act.GREETS)
BLACK, WHITE = "I want a black kettle.", "Then a white kettle will do."
COLOURS = brief(
    offers=(
        Offer(id="black", about="a black kettle", response="accept", says="Black is right."),
        Offer(id="white", about="a white kettle", response="accept", says="White is fine, too."),
        Offer(
            id="money_off",
            about="money off",
            response="bargain",
            rounds=2,
            says="Ten is not much. Make it twenty.",
            says_later="Ten it is, then.",
        ),
        Offer(id="boss", about="my manager", response="accept_later", says="No.", says_later="Ok."),
    ),
    goals=(
        Goal(
            id="in_black",
            wants=BLACK,
            met_by=("black",),
            gives_way=GivesWay(when="refused", to="in_white", says=WHITE),
        ),
        Goal(id="in_white", wants="I want a white kettle.", met_by=("white",)),
        Goal(id="cheaper", wants="I want money off.", met_by=("money_off",), from_level=2),
    ),
    misbeliefs=(
        Misbelief(
            id="sixty", says="I have sixty days.", phrases=("thirty days",), learns="Oh, thirty."
        ),
    ),
)


def play(
    *script: Perception, level: int = 1, waits: float = 0.0, **changes: object
) -> list[tuple[Cue, Agenda]]:
    """Cues and agendas, at a level; `changes` are the brief's."""
    played_brief = COLOURS.model_copy(update=changes)
    director = Director(scenario(brief=played_brief), persona(), seed=3, played_at=level)
    agenda, played = director.at_start(), []
    for perception in script:
        cue, agenda = director.direct(perception, agenda, waits)
        played.append((cue, agenda))
    return played


def denied(*offers: str, also: tuple[str, ...] = ()) -> Perception:
    """A refusal that names what cannot be had, and what can."""
    sure = seen(Act.REFUSES, Act.EXPLAINS, offers=also)
    return sure.model_copy(update={"denies": dict.fromkeys(offers, 0.95)})


def test_a_refused_goal_gives_way_to_the_next_best() -> None:
    cue, agenda = play(GREETING, denied("black"))[-1]
    assert cue.acts[0] is Does.GIVE_WAY and WHITE in cue.means
    assert agenda.goals_open == ("in_white",) and agenda.goals_dropped == ("in_black",)


def test_a_refusal_and_the_next_best_in_one_message_settle_it() -> None:
    cue, agenda = play(GREETING, denied("black", also=("white",)))[-1]
    assert {Does.GIVE_WAY, Does.ACCEPT} <= set(cue.acts)
    assert agenda.settled and agenda.goals_met == ("in_white",)


def test_the_next_best_that_was_accepted_before_counts() -> None:
    _, agenda = play(GREETING, seen(Act.PROPOSES, offers=("white",)), denied("black"))[-1]
    assert agenda.settled and "in_white" in agenda.goals_met


def test_the_next_best_is_not_wanted_before() -> None:
    assert play(GREETING)[-1][1].goals_open == ("in_black",)


def test_a_goal_that_is_just_dropped_leaves_nothing_to_thank_for() -> None:
    goal = COLOURS.goals[0].model_copy(
        update={"gives_way": GivesWay(when="refused", says="Then not.")}
    )
    played = play(GREETING, denied("black"), seen(Act.ASKS_MORE), goals=(goal,))
    assert "Then not." in played[1][0].means
    assert played[2][0].ends is EndReason.GAVE_UP


def test_a_mind_is_changed_only_after_a_while() -> None:
    goal = COLOURS.goals[0].model_copy(
        update={"gives_way": GivesWay(when="second_thought", to="in_white", says=WHITE)}
    )
    idle = seen(Act.EXPLAINS)
    played = play(GREETING, *[idle] * 5, goals=(goal, COLOURS.goals[1]))
    changed = [i for i, (cue, _) in enumerate(played) if Does.GIVE_WAY in cue.acts]
    assert len(changed) == 1 and changed[0] >= 2


def test_several_problems_are_for_higher_levels() -> None:
    assert play(GREETING, level=1)[-1][1].goals_open == ("in_black",)
    assert play(GREETING, level=2)[-1][1].goals_open == ("in_black", "cheaper")


def test_a_bargain_takes_its_rounds() -> None:
    offer = seen(Act.PROPOSES, offers=("money_off",))
    played = play(GREETING, offer, offer, offer, level=2)
    assert [cue.acts[0] for cue, _ in played[1:]] == [Does.BARGAIN, Does.BARGAIN, Does.ACCEPT]
    assert "cheaper" in played[-1][1].goals_met


def test_a_wrong_assumption_is_said_once_and_put_right_once() -> None:
    right = seen(Act.EXPLAINS).model_copy(update={"corrects": {"sixty": 0.95}})
    played = play(GREETING, seen(Act.EXPLAINS), right, right)
    said = [Does.BELIEVE in cue.acts for cue, _ in played]
    learned = [Does.LEARN in cue.acts for cue, _ in played]
    assert said.count(True) == 1 and learned == [False, False, True, False]


def test_what_was_put_right_before_is_not_believed() -> None:
    right = GREETING.model_copy(update={"corrects": {"sixty": 0.95}})
    assert not any(Does.BELIEVE in cue.acts for cue, _ in play(right, seen(Act.EXPLAINS)))


def test_a_promise_taken_back_opens_the_matter_again_and_angers() -> None:
    played = play(GREETING, seen(Act.PROPOSES, offers=("black",)), denied("black"))
    before, after = played[1][1], played[2][1]
    assert before.settled
    assert played[2][0].means.startswith(lines("en")["broken_promise"])
    assert after.feeling.heat > before.feeling.heat and after.feeling.trust < before.feeling.trust
    assert not after.settled and played[2][0].ends is None


def test_a_customer_who_agreed_to_be_passed_on_goes_when_the_agent_does() -> None:
    passing = seen(Act.TRANSFERS, Act.PROPOSES, offers=("boss",))
    played = play(GREETING, passing, passing, seen(Act.CLOSES))
    assert played[2][1].handed_over and played[3][0].ends is EndReason.ESCALATED


def test_a_long_wait_is_felt() -> None:
    quick = play(GREETING, seen(Act.EXPLAINS), waits=1)[-1]
    slow = play(GREETING, seen(Act.EXPLAINS), waits=LONG_HOLD_S + 1)[-1]
    assert slow[1].feeling.patience < quick[1].feeling.patience
    assert any(line in slow[0].means for line in lines("en")["kept_waiting"])


def test_thinking_for_a_while_or_going_on_the_next_day_is_no_wait() -> None:
    for waits in (LONG_SILENCE_S - 1, PAUSE_S + 1):
        cue = play(GREETING, seen(Act.EXPLAINS), waits=waits)[-1][0]
        assert not any(line in cue.means for line in lines("en")["kept_waiting"])


def test_the_same_attack_twice_gets_other_words() -> None:
    attack = seen(Act.ATTACKS_MODEL)
    played = play(GREETING, attack, attack, attack)
    means = [cue.means for cue, _ in played[1:]]
    assert all(cue.acts[0] is Does.PUZZLED for cue, _ in played[1:])
    assert len(set(means)) == 3


def test_difficult_behaviours_are_the_personas_and_come_with_the_level() -> None:
    lines_ = ("Hurry up.", "I have no time.", "Come on.", "Quick now.", "I am late.")
    who = persona(manners=Manners(impatient=lines_))
    shown = {}
    for level in (1, 4):
        hurried = 0
        for seed in range(40):
            director = Director(scenario(brief=COLOURS), who, seed, played_at=level)
            agenda = director.at_start()
            for perception in (GREETING, seen(Act.HOLDS), seen(Act.HOLDS)):
                cue, agenda = director.direct(perception, agenda)
                hurried += Does.HURRY in cue.acts
            assert len(agenda.shown) == len(set(agenda.shown))
        shown[level] = hurried
    assert shown[1] == 0 and shown[4] > 10


def test_a_vague_customer_comes_to_the_matter_when_asked() -> None:
    who = persona(manners=Manners(vague=("It does not work.",)))
    director = Director(scenario(brief=COLOURS), who, 1, played_at=4)
    first, agenda = director.direct(GREETING, director.at_start())
    second, _ = director.direct(seen(Act.ASKS), agenda)
    assert first.acts[-1] is Does.BE_VAGUE and COLOURS.opening not in first.means
    assert COLOURS.opening in second.means


def test_a_wish_is_not_said_again_and_again() -> None:
    vague = seen(Act.PROPOSES, Act.ASKS)
    cues = [cue for cue, _ in play(GREETING, vague, vague, vague)]
    assert sum(BLACK in cue.means for cue in cues) == 1
    assert all(cue.acts for cue in cues)


def test_a_no_beside_what_was_done_gives_nothing_up() -> None:
    done = seen(Act.REFUSES, Act.CONFIRMS_DONE)
    assert WHITE not in play(GREETING, done)[-1][0].means
    assert WHITE in play(GREETING, seen(Act.REFUSES))[-1][0].means


def test_a_question_after_something_unheard_of_is_answered_and_the_matter_kept() -> None:
    cue, _ = play(GREETING, seen(Act.ASKS))[-1]
    assert Does.DOES_NOT_KNOW in cue.acts and len(cue.acts) > 1


def test_what_an_attack_offers_is_not_taken() -> None:
    attack = Perception(acts={Act.ATTACKS_MODEL: 0.95}, offers={"black": 0.95})
    cue, agenda = play(GREETING, attack)[-1]
    assert cue.acts[0] is Does.PUZZLED and not agenda.accepted
    assert agenda.feeling.patience < play(GREETING)[-1][1].feeling.patience
