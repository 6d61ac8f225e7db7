"""Takes out of a customer's line what the customer keeps repeating."""

import re
from collections.abc import Sequence

from dialogue.language import clauses, numbers, sentences, units
from simulator.expected import Expected, content
from simulator.guard import is_flourish


def trimmed(sentence: str, expected: Expected, line: str = "") -> str:
    """A sentence without the flourishes that the customer keeps repeating.

    Small models copy their own lines: a "to be honest" said once is said in every line after. A
    clause that holds nothing of the meaning and was said before is cut; so is an opening word like
    "oh" that opened the last line too, a clause that stands in the sentence twice, and a ", love"
    that stands in the last line or in what was said of this one (`line`) already.
    """
    parts = re.split(r"(?<=[,，])", sentence)
    recent = [*expected.said[-1:], line]
    kept: list[str] = []
    for i, part in enumerate(parts):
        again = any(units(part) == units(each) for each in kept)
        tic = i > 0 and _tic(part, [*recent, *kept], expected)
        if not (again or tic or _worn(part, expected) or (parts[1:] and _called(part, expected))):
            kept.append(part)
    text = "".join(kept).strip().rstrip(",，") if kept else sentence
    if kept and kept[0] is not parts[0]:
        text = _beginning_like(sentence, text)
    opener = _OPENER.match(text)
    if opener and not _opens(expected.means, opener[1]):
        worn = any(_opens(line, opener[1]) for line in expected.said[-2:])
        text = _beginning_like(sentence, text[opener.end() :]) if worn else text
    closing = re.search(r"[.!?。！？]+$", sentence)
    return text if not closing or re.search(r"[.!?。！？]$", text) else text + closing[0]


def worn_out(sentence: str, expected: Expected) -> bool:
    """Whether a sentence is a flourish that was said as a sentence lately ("Kindly note it.")."""
    if not is_flourish(sentence, expected):
        return False
    lately = (part for line in expected.said[-FRESH_AFTER:] for part in sentences(line))
    return any(units(part) == units(sentence) for part in lately)


FRESH_AFTER = 4
"""Lines after which a flourish may come again."""
_OPENER = re.compile(
    r"((?:oh|ah|ach|och|aye|now|hey|yeah|well|look|ok|okay|啊|哎|喂|嗯)(?=[,，\s])|"
    r"[A-Za-z' ]{2,14}(?=[,，])|[\u4e00-\u9fff]{1,3}(?=[,，]))[,，\s]+(?=\S)",
    re.IGNORECASE,
)
"""A word or two before the first comma."""


def _opens(text: str, words: str) -> bool:
    return text.lower().startswith(words.strip().lower())


def _beginning_like(old: str, new: str) -> str:
    """A sentence whose opening was cut, with a capital where it had one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _tic(clause: str, recent: Sequence[str], expected: Expected) -> bool:
    """Whether a clause is a word or two of address or tone that was just said so."""
    words = units(clause)
    if not 1 <= len(words) <= 2 or numbers(clause) or set(words) & set(units(expected.means)):
        return False
    parts = (part for text in recent for sentence in sentences(text) for part in clauses(sentence))
    said = (units(part) for part in parts)
    return any(each[-len(words) :] == words for each in said)


def _called(clause: str, expected: Expected) -> bool:
    """Whether a clause calls somebody whom the meaning only speaks of ("Ach, Hugh, it was …")."""
    words = " ".join(re.findall(r"[A-Za-z']+", clause))
    if not re.fullmatch(r"(?:[A-Z][a-z]+ ?){1,2}", words):
        return False
    inside = re.search(rf"(?<=[a-z,'] ){words}\b", expected.means)
    own = (part for sentence in sentences(expected.means) for part in clauses(sentence))
    return bool(inside) and words not in (part.strip(" .!?") for part in own)


def _worn(clause: str, expected: Expected) -> bool:
    words = units(clause)
    if len(words) < 2 or numbers(clause) or set(words) & content(expected.means, expected):
        return False
    flat = " ".join(words)
    return flat not in " ".join(units(expected.means)) and any(
        flat in " ".join(units(line)) for line in expected.said
    )
