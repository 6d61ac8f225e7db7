"""What a message does as far as its words tell: patterns and wording together, without a model."""

from math import exp, log

from dialogue.language import sentences
from dialogue.perceive_settings import settings
from dialogue.rules import rule_acts
from dialogue.types import Act
from dialogue.wording import wording_acts

GRAVE = frozenset(
    (Act.RUDE, Act.DISMISSES, Act.REFUSES, Act.OFF_TOPIC, Act.ATTACKS_MODEL, Act.CLOSES)
)

COURTEOUS = frozenset((Act.APOLOGISES, Act.EMPATHISES, Act.THANKS))
"""Acts beside whose patterns a message is hardly rude."""


def message_acts(text: str) -> dict[Act, float]:
    """Probability of each act in an agent's message.

    A pattern that matches adds to the log-odds that the wording gives; one that does not match
    tells nothing, since patterns know few ways of saying things. Only what would turn the customer
    against the agent (`GRAVE`) has to be rather sure without a pattern. A sentence that is sure by
    itself counts too: in a long message one act is drowned by the others.
    """
    if Act.EMPTY in rule_acts(text):
        return {act: 0.99 if act is Act.EMPTY else 0.01 for act in Act}
    odds = _odds(text)
    parts = sentences(text)
    for part in parts if len(parts) > 1 else ():
        alone = _odds(part)
        odds = {act: max(odds[act], alone[act] - settings().sentence_caution) for act in Act}
    return {act: _p(odds[act]) for act in Act}


def _odds(text: str) -> dict[Act, float]:
    hits = rule_acts(text)
    worded = wording_acts(text) | {Act.EMPTY: 0.0}
    return {act: _log_odds(worded[act]) + _push(act, hits) for act in Act}


def _push(act: Act, hits: set[Act]) -> float:
    """Log-odds beside those of the wording."""
    if act in hits:
        return settings().rule_weight
    if act is Act.RUDE and COURTEOUS & hits:
        return -settings().courtesy_caution
    return -settings().grave_caution if act in GRAVE else 0.0


def _log_odds(p: float) -> float:
    sure = min(max(p, 1e-4), 1 - 1e-4)
    return log(sure / (1 - sure))


def _p(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
