"""The customer's agenda: what is told, wanted, accepted and refused, turn by turn."""

from collections import Counter

from pydantic import Field

from dialogue.types import Act, Perception
from personas.types import Temperament
from scenarios.types import Brief, Fact, Goal, Offer
from simulator.levels import Level
from simulator.mood import Feeling
from simulator.types import Record

LIKELY = 0.5
"""Probability from which the director takes a perception as a fact."""


class Agenda(Record):
    """The director's state. Kept in the journal after each turn, so a session can go on from it."""

    turn: int = 0
    """Customer turns so far."""
    stated: bool = False
    """Whether the problem has been stated."""
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Facts the agent has asked for."""
    wished: tuple[str, ...] = ()
    """Goals the customer has put into words."""
    raised: dict[str, int] = {}
    """Goal → customer turn in which it was put into words first."""
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Offers that were turned down, once for each time."""
    goals_met: tuple[str, ...] = ()
    goals_open: tuple[str, ...]
    goals_dropped: tuple[str, ...] = ()
    """Goals that gave way to another or to nothing."""
    denials: dict[str, int] = {}
    """Goal → how often the agent has said that it cannot be had."""
    believed: tuple[str, ...] = ()
    """Misbeliefs that the customer has put into words."""
    corrected: tuple[str, ...] = ()
    """Misbeliefs that the agent has put right."""
    shown: tuple[str, ...] = ()
    """Lines of difficult behaviour said so far; none is said twice."""
    handed_over: bool = False
    """The customer has agreed to be passed on, and the matter is still open."""
    feeling: Feeling
    apologies: int = 0
    holds: int = 0
    confirmed: bool = False
    """Since the last acceptance, the agent has said that it is done or by when."""
    settled_turns: int = 0
    """Customer turns since every goal was met."""
    early_closings: int = 0
    stalls: int = 0
    """Agent messages in a row that brought the matter no further."""
    used: tuple[str, ...] = Field(())
    """Wordings drawn so far, the last eight."""

    @classmethod
    def at_start(cls, brief: Brief, temperament: Temperament, level: Level) -> "Agenda":
        """The agenda before the agent's first message."""
        return cls(
            goals_open=tuple(goal.id for goal in level.goals(brief)),
            feeling=Feeling.at_start(brief.feeling, temperament, level.patience),
        )

    @property
    def settled(self) -> bool:
        """Whether nothing is wanted any more."""
        return not self.goals_open

    def turned_down(self, offer_id: str) -> int:
        """How often an offer has been turned down."""
        return Counter(self.refused)[offer_id]

    def with_(self, **changes: object) -> "Agenda":
        """A copy with other values."""
        return self.model_copy(update=changes)

    def told_now(self, facts: tuple[str, ...]) -> "Agenda":
        """After telling these facts."""
        return self.with_(told=_added(self.told, facts))

    def accepting(self, offer: Offer, brief: Brief) -> "Agenda":
        """After accepting an offer; goals that it meets are met."""
        met = tuple(g.id for g in brief.goals if g.id in self.goals_open and offer.id in g.met_by)
        return self.with_(
            accepted=_added(self.accepted, (offer.id,)),
            goals_met=_added(self.goals_met, met),
            goals_open=tuple(goal for goal in self.goals_open if goal not in met),
            confirmed=False,
        )

    def taking_back(self, offer: Offer, brief: Brief) -> "Agenda":
        """After the agent took back an accepted offer: the goals it met are open again."""
        accepted = tuple(other for other in self.accepted if other != offer.id)
        reopened = tuple(
            goal.id
            for goal in brief.goals
            if goal.id in self.goals_met
            and offer.id in goal.met_by
            and not set(goal.met_by) & set(accepted)
        )
        return self.with_(
            accepted=accepted,
            goals_met=tuple(goal for goal in self.goals_met if goal not in reopened),
            goals_open=_added(reopened, self.goals_open),
            confirmed=False,
            settled_turns=0,
        )

    def dropping(self, goal: Goal, replacement: Goal | None) -> "Agenda":
        """After a goal gave way; what takes its place is wanted, or was accepted before."""
        rest = tuple(other for other in self.goals_open if other != goal.id)
        dropped = self.with_(goals_open=rest, goals_dropped=_added(self.goals_dropped, (goal.id,)))
        if replacement is None or replacement.id in self.goals_met:
            return dropped
        if set(replacement.met_by) & set(self.accepted):
            return dropped.with_(goals_met=_added(self.goals_met, (replacement.id,)))
        return dropped.with_(goals_open=_added((replacement.id,), rest))

    def raising(self, goal: Goal) -> "Agenda":
        """After a goal was put into words."""
        return self.with_(
            wished=_added(self.wished, (goal.id,)),
            raised={goal.id: self.turn, **self.raised},
        )


def _added(have: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return have + tuple(item for item in more if item not in have)


def asked_facts(perception: Perception, brief: Brief) -> list[Fact]:
    """The facts the agent asks for, in the brief's order."""
    return [f for f in brief.facts if perception.asks.get(f.id, 0.0) >= LIKELY]


def proposed(perception: Perception, brief: Brief) -> list[Offer]:
    """The offers the agent makes or confirms, in the brief's order."""
    return [o for o in brief.offers if perception.offers.get(o.id, 0.0) >= LIKELY]


def would_accept(offer: Offer, agenda: Agenda) -> bool:
    """Whether the customer takes this offer now."""
    if offer.response == "accept_later":
        return offer.id in agenda.refused
    if offer.response == "bargain":
        return agenda.turned_down(offer.id) >= offer.rounds
    return offer.response == "accept"


def welcome(offers: list[Offer], agenda: Agenda, brief: Brief) -> list[Offer]:
    """The offers among these that the customer takes.

    What meets no goal that is due (a date, a promise to write) is taken along with what does, but
    does not sweeten an unwanted offer: "another machine by Thursday" is no date for the refund.
    """
    taken = [offer for offer in offers if would_accept(offer, agenda)]
    due = [goal for goal in brief.goals if not set(goal.after) & set(agenda.goals_open)]
    meets_a_goal = any(offer.id in goal.met_by for offer in taken for goal in due)
    return taken if meets_a_goal or len(taken) == len(offers) else []


def next_goal(brief: Brief, agenda: Agenda) -> Goal | None:
    """The open goal that is due: the first whose predecessors are no longer open."""
    for goal in brief.goals:
        if goal.id in agenda.goals_open and not set(goal.after) & set(agenda.goals_open):
            return goal
    return None


def denied_goals(perception: Perception, agenda: Agenda, brief: Brief) -> list[Goal]:
    """The open goals of which the agent says that they cannot be had.

    A refusal that names no offer is taken to be about the goal that is due, unless the message
    also asks for something or says what was done: then the no was about something else.
    """
    denied = {id_ for id_, probability in perception.denies.items() if probability >= LIKELY}
    named = [g for g in brief.goals if g.id in agenda.goals_open and denied & set(g.met_by)]
    due = next_goal(brief, agenda)
    elsewhere = asked_facts(perception, brief) or perception.shows(Act.CONFIRMS_DONE)
    if named or denied or due is None or elsewhere or not perception.shows(Act.REFUSES):
        return named
    return [due]


def untold_volunteered(brief: Brief, agenda: Agenda) -> Fact | None:
    """The next fact the customer tells without being asked."""
    for fact in brief.facts:
        if fact.when == "volunteered" and fact.id not in agenda.told:
            return fact
    return None
