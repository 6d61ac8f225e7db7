"""Difficult behaviours: what a persona adds to what the agenda has it say, and when."""

from collections.abc import Callable

from dialogue.types import Act
from simulator.drafting import CueDraft
from simulator.types import Does

CALM, TENSE = 0.35, 0.5
"""Heat below which a customer rambles, and above which they are near tears."""
WORN, SHORT = 0.6, 0.4
"""Patience below which a customer hurries the agent, and threatens to leave."""


def misbehave(turn: CueDraft) -> None:
    """Show one difficult behaviour of the persona's, if the level and the moment bring it."""
    if turn.draw.random() >= turn.level.manners:
        return
    for act, lines, fits in _kinds(turn):
        fresh = [line for line in lines if line not in turn.agenda.shown]
        if fresh and fits(turn):
            line = turn.draw.choice(fresh)
            turn.agenda = turn.agenda.with_(shown=(*turn.agenda.shown, line))
            turn.add(act, line)
            return


def _kinds(turn: CueDraft) -> list[tuple[Does, tuple[str, ...], Callable[[CueDraft], bool]]]:
    manners = turn.manners
    return [
        (Does.CRY, manners.cries, _in_tears),
        (Does.THREATEN, manners.threatens, _threatening),
        (Does.DISTRUST, manners.distrusts, _doubting),
        (Does.HURRY, manners.impatient, _hurried),
        (Does.RAMBLE, manners.rambles, _chatty),
    ]


def _in_tears(turn: CueDraft) -> bool:
    hurt = any(turn.shows(act) for act in (Act.RUDE, Act.DISMISSES, Act.REFUSES))
    return hurt or turn.agenda.feeling.heat > TENSE or Does.STATE_PROBLEM in turn.acts


def _threatening(turn: CueDraft) -> bool:
    let_down = Does.REFUSE in turn.acts or Does.PROTEST in turn.acts
    return turn.agenda.feeling.patience < SHORT or (let_down and turn.agenda.feeling.heat > CALM)


def _doubting(turn: CueDraft) -> bool:
    promised = any(turn.shows(act) for act in (Act.CONFIRMS_DONE, Act.GIVES_DATE))
    return promised or bool(turn.perception.offers) or Does.GIVE_FACT in turn.acts


def _hurried(turn: CueDraft) -> bool:
    return turn.shows(Act.HOLDS) or turn.agenda.feeling.patience < WORN


def _chatty(turn: CueDraft) -> bool:
    return turn.agenda.feeling.heat < CALM or Does.GIVE_FACT in turn.acts
