"""The director: what the customer does next. Plain Python, no model.

Agenda-based user simulation after Schatzmann et al. 2007 ("Agenda-based user simulation for
bootstrapping a POMDP dialogue system"): an agenda of open goals and untold facts and a mood move
by what was perceived and yield a cue. Same perception, agenda and seed: same cue.
"""

import random

from dialogue.types import Act, Perception
from personas.types import Persona
from scenarios.types import Scenario
from simulator.agenda import LIKELY, Agenda
from simulator.answering import (
    answer,
    asks_for_data,
    believe,
    has_unsaid,
    learn,
    say_wish,
    state_problem,
    volunteer,
)
from simulator.bargaining import hear_refusals, respond_to_offers, think_again
from simulator.drafting import CueDraft
from simulator.levels import level
from simulator.lines import DATA, SMALL
from simulator.manners import misbehave
from simulator.reactions import PROGRESS, events
from simulator.types import Cue, Does, EndReason

OUT_OF_PATIENCE = 0.05
"""Patience at or below which an unsatisfied customer gives up."""
HEARD_OUT = 4
"""Customer turns before which nobody leaves for want of patience alone."""
SETTLED_TURNS = 2
"""Customer turns after which a satisfied customer says goodbye whatever comes."""
SURE = 0.9
"""Probability from which a message talks to the model whatever else it seems to say."""
ANSWERED_REFUSALS = {Does.REFUSE, Does.GIVE_WAY, Does.ACCEPT, Does.LEARN, Does.BARGAIN}
"""What makes a reply to a refusal complete."""
LONG_HOLD_S, LONG_SILENCE_S = 240.0, 150.0
"""Seconds from which a wait is felt: one that the agent asked for, and one without a word."""
PAUSE_S = 1800.0
"""Seconds from which it was no wait: the session lay aside and is gone on with."""


class Director:
    """Directs one customer: a scenario's brief played with a persona's temperament at a level."""

    def __init__(
        self, scenario: Scenario, persona: Persona, seed: int, played_at: int | None = None
    ) -> None:
        self._brief = scenario.brief
        self._language = scenario.language
        self._persona = persona
        self._level = level(played_at or scenario.level)
        self._seed = seed

    def at_start(self) -> Agenda:
        """The agenda before the agent's first message."""
        return Agenda.at_start(self._brief, self._persona.temperament, self._level)

    def direct(
        self, perception: Perception, agenda: Agenda, waited_s: float = 0.0
    ) -> tuple[Cue, Agenda]:
        """The customer's next cue and the agenda after it.

        `waited_s`: seconds since the customer's last message.
        """
        if puzzles(perception):  # what is not understood offers nothing either
            perception = perception.model_copy(update={"offers": {}})
        happened = events(perception, agenda, self._brief)
        if agenda.stated and _waited_long(agenda, waited_s):
            happened.append("kept_waiting")
        turn = CueDraft(
            self._brief,
            self._level,
            self._persona.manners,
            self._language,
            perception,
            self._moved(agenda, perception, happened),
            random.Random(f"{self._seed}/{agenda.turn}"),
        )
        if "kept_waiting" in happened:
            turn.add_line(Does.PROTEST, "kept_waiting")
        _decide(turn)
        return _cue(turn), turn.agenda.told_now(tuple(turn.facts))

    def _moved(self, agenda: Agenda, perception: Perception, happened: list[str]) -> Agenda:
        """The agenda after what the agent did, before what the customer does."""
        feeling = agenda.feeling
        for event in happened:
            feeling = feeling.after(event, self._persona.temperament, self._level.wear)
        stalls = 0 if PROGRESS & set(happened) or not agenda.stated else agenda.stalls + 1
        confirmed = perception.shows(Act.CONFIRMS_DONE) or perception.shows(Act.GIVES_DATE)
        return agenda.with_(
            feeling=feeling.since(agenda.feeling),
            turn=agenda.turn + 1,
            stalls=stalls,
            apologies=agenda.apologies + perception.shows(Act.APOLOGISES),
            holds=agenda.holds + perception.shows(Act.HOLDS),
            confirmed=agenda.confirmed or (agenda.settled and confirmed),
            settled_turns=agenda.settled_turns + agenda.settled,
        )


def _waited_long(agenda: Agenda, waited_s: float) -> bool:
    return (LONG_HOLD_S if agenda.holds else LONG_SILENCE_S) < waited_s < PAUSE_S


