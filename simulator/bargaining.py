"""What the customer makes of offers and refusals: takes, turns down, wants more, gives way."""

from dialogue.types import Act
from scenarios.types import Goal, Offer
from simulator.agenda import LIKELY, denied_goals, proposed, welcome, would_accept
from simulator.answering import has_unsaid, say_wish
from simulator.drafting import CueDraft
from simulator.types import Does

SECOND_THOUGHTS_AFTER = 2
"""Customer turns for which a goal must have been open before its owner thinks again."""


def respond_to_offers(turn: CueDraft) -> None:
    """Take what is wanted, turn down the rest."""
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
    if taken and Does.ACCEPT in turn.acts and has_unsaid(turn):
        say_wish(turn)


def hear_refusals(turn: CueDraft) -> None:
    """Count what is said not to be had, give way where the brief says so, hold to promises."""
    open_before = turn.agenda.goals_open
    _broken_promises(turn)
    for goal in denied_goals(turn.perception, turn.agenda, turn.brief):
        if goal.id not in open_before:
            continue  # a promise just broken is protested against, not given up
        times = turn.agenda.denials.get(goal.id, 0) + 1
        turn.agenda = turn.agenda.with_(denials={**turn.agenda.denials, goal.id: times})
        way = goal.gives_way
        if way is not None and way.when == "refused" and times >= way.after:
            _give_way(turn, goal)


def think_again(turn: CueDraft) -> None:
    """Change one's mind about a goal that has been open for a while."""
    for goal in turn.brief.goals:
        way, raised = goal.gives_way, turn.agenda.raised.get(goal.id)
        if way is None or way.when != "second_thought" or goal.id not in turn.agenda.goals_open:
            continue
        # An opening names the matter, not the wish: what was only opened with is kept longer.
        wait = SECOND_THOUGHTS_AFTER * (1 if goal.id in turn.agenda.wished else 2)
        if raised is not None and turn.agenda.turn - raised >= wait:
            _give_way(turn, goal)
            return


def _give_way(turn: CueDraft, goal: Goal) -> None:
    way = goal.gives_way
    if way is None:
        return
    replacement = next((g for g in turn.brief.goals if g.id == way.to), None)
    turn.agenda = turn.agenda.dropping(goal, replacement)
    turn.add_first(Does.GIVE_WAY, way.says)
    if replacement is not None:
        turn.agenda = turn.agenda.raising(replacement)


def _broken_promises(turn: CueDraft) -> None:
    """What was accepted and is now said to be impossible."""
    for offer in turn.brief.offers:
        denied = turn.perception.denies.get(offer.id, 0.0) >= LIKELY
        proposed_too = turn.perception.offers.get(offer.id, 0.0) >= LIKELY
        if denied and not proposed_too and offer.id in turn.agenda.accepted:
            turn.agenda = turn.agenda.taking_back(offer, turn.brief)
            turn.add_line(Does.PROTEST, "broken_promise")


def _refuse(turn: CueDraft, offer: Offer) -> None:
    again = offer.id in turn.agenda.refused
    turn.agenda = turn.agenda.with_(refused=(*turn.agenda.refused, offer.id))
    if offer.response == "bargain":
        if again:
            turn.add_line(Does.BARGAIN, "more")
        else:
            turn.add(Does.BARGAIN, offer.says)
    elif again:
        turn.add_line(Does.REFUSE, "refused_already")
        say_wish(turn)
    else:
        turn.add(Does.REFUSE, offer.says)


def _accept(turn: CueDraft, offer: Offer) -> None:
    if offer.id in turn.agenda.accepted:
        return
    later = offer.id in turn.agenda.refused
    turn.agenda = turn.agenda.accepting(offer, turn.brief)
    done = turn.shows(Act.CONFIRMS_DONE) or turn.shows(Act.GIVES_DATE)
    dated = done or turn.agenda.confirmed
    turn.agenda = turn.agenda.with_(confirmed=done, stated=True)
    if turn.shows(Act.TRANSFERS) and not _meets_a_goal(turn, offer):
        turn.agenda = turn.agenda.with_(handed_over=True)
    says = offer.says_later if later and offer.says_later else offer.says
    turn.add(Does.ACCEPT, says)
    if turn.agenda.settled and not dated and "?" not in says and "？" not in says:
        turn.add_line(Does.STATE_GOAL, "when")


def _meets_a_goal(turn: CueDraft, offer: Offer) -> bool:
    return any(offer.id in goal.met_by for goal in turn.brief.goals)
