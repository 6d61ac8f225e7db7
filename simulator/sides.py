"""Whether a customer's line turned the sides round: says the agent's words, or swaps I and you."""

import re
from difflib import SequenceMatcher

from dialogue.language import clauses, units

ECHO = 4
"""Words (pairs of characters) from which a clause can be an echo."""
_FIRST = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|me|my|mine|we|us|our)\b|我", re.IGNORECASE)
_SECOND = re.compile(
    r"(?<!thank )(?<!see )\b(?:you|you're|you've|you'll|your|yours|u)\b(?! know)|[你您](?!们|好)",
    re.IGNORECASE,
)
_DONE_TO = re.compile(
    r"\b([a-z]{3,}) (me|you)\b|(帮|给|替|跟|让|告诉|赔|退)(我|你|您)", re.IGNORECASE
)

_SIDES = {"我": "你", "你": "我", "您": "我", "i": "you", "you": "i", "my": "your", "your": "my"}
_OTHER = re.compile(r"[我你您](?!们)|\b(?:i|you|my|your)\b")


def echoes(sentence: str, agent: str, means: str) -> bool:
    """Whether a clause of some length is the agent's own, and nothing that the meaning says."""
    spoken = [set(units(clause)) for clause in clauses(agent.replace("\n", " "))]
    meant = set(units(means))
    for clause in clauses(sentence):
        mine = set(units(clause))
        if len(mine) < ECHO or len(mine & meant) / len(mine) > 0.5:
            continue
        if any(len(mine & theirs) / len(mine) >= 0.8 for theirs in spoken):
            return True
    return False


def swaps_sides(sentence: str, meant: str, means: str) -> bool:
    """Whether who does it, or to whom, was turned round: "I took" → "you took".

    `meant`: the sentence of the meaning that is restated, `means`: all of it.
    """
    if _SECOND.search(sentence) and not re.search(r"\byou|\bu\b|[你您]", means, re.IGNORECASE):
        return True
    first, second = bool(_FIRST.search(sentence)), bool(_SECOND.search(sentence))
    meant_first, meant_second = bool(_FIRST.search(meant)), bool(_SECOND.search(meant))
    if (second and not first and meant_first and not meant_second) or (
        first and not second and meant_second and not meant_first
    ):
        return True
    before, after = _done_to(meant), _done_to(sentence)
    if any(verb in before and before[verb] != side for verb, side in after.items()):
        return True
    meant_clauses = [clause.lower() for clause in clauses(meant)]
    return any(_is_other_side(clause.lower(), meant_clauses) for clause in clauses(sentence))


def _is_other_side(clause: str, meant: list[str]) -> bool:
    """Whether a clause is one of the meaning's with I and you changed round."""
    turned = {_OTHER.sub(lambda found: _SIDES[found[0]], clause, count) for count in (0, 1)}
    as_it_is = max((_alike(clause, each) for each in meant), default=0.0)
    best = max((_alike(other, each) for other in turned - {clause} for each in meant), default=0.0)
    return best > 0.9 and best > as_it_is


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.strip(" .!?。！？"), other.strip(" .!?。！？")).ratio()


def _done_to(text: str) -> dict[str, bool]:
    """Verb → whether it is done to the speaker."""
    found = {}
    for en_verb, en_side, zh_verb, zh_side in _DONE_TO.findall(text):
        found[(en_verb or zh_verb).lower()] = (en_side or zh_side).lower() in ("me", "我")
    return found
