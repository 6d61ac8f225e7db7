"""Guard out: is a line the model wrote the customer's, and does it say the cue and nothing else?

A line is compared with the cue's meaning by content words (pairs of characters in Chinese): what
the meaning holds must be kept, and little may come from nowhere. Lines are short restatements, so
overlap is a strong signal here; it would not be for free text.
"""

import re
from collections.abc import Sequence
from typing import Literal

from dialogue.language import clauses, detect, is_question, numbers, sentences, units
from dialogue.numerals import figures
from simulator.expected import Expected, content, table
from simulator.sides import echoes, swaps_sides

Kind = Literal["role_break", "leak", "wrong_fact", "loop", "language", "meta", "off_cue", "empty"]


def sentence_problem(sentence: str, expected: Expected) -> Kind | None:
    """What is wrong with one sentence of a line, if anything."""
    rules = table().rules(expected.language)
    if _matches(rules.meta, sentence, expected.means):
        return "meta"
    if _matches(rules.role_break, sentence, expected.means):
        return "role_break"
    if detect(sentence) not in (None, expected.language) and not _latin_name(sentence, expected):
        return "language"
    if numbers_added(sentence, expected) or times(sentence, expected) - times(
        expected.means, expected
    ):
        return "wrong_fact"
    if leaked(sentence, expected):
        return "leak"
    return _stray_problem(_without_flourishes(sentence, expected), expected)


def _stray_problem(sentence: str, expected: Expected) -> Kind | None:
    """What is wrong with who speaks and what is said, if anything; nothing with no words."""
    meant = nearest(sentence, expected)
    if echoes(sentence, expected.agent, expected.means) or swaps_sides(
        sentence, meant, expected.means
    ):
        return "role_break"
    if _matches((table().rules(expected.language).farewell,), sentence, expected.means):
        return "off_cue"
    strays = (_drifts, _says_something_else, _replaces, _inverted, _unconditional)
    return "off_cue" if any(stray(sentence, expected) for stray in strays) else None


def numbers_added(line: str, expected: Expected) -> set[str]:
    """The figures of a line that neither its meaning nor the message before it has."""
    return figures(line) - figures(expected.means) - figures(expected.agent)


def line_problem(line: str, expected: Expected) -> Kind | None:
    """What is wrong with a line as it was shown, if anything: then it must not be graded by."""
    for sentence in sentences(line):
        if problem := sentence_problem(sentence, expected):
            return problem
    return "off_cue" if missing(line, expected) else None


def missing(line: str, expected: Expected) -> list[str]:
    """The sentences of the meaning that a line does not say; courtesies may go unsaid."""
    have = content(line, expected)
    return [part for part in sentences(expected.means) if not _says(part, line, have, expected)]


def times(text: str, expected: Expected) -> set[str]:
    """The days and parts of days that a text names."""
    pattern = table().rules(expected.language).times
    return {found.lower() for found in re.findall(pattern, text, re.IGNORECASE)}


def _says(part: str, line: str, have: set[str], expected: Expected) -> bool:
    if not times(part, expected) <= times(line, expected):
        return False
    is_fact = any(part in fact for fact in expected.facts)
    digits = numbers(part)
    if digits and not is_fact:
        return digits <= numbers(line)
    wanted = content(part, expected)
    if len(wanted) < 2:
        return len(units(part)) < LONG or _kept(set(units(part)), set(units(line))) >= 0.5
    least = table().least_kept_of_facts if is_fact else table().least_kept
    # A fact's number, or its name, is the fact: "number's 4471" says all of it.
    names = set(_NAME.findall(part))
    if is_fact and names and not digits and names <= set(_NAME.findall(f". {line}")):
        return True
    enough = _kept(wanted, have) >= (table().least_kept if digits else least)
    return digits <= numbers(line) and enough


