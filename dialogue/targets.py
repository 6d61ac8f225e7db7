"""What an agent's message asks for and what it offers, by the phrases that the scenario gives."""

import re
from collections.abc import Sequence
from functools import lru_cache

from dialogue.language import HAN, clauses, is_question, sentences, units
from dialogue.rules import HIT, normalise, sentence_acts
from dialogue.types import Act, Target

_NEGATED = re.compile(
    r"\b(can't|cannot|can not|couldn't|could not|won't|will not|unable|not able|don't|do not|"
    r"doesn't|isn't|is not|not (eligible|possible|entitled|covered)|no longer|instead of|"
    r"without|rather than|no (refund|replacement|voucher|discount)s?)\b"
    r"|不能|无法|没法|没办法|不可以|不予|不支持|不符合|[退换补赔办发修改取]不了|不给|而不是|不用|不需要|不会",
    re.IGNORECASE,
)
_NOT_NEGATED = re.compile(
    r"why don't (i|we)|don't worry|(don't|do not|no|needn't) need to|need not"
    r"|能不能|可不可以|会不会"
    r"|不用(您|你|退回|寄回)|不需要(您|你|退回|寄回)",
    re.IGNORECASE,
)
"""What only looks like a denial: questions, and sparing the customer an effort."""


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str]:
    """A phrase as it may stand in a text: on a word's start, or anywhere for Chinese."""
    escaped = re.escape(phrase.lower()).replace(r"\ ", r"\s+")
    return re.compile(escaped if HAN.search(phrase) else rf"(?<![a-z0-9]){escaped}")


def mentions(text: str, target: Target) -> bool:
    """Whether a text contains one of the target's phrases."""
    lower = text.lower()
    if any(_phrase(phrase).search(lower) for phrase in target.unless):
        return False
    return any(_phrase(phrase).search(lower) for phrase in target.phrases)


def negated(clause: str) -> bool:
    """Whether a clause denies what it mentions ("we cannot refund", "退不了款")."""
    return bool(_NEGATED.search(clause)) and not _NOT_NEGATED.search(clause)


def likeliest(text: str, targets: Sequence[Target]) -> list[Target]:
    """The targets, those first that share word beginnings with the text."""
    heard = {word[:4] for word in units(text.lower())}

    def shared(target: Target) -> int:
        words = " ".join((target.about, *target.phrases))
        return len(heard & {word[:4] for word in units(words) if len(word) > 3 or HAN.search(word)})

    return sorted(targets, key=shared, reverse=True)


def asked_by_rule(text: str, facts: Sequence[Target]) -> dict[str, float]:
    """Facts whose phrases stand in a sentence that asks for something."""
    found: dict[str, float] = {}
    for sentence in sentences(normalise(text)):
        acts = sentence_acts(sentence)
        if Act.ASKS not in acts and not is_question(sentence):
            continue
        if Act.CONFIRMS_DONE in acts or Act.ASKS_MORE in acts:
            continue
        found |= {fact.id: HIT for fact in facts if mentions(sentence, fact)}
    return found


def offered_by_rule(text: str, offers: Sequence[Target]) -> dict[str, float]:
    """Offers whose phrases stand in a clause that proposes, announces or confirms, undenied."""
    found: dict[str, float] = {}
    for sentence in sentences(normalise(text)):
        acts = sentence_acts(sentence)
        if not acts & {Act.PROPOSES, Act.CONFIRMS_DONE, Act.TRANSFERS, Act.HOLDS, Act.GIVES_DATE}:
            continue
        for clause in clauses(sentence):
            if not negated(clause):
                found |= {offer.id: HIT for offer in offers if mentions(clause, offer)}
    return found


def denied_by_rule(text: str, offers: Sequence[Target]) -> dict[str, float]:
    """Offers whose phrases stand in a statement that refuses or denies them."""
    found: dict[str, float] = {}
    for sentence in sentences(normalise(text)):
        if is_question(sentence):
            continue
        refused = Act.REFUSES in sentence_acts(sentence)
        for clause in clauses(sentence):
            if negated(clause) or (refused and Act.REFUSES in sentence_acts(clause)):
                found |= {offer.id: HIT for offer in offers if mentions(clause, offer)}
    return found


def corrected_by_rule(text: str, misbeliefs: Sequence[Target]) -> dict[str, float]:
    """Misbeliefs that a message puts right: one of their phrases stands in a statement."""
    plain = [s for s in sentences(normalise(text)) if not is_question(s)]
    return {m.id: HIT for m in misbeliefs if any(mentions(sentence, m) for sentence in plain)}