def _decide(turn: CueDraft) -> None:
    """What the customer does, most pressing first."""
    if puzzles(turn.perception):
        if not _out_of_time(turn):
            _be_puzzled(turn)
    elif turn.shows(Act.EMPTY):
        if not _out_of_time(turn):
            turn.add_line(Does.PROTEST, "empty")
    else:
        was_settled = turn.agenda.settled
        hear_refusals(turn)
        # What had settled the matter may just have been taken back.
        if was_settled and turn.agenda.settled:
            _wind_up(turn)
        else:
            _pursue(turn)
    if turn.ends is None and turn.agenda.settled:
        _out_of_time(turn)


def puzzles(seen: Perception) -> bool:
    """Talk that no customer understands: to the model, or off the matter altogether."""
    if seen.shows(Act.ATTACKS_MODEL, SURE):
        return True
    if seen.offers or seen.denies or seen.corrects:
        return False
    about = set(seen.asks) - {DATA}
    if seen.shows(Act.ATTACKS_MODEL):
        return not about - set(SMALL)
    return seen.shows(Act.OFF_TOPIC) and not about


def _be_puzzled(turn: CueDraft) -> None:
    """As a real customer: puzzled, and back to the matter, in other words each time."""
    if turn.brief.puzzled not in turn.agenda.shown:
        turn.agenda = turn.agenda.with_(shown=(*turn.agenda.shown, turn.brief.puzzled))
        turn.add(Does.PUZZLED, turn.brief.puzzled)
        return
    turn.add_line(Does.PUZZLED, "puzzled_more")
    if turn.agenda.stated and turn.agenda.turn % 2:
        _insist(turn)


# --- the matter is settled -----------------------------------------------------------------------


def _wind_up(turn: CueDraft) -> None:
    """Answer what is still asked, then thank and go."""
    answer(turn)
    if turn.says and turn.agenda.settled_turns <= SETTLED_TURNS:
        return
    going = any(turn.shows(act) for act in (Act.ASKS_MORE, Act.CLOSES, Act.THANKS))
    if going or turn.agenda.confirmed or turn.agenda.settled_turns > SETTLED_TURNS:
        _say_goodbye(turn)
    elif turn.shows(Act.HOLDS):
        turn.add_line(Does.WAIT, "wait")
    else:
        turn.add_line(Does.STATE_GOAL, "when")


def _say_goodbye(turn: CueDraft) -> None:
    """Thank and go; a customer who only let go of everything has nothing to thank for."""
    if turn.agenda.goals_met:
        turn.acts, turn.says = (
            [*turn.acts, Does.THANK_AND_CLOSE],
            [*turn.says, turn.brief.satisfied],
        )
        turn.ends = EndReason.SOLVED
    else:
        turn.add_line(Does.GIVE_UP, "resigned")
        turn.ends = EndReason.GAVE_UP


# --- the matter is open --------------------------------------------------------------------------


def _pursue(turn: CueDraft) -> None:
    """State it, answer, react to offers, insist, or give up."""
    respond_to_offers(turn)
    learn(turn)
    if turn.agenda.settled:
        answer(turn)
        if turn.agenda.confirmed and (turn.shows(Act.ASKS_MORE) or turn.shows(Act.CLOSES)):
            _say_goodbye(turn)
        return
    if _out_of_time(turn):
        return
    if not turn.agenda.stated:
        state_problem(turn)
    answer(turn)
    think_again(turn)
    _react(turn)
    if turn.ends is None:
        _carry_on(turn)
        misbehave(turn)


def _out_of_time(turn: CueDraft) -> bool:
    """End the session when patience or turns are used up."""
    limits = turn.brief.limits
    if turn.agenda.settled:
        if turn.agenda.turn >= limits.max_turns:
            _say_goodbye(turn)
        return turn.ends is not None
    worn = turn.agenda.feeling.patience <= OUT_OF_PATIENCE and turn.agenda.turn >= HEARD_OUT
    if worn or turn.agenda.early_closings > 1:
        turn.ends = EndReason(limits.gives_up)
    elif turn.agenda.turn >= limits.max_turns:
        turn.ends = EndReason.TIME_LIMIT
    else:
        return False
    turn.acts, turn.facts, turn.says = [Does.GIVE_UP], [], [turn.brief.gives_up]
    return True


