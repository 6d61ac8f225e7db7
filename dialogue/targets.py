"""What an agent's message asks for and what it offers, by the phrases that the scenario gives."""

import re
from collections.abc import Sequence
from functools import lru_cache

from dialogue.language import HAN, clauses, is_question, sentences, units
from dialogue.rules import HIT, sentence_acts
from dialogue.spelling import normalise
from dialogue.types import Act, Target

_NEGATED = re.compile(
    r"\b(can't|cannot|can not|couldn't|could not|won't|will not|unable|not able|don't|do not|"
    r"doesn't|isn't|is not|not (eligible|possible|entitled|covered)|no longer|instead of|"
    r"without|rather than|(you're|you are|we're|we are) not|forget( about)?|mustn't|must not|never|"
    r"no (refund|replacement|voucher|discount)s?)\b"
    r"|不能|无法|没法|没办法|不可能|没有的|难以|恕|做不到|办不到|不可以|不予|不支持|不符合|[退换补赔办发修改取]不了|不给|而不是|不用|不需要|不会",
    re.IGNORECASE,
)
_NOT_NEGATED = re.compile(
    r"why don't (i|we)|if you (can't|cannot|couldn't)|so (that )?(it|they|this) (can't|won't)|"
    r"(won't|will not) (affect|cost|happen)|not only|never mind|"
    r"don't worry|(don't|do not|no|needn't) need to|need not"
    r"|(doesn't|won't|don't) (hang|depend|wait) (on|for)"
    r"|能不能|可不可以|会不会"
    r"|不用(您|你|退回|寄回)|不需要(您|你|退回|寄回)",
    re.IGNORECASE,
)
"""What only looks like a denial: questions, and sparing the customer an effort."""


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str]:
    """A phrase as it may stand in a text: on a word's start, or anywhere for Chinese."""
    escaped = re.escape(_plain(phrase)).replace(r"\ ", r"\s+")
    return re.compile(escaped if HAN.search(phrase) else rf"(?<![a-z0-9]){escaped}")


def mentions(text: str, target: Target) -> bool:
    """Whether a text contains one of the target's phrases."""
    return bool(_mentioned(text, target))


def _mentioned(text: str, target: Target) -> list[str]:
    """The target's phrases that stand in a text; none beside one of `unless`."""
    plain = _plain(text)
    if any(_phrase(phrase).search(plain) for phrase in target.unless):
        return []
    return [phrase for phrase in target.phrases if _phrase(phrase).search(plain)]


def _plain(text: str) -> str:
    """Lower case and one spelling; how politely "you" is said makes no difference."""
    return normalise(text).lower().replace("您", "你")


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


_TOPIC = re.compile(r"关于|至于|对于|regarding\b|as (for|to)\b|concerning\b", re.IGNORECASE)
"""How a clause begins that names what the next one is about."""
_COURTESY = re.compile(
    r"\b(please|and|plus|come on|the|your)\b|麻烦|请|一下|赶紧|和", re.IGNORECASE
)
"""What stands beside the names of facts in a list and names none."""
LISTING = 0.5
"""Share of a sentence's characters that names of facts make up, from which it lists them."""
OFFERING = frozenset((Act.PROPOSES, Act.CONFIRMS_DONE, Act.TRANSFERS, Act.HOLDS, Act.GIVES_DATE))
"""Acts by which something is offered, announced or confirmed."""
TELLING = frozenset((Act.CONFIRMS_DONE, Act.EXPLAINS, Act.GIVES_DATE, Act.PROPOSES, Act.REFUSES))
"""Acts by which a sentence tells, so that it asks for nothing because another one does."""
_INSTEAD = re.compile(r"\s+(?=(?:rather than|instead of)\b)|，?(?=而不是)", re.IGNORECASE)


def asked_by_rule(text: str, facts: Sequence[Target], asking: bool = False) -> dict[str, float]:
    """Facts whose phrases stand in a sentence that asks for something.

    `asking`: the message as a whole asks; then, where no sentence shows it by its form, each may.
    """
    parts = sentences(normalise(text))
    asks = [part for part in parts if _asks(part) or _is_list(part, facts)]
    if asking:
        asks = [p for p in parts if p in asks or not sentence_acts(p) & TELLING] if asks else parts
    return {f.id: HIT for part in asks for f in facts if mentions(part, f)}


def _asks(sentence: str) -> bool:
    acts = sentence_acts(sentence)
    if Act.CONFIRMS_DONE in acts or Act.ASKS_MORE in acts:
        return False
    return Act.ASKS in acts or is_question(sentence)


def _is_list(sentence: str, facts: Sequence[Target]) -> bool:
    """Whether a sentence is little else than names of facts: "Order number and postcode.", or a
    line of a form to be filled in: "Order number:".
    """
    if re.search(r"[:：]\s*$", sentence) and any(mentions(sentence, fact) for fact in facts):
        return True
    bare = _COURTESY.sub("", _plain(sentence)).strip(" .,!?。，！？")
    named = (max(_mentioned(bare, fact), key=len, default="") for fact in facts)
    return sum(map(len, named)) >= LISTING * len(bare) > 0


def offered_by_rule(
    text: str, offers: Sequence[Target], offering: bool = False
) -> dict[str, float]:
    """Offers whose phrases stand, undenied, in a clause that proposes, announces or confirms.

    `offering`: the message as a whole does so; then each of its sentences may.
    """
    found: dict[str, float] = {}
    for sentence in sentences(normalise(text)):
        if not offering and not sentence_acts(sentence) & OFFERING:
            continue
        for clause in _granted(sentence):
            found |= {offer.id: HIT for offer in offers if mentions(clause, offer)}
    return found


def _granted(sentence: str) -> list[str]:
    """The clauses of a sentence that deny nothing and do not name what the next one denies."""
    parts = _parts(sentence)
    denying = [negated(part) or Act.REFUSES in sentence_acts(part) for part in parts]
    topics = [bool(_TOPIC.match(part)) for part in parts]
    return [
        part
        for part, denies, topic, next_denies in zip(
            parts, denying, topics, [*denying[1:], False], strict=True
        )
        if not denies and not (topic and next_denies)
    ]


def _parts(sentence: str) -> list[str]:
    """The clauses of a sentence; what something stands instead of is one of its own."""
    return [part for clause in clauses(sentence) for part in _INSTEAD.split(clause) if part]


def denied_by_rule(text: str, offers: Sequence[Target]) -> dict[str, float]:
    """Offers whose phrases stand in a statement that refuses or denies them."""
    found: dict[str, float] = {}
    for sentence in sentences(normalise(text)):
        if is_question(sentence):
            continue
        refused = Act.REFUSES in sentence_acts(sentence)
        for clause in _parts(sentence):
            if negated(clause) or (refused and Act.REFUSES in sentence_acts(clause)):
                found |= {offer.id: HIT for offer in offers if mentions(clause, offer)}
    return found


def corrected_by_rule(text: str, misbeliefs: Sequence[Target]) -> dict[str, float]:
    """Misbeliefs that a message puts right: one of their phrases stands in a statement."""
    plain = [s for s in sentences(normalise(text)) if not is_question(s)]
    return {m.id: HIT for m in misbeliefs if any(mentions(sentence, m) for sentence in plain)}
