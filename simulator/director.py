"""The director: what the customer does next. Plain Python, no model.

Agenda-based user simulation after Schatzmann et al. 2007 ("Agenda-based user simulation for
bootstrapping a POMDP dialogue system"): an agenda of open goals and untold facts and a mood move
by what was perceived and yield a cue. Same perception, agenda and seed: same cue.
"""

import random

from dialogue.types import Act, Perception
from personas.types import Persona
from scenarios.types import Offer, Scenario
from simulator import lines
from simulator.agenda import (
    LIKELY,
    Agenda,
    asked_facts,
    next_goal,
    proposed,
    untold_volunteered,
    welcome,
    would_accept,
)
from simulator.drafting import CueDraft
from simulator.reactions import PROGRESS, events
from simulator.types import Cue, Does, EndReason

OUT_OF_PATIENCE = 0.05
"""Patience at or below which an unsatisfied customer gives up."""
SETTLED_TURNS = 2
"""Customer turns after which a satisfied customer says goodbye whatever comes."""


class Director:
    """Directs one customer: a scenario's brief played with a persona's temperament."""

    def __init__(self, scenario: Scenario, persona: Persona, seed: int) -> None:
        self._brief = scenario.brief
        self._language = scenario.language
        self._temperament = persona.temperament
        self._seed = seed

    def at_start(self) -> Agenda:
        """The agenda before the agent's first message."""
        return Agenda.at_start(self._brief, self._temperament)

    def direct(self, perception: Perception, agenda: Agenda) -> tuple[Cue, Agenda]:
        """The customer's next cue and the agenda after it."""
        feeling = agenda.feeling
        happened = events(perception, agenda, self._brief)
        for event in happened:
            feeling = feeling.after(event, self._temperament)
        stalls = 0 if PROGRESS & set(happened) or not agenda.stated else agenda.stalls + 1
        draw = random.Random(f"{self._seed}/{agenda.turn}")
        turn = CueDraft(
            self._brief,
            self._language,
            perception,
            _counted(
                agenda.with_(feeling=feeling, turn=agenda.turn + 1, stalls=stalls), perception
            ),
            draw,
        )
        _decide(turn)
        return _cue(turn), _closed(turn)


def _counted(agenda: Agenda, perception: Perception) -> Agenda:
    confirmed = perception.shows(Act.CONFIRMS_DONE) or perception.shows(Act.GIVES_DATE)
    return agenda.with_(
        apologies=agenda.apologies + perception.shows(Act.APOLOGISES),
        holds=agenda.holds + perception.shows(Act.HOLDS),
        confirmed=agenda.confirmed or (agenda.settled and confirmed),
        settled_turns=agenda.settled_turns + agenda.settled,
    )


def _decide(turn: CueDraft) -> None:
    """What the customer does, most pressing first."""
    if _puzzling(turn):
        if _out_of_time(turn):
            return
        turn.add(Does.PUZZLED, turn.brief.puzzled)
    elif turn.shows(Act.EMPTY):
        if not _out_of_time(turn):
            turn.add_line(Does.PROTEST, "empty")
    elif turn.agenda.settled:
        _wind_up(turn)
    else:
        _pursue(turn)
    if turn.ends is None and turn.agenda.settled:
        _out_of_time(turn)


def _puzzling(turn: CueDraft) -> bool:
    """Talk that no customer understands: to the model, or off the matter altogether."""
    if turn.shows(Act.ATTACKS_MODEL):
        return True
    return turn.shows(Act.OFF_TOPIC) and not (turn.perception.asks or turn.perception.offers)


def _wind_up(turn: CueDraft) -> None:
    """The matter is settled: answer what is still asked, then thank and go."""
    _answer(turn)
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
    turn.acts, turn.says = [*turn.acts, Does.THANK_AND_CLOSE], [*turn.says, turn.brief.satisfied]
    turn.ends = EndReason.SOLVED