_NAME = re.compile(r"(?<=[a-z,.'] )[A-Z][a-z]+")
"""Words with a capital that stand in mid-sentence."""
_NOT = re.compile(r"n't\b|\b(?:not|never|cannot)\b", re.IGNORECASE)
LONG = 5
"""Words from which a sentence without content must be said all the same."""
FOREIGN = 0.3
"""Share of a clause's words among the known below which the clause is from elsewhere."""


def repeats(line: str, expected: Expected) -> bool:
    """Whether a line of some length was said before, nearly word for word."""
    mine = set(units(line))
    if len(mine) < 4:
        return False
    return any(
        len(mine & set(units(old))) / max(len(mine | set(units(old))), 1) >= table().loop_overlap
        for old in expected.said
    )


def said_already(sentence: str, line: str) -> bool:
    """Whether a sentence of some length says only words that its own line has said."""
    mine = set(units(sentence))
    return len(mine) >= LONG and len(mine & set(units(line))) / len(mine) >= table().loop_overlap


def carries(sentence: str, expected: Expected) -> bool:
    """Whether a sentence holds anything of the meaning."""
    if set(units(sentence)) & set(units(expected.means)) or not units(expected.means):
        return True
    greeting = re.compile(table().rules(expected.language).greeting, re.IGNORECASE)
    return bool(greeting.match(sentence) and greeting.match(expected.means))


def echoed(sentence: str, expected: Expected) -> bool:
    """Whether all of a short sentence stands in the agent's message."""
    return set(units(sentence)) <= set(units(expected.agent))


def leaked(text: str, expected: Expected) -> bool:
    """Whether a text tells something hidden: most of the words that only the hidden line has."""
    open_words = set(units(expected.means)) | set(units(expected.agent))
    for line in expected.said:
        open_words |= set(units(line))
    filler = table().rules(expected.language).filler
    have = set(units(text))
    for secret in expected.hidden:
        telling = set(units(secret)) - open_words - filler
        if len(telling) >= 2 and len(telling & have) / len(telling) >= 0.6:
            return True
    return False


def _matches(patterns: Sequence[str], text: str, means: str) -> bool:
    """A pattern counts unless the meaning itself says so."""
    return any(
        re.search(pattern, text, re.IGNORECASE) and not re.search(pattern, means, re.IGNORECASE)
        for pattern in patterns
    )


def _latin_name(sentence: str, expected: Expected) -> bool:
    """Names and codes in another script that the meaning has too are no language slip."""
    return set(units(sentence)) <= set(units(expected.means))


def _same(a: str, b: str) -> bool:
    """Whether two words are forms of one: equal, or alike in their first four letters."""
    return a == b or (len(a) > 4 and len(b) > 4 and a[:4] == b[:4])


def _kept(wanted: set[str], have: set[str]) -> float:
    if not wanted:
        return 1.0
    return sum(any(_same(w, h) for h in have) for w in wanted) / len(wanted)


def _drifts(sentence: str, expected: Expected) -> bool:
    """Whether too much of a sentence comes from nowhere."""
    mine = content(sentence, expected) - expected.voice
    known = content(expected.means, expected)
    if len(known) < 2:
        # A meaning of small words only ("Why do you need that?"): compare all words instead.
        words = set(units(sentence)) - expected.voice
        return len(words) > 2 and len(words & set(units(expected.means))) / len(words) < 0.4
    new = {word for word in mine if not any(_same(word, old) for old in known)}
    if len(new) >= 2 and len(new) / len(mine) > table().most_new:
        return True
    return _straying(sentence, known, expected) >= table().stray_words[expected.language]


def _straying(sentence: str, known: set[str], expected: Expected) -> int:
    """Words of content in clauses that have nothing to do with the meaning."""
    found = 0
    for clause in clauses(sentence):
        mine = content(clause, expected) - expected.voice
        if not _in_common(mine, known):
            found += len(mine)
    return found


