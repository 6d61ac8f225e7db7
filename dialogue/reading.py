"""What a message does as far as its words tell: patterns and wording together, without a model."""

from math import exp, log

from dialogue.perceive_settings import settings
from dialogue.rules import rule_acts
from dialogue.types import Act
from dialogue.wording import wording_acts


def message_acts(text: str) -> dict[Act, float]:
    """Probability of each act in an agent's message.

    A pattern that matches adds to the log-odds that the wording gives; one that does not match
    tells nothing, since patterns know few ways of saying things.
    """
    hits = rule_acts(text)
    if Act.EMPTY in hits:
        return {act: 0.99 if act is Act.EMPTY else 0.01 for act in Act}
    worded = wording_acts(text) | {Act.EMPTY: 0.0}
    weight = settings().rule_weight
    return {act: _p(_log_odds(worded[act]) + weight * (act in hits)) for act in Act}


def _log_odds(p: float) -> float:
    sure = min(max(p, 1e-4), 1 - 1e-4)
    return log(sure / (1 - sure))


def _p(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