def _pursue(turn: CueDraft) -> None:
    """The matter is open: state it, answer, react to offers, insist, or give up."""
    _respond_to_offers(turn)
    if turn.agenda.settled:
        _answer(turn)
        if turn.agenda.confirmed and (turn.shows(Act.ASKS_MORE) or turn.shows(Act.CLOSES)):
            _say_goodbye(turn)
        return
    if _out_of_time(turn):
        return
    if not turn.agenda.stated:
        _state_problem(turn)
    _answer(turn)
    _react(turn)
    _carry_on(turn)


def _out_of_time(turn: CueDraft) -> bool:
    """End the session when patience or turns are used up."""
    limits = turn.brief.limits
    if turn.agenda.settled:
        if turn.agenda.turn >= limits.max_turns:
            _say_goodbye(turn)
        return turn.ends is not None
    if turn.agenda.feeling.patience <= OUT_OF_PATIENCE or turn.agenda.early_closings > 1:
        turn.ends = EndReason(limits.gives_up)
    elif turn.agenda.turn >= limits.max_turns:
        turn.ends = EndReason.TIME_LIMIT
    else:
        return False
    turn.acts, turn.facts, turn.says = [Does.GIVE_UP], [], [turn.brief.gives_up]
    return True


def _state_problem(turn: CueDraft) -> None:
    if turn.shows(Act.GREETS):
        turn.add_line(Does.GREET, "hello")
    turn.add(Does.STATE_PROBLEM, turn.brief.opening)
    turn.agenda = turn.agenda.with_(stated=True)


def _answer(turn: CueDraft) -> None:
    """Tell what was asked for, as far as the brief allows."""
    asked = asked_facts(turn.perception, turn.brief)
    for fact in asked:
        if fact.when == "never":
            turn.add_line(Does.WITHHOLD, "withhold")
        elif fact.when == "unknown":
            turn.add(Does.DOES_NOT_KNOW, fact.says)
        else:
            if fact.id in turn.agenda.told and fact.id in turn.agenda.asked:
                turn.add_line(Does.PROTEST, "told_already")
            turn.add(Does.GIVE_FACT, fact.says, fact.id)
    ids = tuple(fact.id for fact in asked if fact.id not in turn.agenda.asked)
    turn.agenda = turn.agenda.with_(asked=turn.agenda.asked + ids)
    if turn.perception.asks.get(lines.WISH, 0.0) >= LIKELY:
        _wish(turn)
    elif turn.perception.asks.get(lines.PROBLEM, 0.0) >= LIKELY and not turn.says:
        _tell_more(turn)


def _tell_more(turn: CueDraft) -> None:
    fact = untold_volunteered(turn.brief, turn.agenda)
    if fact is not None:
        turn.add(Does.GIVE_FACT, fact.says, fact.id)
    elif not turn.agenda.settled:
        turn.add(Does.STATE_PROBLEM, turn.brief.opening)


def _wish(turn: CueDraft) -> None:
    goal = next_goal(turn.brief, turn.agenda)
    if goal is not None:
        turn.add(Does.STATE_GOAL, goal.wants)
        turn.agenda = turn.agenda.with_(wished=(*turn.agenda.wished, goal.id))


def _respond_to_offers(turn: CueDraft) -> None:
    offers = proposed(turn.perception, turn.brief)
    taken = welcome(offers, turn.agenda, turn.brief)
    if taken:
        for offer in taken:
            _accept(turn, offer)
        # Of a choice between wanted and unwanted, the unwanted goes without saying; what might be
        # accepted later is refused aloud, so that the agent can come back to it.
        offers = [o for o in offers if o.response == "accept_later" and o not in taken]
    for offer in offers:
        if not would_accept(offer, turn.agenda):
            _refuse(turn, offer)
    if taken and not turn.agenda.settled and Does.ACCEPT in turn.acts:
        _wish(turn)