def is_flourish(sentence: str, expected: Expected) -> bool:
    """Whether a few words are nothing but the persona's manner: "I am telling you." """
    words = set(units(sentence))
    manner = expected.voice | table().rules(expected.language).filler
    return len(words) < LONG and words <= manner and bool(content(sentence, expected))


def _without_flourishes(sentence: str, expected: Expected) -> str:
    parts = re.split(r"(?<=[,，])", sentence)
    return "".join(part for part in parts if not is_flourish(part, expected)).rstrip(",， ")


def _says_something_else(sentence: str, expected: Expected) -> bool:
    """Whether a sentence of some length has no word of content in common with the meaning."""
    mine, meant = set(units(sentence)), set(units(expected.means))
    if len(mine) < LONG or len(mine & meant) / len(mine) >= 0.5:
        return False
    return not _in_common(content(sentence, expected), content(expected.means, expected))


def _replaces(sentence: str, expected: Expected) -> bool:
    """Whether a clause of the meaning went missing and one from nowhere stands for it."""
    meant, mine = set(units(expected.means)), set(units(sentence))
    new = [c for c in _foreign_clauses(sentence, meant, expected) if not c <= expected.voice]
    return bool(new and _foreign_clauses(nearest(sentence, expected), mine, expected))


def _foreign_clauses(text: str, known: set[str], expected: Expected) -> list[set[str]]:
    """The words of the clauses of some length that are hardly among the known; no greetings."""
    greeting = re.compile(table().rules(expected.language).greeting, re.IGNORECASE)
    parts = (set(units(part)) for part in clauses(text) if not greeting.match(part))
    return [part for part in parts if len(part) > 2 and _kept(part, known) < FOREIGN]


def _in_common(some: set[str], others: set[str]) -> bool:
    return any(_same(word, other) for word in some for other in others)


def nearest(sentence: str, expected: Expected) -> str:
    """The sentence of the meaning that a sentence restates best."""
    mine = set(units(sentence))
    return max(sentences(expected.means) or [""], key=lambda part: len(mine & set(units(part))))


_REFUSAL = re.compile(r"\W*((?:ah|oh|well|eh)\W+)*(no|nah|nope)\b|不(?!好意思)", re.IGNORECASE)


def _inverted(sentence: str, expected: Expected) -> bool:
    """Whether a refusal lost or gained its no, or a question and a statement were swapped."""
    meant = nearest(sentence, expected)
    refusing = [bool(_REFUSAL.match(part)) for part in sentences(expected.means)]
    if _REFUSAL.match(sentence) and not any(refusing):
        return True
    negation = re.compile(table().rules(expected.language).negation, re.IGNORECASE)
    if _REFUSAL.match(meant) and not negation.search(sentence):
        return True
    if _negations(sentence) > max(map(_negations, sentences(expected.means)), default=0):
        return True
    return _swapped(sentence, meant, expected)


def _unconditional(sentence: str, expected: Expected) -> bool:
    """Whether an "if", "unless" or "only" went missing from a sentence that is said else."""
    condition = re.compile(table().rules(expected.language).condition, re.IGNORECASE)
    meant = nearest(sentence, expected)
    if not condition.search(meant) or condition.search(sentence):
        return False
    return _kept(content(meant, expected), content(sentence, expected)) > table().least_kept


def _negations(text: str) -> int:
    """How often a clause at most says no: "wouldn't rather not" says it twice."""
    return max((len(_NOT.findall(part)) for part in clauses(text)), default=0)


def _swapped(sentence: str, meant: str, expected: Expected) -> bool:
    """A question answered instead of asked, or a statement turned into a question."""
    if is_question(meant) == is_question(sentence):
        return False
    if is_question(sentence):
        asked = [part for part in sentences(expected.means) if is_question(part)]
        mine = content(sentence, expected)
        stated = len(mine & content(meant, expected)) > 1
        return not asked or (stated and not any(mine & content(q, expected) for q in asked))
    return bool(content(sentence, expected) & content(meant, expected))
