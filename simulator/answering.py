"""What the customer tells: the problem, what was asked for, the wish, and what comes unasked."""

from dialogue.types import Act
from scenarios.types import Goal
from simulator import lines
from simulator.agenda import LIKELY, asked_facts, next_goal, untold_volunteered
from simulator.drafting import CueDraft
from simulator.types import Does


def state_problem(turn: CueDraft) -> None:
    """Say what the matter is; a vague customer only says that there is one, the first time."""
    if turn.shows(Act.GREETS) and turn.agenda.turn == 1:
        turn.add_line(Does.GREET, "hello")
    vague = turn.manners.vague
    if turn.level.vague and vague and not turn.agenda.shown and turn.agenda.turn == 1:
        line = turn.draw.choice(vague)
        turn.agenda = turn.agenda.with_(shown=(line,))
        turn.add(Does.BE_VAGUE, line)
        return
    turn.add(Does.STATE_PROBLEM, turn.brief.opening)
    turn.agenda = turn.agenda.with_(stated=True)
    goal = next_goal(turn.brief, turn.agenda)
    if goal is not None:
        raised = {goal.id: turn.agenda.turn, **turn.agenda.raised}
        turn.agenda = turn.agenda.with_(raised=raised)


def answer(turn: CueDraft) -> None:
    """Tell what was asked for, as far as the brief allows."""
    asked = asked_facts(turn.perception, turn.brief)
    for fact in asked:
        if fact.when == "never":
            turn.add_line(Does.WITHHOLD, "withhold")
        elif fact.when == "unknown":
            turn.add(Does.DOES_NOT_KNOW, fact.says)
        else:
            again = fact.id in turn.agenda.told and fact.id in turn.agenda.asked
            if again and Does.PROTEST not in turn.acts:
                turn.add_line(Does.PROTEST, "told_already")
            turn.add(Does.GIVE_FACT, fact.says, fact.id)
    ids = tuple(fact.id for fact in asked if fact.id not in turn.agenda.asked)
    turn.agenda = turn.agenda.with_(asked=turn.agenda.asked + ids)
    if _asks(turn, lines.WISH):
        say_wish(turn, asked=True)
    elif _asks(turn, lines.PROBLEM) and not turn.says:
        _tell_more(turn)
    elif not turn.says:
        _answer_small_talk(turn)


def say_wish(turn: CueDraft, asked: bool = False) -> None:
    """Put the goal that is due into words; said lately, it is said again only when `asked` for."""
    goal = next_goal(turn.brief, turn.agenda)
    if goal is None:
        return
    if goal.wants in turn.agenda.used and not asked:
        if not turn.says:
            turn.add_line(Does.INSIST, "insist_more")
    elif turn.add(Does.STATE_GOAL, goal.wants):
        turn.agenda = turn.agenda.raising(goal)
        turn.agenda = turn.agenda.with_(used=(*turn.agenda.used, goal.wants)[-8:])


def volunteer(turn: CueDraft) -> None:
    """Facts that the customer tells unasked, in the brief's order, as many as the level lets."""
    for _ in range(turn.level.unasked):
        before = len(turn.says)
        _volunteer_one(turn)
        if len(turn.says) == before:
            return


def learn(turn: CueDraft) -> None:
    """See that something was wrong which had been taken for granted."""
    for misbelief in turn.level.misbeliefs(turn.brief):
        right = turn.perception.corrects.get(misbelief.id, 0.0) >= LIKELY
        if right and misbelief.id not in turn.agenda.corrected:
            turn.agenda = turn.agenda.with_(corrected=(*turn.agenda.corrected, misbelief.id))
            if misbelief.id in turn.agenda.believed:
                turn.add(Does.LEARN, misbelief.learns)


def believe(turn: CueDraft) -> None:
    """Say one thing that is taken for granted and wrong, unless it was put right before.

    Only in a matter that was stated and of which nothing has been settled yet.
    """
    if not turn.agenda.stated or turn.agenda.goals_met:
        return
    for misbelief in turn.level.misbeliefs(turn.brief):
        known = {*turn.agenda.corrected, *turn.agenda.believed}
        if misbelief.id in known or len(turn.says) >= 2:
            continue
        turn.agenda = turn.agenda.with_(believed=(*turn.agenda.believed, misbelief.id))
        turn.add(Does.BELIEVE, misbelief.says)
        return


def has_unsaid(turn: CueDraft) -> Goal | None:
    """The goal that is due, when it has not been put into words yet."""
    goal = next_goal(turn.brief, turn.agenda)
    return goal if goal is not None and goal.id not in turn.agenda.wished else None


def asks_for_data(turn: CueDraft) -> bool:
    """Whether something is asked that a customer could look up, and this one does not have."""
    return _asks(turn, lines.DATA)


def _asks(turn: CueDraft, question: str) -> bool:
    return turn.perception.asks.get(question, 0.0) >= LIKELY


def _tell_more(turn: CueDraft) -> None:
    fact = untold_volunteered(turn.brief, turn.agenda)
    if fact is not None:
        turn.add(Does.GIVE_FACT, fact.says, fact.id)
    elif not turn.agenda.settled:
        turn.add(Does.STATE_PROBLEM, turn.brief.opening)


def _answer_small_talk(turn: CueDraft) -> None:
    for question, key in lines.SMALL.items():
        # "Shall I …?" about something that nobody knows here is not agreed to.
        consent = question == "_ok" and turn.shows(Act.PROPOSES) and not turn.shows(Act.HOLDS)
        if _asks(turn, question) and not consent:
            turn.add_line(Does.AGREE, key)
            return


def _volunteer_one(turn: CueDraft) -> None:
    told = turn.agenda.told_now(tuple(turn.facts))
    fact = untold_volunteered(turn.brief, told)
    if fact is not None:
        turn.add(Does.GIVE_FACT, fact.says, fact.id)