def _refuse(turn: CueDraft, offer: Offer) -> None:
    if offer.id in turn.agenda.refused:
        turn.add_line(Does.REFUSE, "refused_already")
        _wish(turn)
        return
    turn.add(Does.REFUSE, offer.says)
    turn.agenda = turn.agenda.with_(refused=(*turn.agenda.refused, offer.id))


def _accept(turn: CueDraft, offer: Offer) -> None:
    if offer.id in turn.agenda.accepted:
        return
    later = offer.id in turn.agenda.refused
    turn.agenda = turn.agenda.accepting(offer, turn.brief)
    done = turn.shows(Act.CONFIRMS_DONE) or turn.shows(Act.GIVES_DATE)
    turn.agenda = turn.agenda.with_(confirmed=done, stated=True)
    says = offer.says_later if later and offer.says_later else offer.says
    turn.add(Does.ACCEPT, says)
    if turn.agenda.settled and not done and "?" not in says and "？" not in says:
        turn.add_line(Does.STATE_GOAL, "when")


def _react(turn: CueDraft) -> None:
    """Answer how the agent behaved, where that asks for an answer."""
    if Does.STATE_PROBLEM in turn.acts:
        return
    if turn.shows(Act.CLOSES):
        turn.add_line(Does.PROTEST, "not_done")
        turn.agenda = turn.agenda.with_(early_closings=turn.agenda.early_closings + 1)
        _wish(turn)
    elif turn.shows(Act.RUDE):
        turn.add_line(Does.PROTEST, "rude_reply")
    elif turn.shows(Act.DISMISSES):
        turn.add_line(Does.PROTEST, "brushed_off")
    elif turn.shows(Act.REFUSES) and Does.REFUSE not in turn.acts:
        turn.add_line(Does.REFUSE, "refusal_reply")
        _wish(turn)
    elif turn.shows(Act.TRANSFERS) and not turn.says:
        turn.add_line(Does.PROTEST, "why_transfer")


def _carry_on(turn: CueDraft) -> None:
    """Say something that fits when nothing was asked or offered; volunteer what is due."""
    if turn.says:
        if Does.GIVE_FACT in turn.acts and len(turn.says) == 1:
            _volunteer(turn)
        return
    if turn.shows(Act.HOLDS):
        calm = turn.agenda.feeling.heat < 0.5
        turn.add_line(Does.WAIT, "wait" if calm else "wait_angry")
    elif turn.shows(Act.CONFIRMS_DONE):
        turn.add_line(Does.INSIST, "what_done")
    elif turn.shows(Act.ASKS):
        turn.add_line(Does.DOES_NOT_KNOW, "not_sure")
    else:
        _acknowledge(turn)


def _acknowledge(turn: CueDraft) -> None:
    if turn.shows(Act.APOLOGISES) or turn.shows(Act.EMPATHISES):
        warm = turn.agenda.apologies <= 1 and turn.agenda.feeling.heat < 0.6
        turn.add_line(Does.ACKNOWLEDGE, "thanks_for_care" if warm else "care_doubted")
    _volunteer(turn)
    goal = next_goal(turn.brief, turn.agenda)
    if goal is not None and goal.id not in turn.agenda.wished:
        _wish(turn)
    elif len(turn.says) < 2:
        turn.add(Does.INSIST, turn.brief.insists)


def _volunteer(turn: CueDraft) -> None:
    """One fact that the customer tells unasked, the next in the brief's order."""
    fact = untold_volunteered(turn.brief, turn.agenda)
    if fact is not None:
        turn.add(Does.GIVE_FACT, fact.says, fact.id)


def _cue(turn: CueDraft) -> Cue:
    glue = "" if turn.language == "zh" else " "
    return Cue(
        acts=tuple(turn.acts),
        facts=tuple(turn.facts),
        mood=turn.agenda.feeling.mood(turn.agenda.settled),
        means=glue.join(turn.says),
        ends=turn.ends,
    )


def _closed(turn: CueDraft) -> Agenda:
    """The agenda after the cue has been said."""
    return turn.agenda.told_now(tuple(turn.facts))