def _react(turn: CueDraft) -> None:
    """Answer how the agent behaved, where that asks for an answer."""
    if Does.STATE_PROBLEM in turn.acts or Does.BE_VAGUE in turn.acts:
        return
    if turn.shows(Act.CLOSES) and turn.agenda.handed_over:
        turn.add_line(Does.THANK_AND_CLOSE, "handed_over")
        turn.ends = EndReason.ESCALATED
    elif turn.shows(Act.CLOSES):
        turn.add_line(Does.PROTEST, "not_done")
        turn.agenda = turn.agenda.with_(early_closings=turn.agenda.early_closings + 1)
        say_wish(turn)
    elif turn.shows(Act.ASKS_MORE) and not turn.says:
        turn.add_line(Does.PROTEST, "not_done")
        say_wish(turn, asked=True)
    elif turn.shows(Act.RUDE):
        turn.add_line(Does.PROTEST, "rude_reply")
    elif turn.shows(Act.DISMISSES):
        turn.add_line(Does.PROTEST, "brushed_off")
    elif turn.shows(Act.REFUSES) and not ANSWERED_REFUSALS & set(turn.acts):
        turn.add_line(Does.REFUSE, "refusal_reply")
        say_wish(turn)
    elif turn.shows(Act.TRANSFERS) and not turn.says:
        turn.add_line(Does.PROTEST, "why_transfer")


def _carry_on(turn: CueDraft) -> None:
    """Say something that fits when nothing was asked or offered; volunteer what is due."""
    if not turn.says and _asks_the_unknown(turn):
        _have_no_answer(turn)
        return
    believe(turn)
    if turn.says:
        if Does.GIVE_FACT in turn.acts and len(turn.says) == 1:
            volunteer(turn)
        return
    if turn.shows(Act.HOLDS):
        calm = turn.agenda.feeling.heat < 0.5
        turn.add_line(Does.WAIT, "wait" if calm else "wait_angry")
    elif turn.shows(Act.CONFIRMS_DONE) and _told_again(turn):
        turn.add_line(Does.ACKNOWLEDGE, "acknowledge")
        say_wish(turn, asked=True)
    elif turn.shows(Act.CONFIRMS_DONE):
        turn.add_line(Does.INSIST, "what_done")
    elif turn.shows(Act.ASKS) and turn.shows(Act.PROPOSES):
        turn.add_line(Does.INSIST, "other_offer")
        say_wish(turn)
    else:
        _acknowledge(turn)


def _told_again(turn: CueDraft) -> bool:
    """Whether what is offered or confirmed has all been accepted before."""
    heard = {id_ for id_, probability in turn.perception.offers.items() if probability >= LIKELY}
    return bool(heard) and heard <= set(turn.agenda.accepted)


def _asks_the_unknown(turn: CueDraft) -> bool:
    """Whether something is asked that nothing in the brief answers."""
    if any(turn.shows(act) for act in (Act.HOLDS, Act.CONFIRMS_DONE, Act.PROPOSES, Act.CLOSES)):
        return False
    return asks_for_data(turn) or (turn.shows(Act.ASKS) and not turn.perception.asks)


def _have_no_answer(turn: CueDraft) -> None:
    """Say so, and come back to the matter."""
    turn.add_line(Does.DOES_NOT_KNOW, "not_sure" if asks_for_data(turn) else "no_answer")
    believe(turn)
    if len(turn.says) > 1:
        return
    if has_unsaid(turn):
        say_wish(turn)
    elif not asks_for_data(turn):
        _insist(turn)


def _acknowledge(turn: CueDraft) -> None:
    if turn.shows(Act.APOLOGISES) or turn.shows(Act.EMPATHISES):
        warm = turn.agenda.apologies <= 1 and turn.agenda.feeling.heat < 0.6
        turn.add_line(Does.ACKNOWLEDGE, "thanks_for_care" if warm else "care_doubted")
    volunteer(turn)
    if has_unsaid(turn):
        say_wish(turn)
    elif len(turn.says) < 2:
        _insist(turn)


def _insist(turn: CueDraft) -> None:
    """The matter at hand once more; in other words when it was said like this before."""
    if turn.agenda.goals_met and has_unsaid(turn):
        say_wish(turn)
        return
    if turn.agenda.goals_met or turn.brief.insists in turn.agenda.used:
        turn.add_line(Does.INSIST, "insist_more")
        return
    turn.agenda = turn.agenda.with_(used=(*turn.agenda.used, turn.brief.insists)[-8:])
    turn.add(Does.INSIST, turn.brief.insists)


def _cue(turn: CueDraft) -> Cue:
    glue = "" if turn.language == "zh" else " "
    return Cue(
        acts=tuple(turn.acts),
        facts=tuple(turn.facts),
        mood=turn.agenda.feeling.mood(turn.agenda.settled),
        means=glue.join(turn.says),
        ends=turn.ends,
    )
