"""Guard out: is a line the model wrote the customer's, and does it say the cue and nothing else?

A line is compared with the cue's meaning by content words (pairs of characters in Chinese): what
the meaning holds must be kept, and little may come from nowhere. Lines are short restatements, so
overlap is a strong signal here; it would not be for free text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from dialogue.language import clauses, detect, is_question, numbers, sentences, units

Kind = Literal["role_break", "leak", "wrong_fact", "loop", "language", "meta", "off_cue", "empty"]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role_break: tuple[str, ...]
    meta: tuple[str, ...]
    farewell: str
    """Goodbyes: only where the cue has one."""
    negation: str
    filler: frozenset[str]
    """Words that carry no content. One text in the file: YAML reads `on` and `no` as booleans."""

    @field_validator("filler", mode="before")
    @classmethod
    def _split(cls, text: object) -> object:
        return text.split() if isinstance(text, str) else text


class GuardTable(BaseModel):
    """`simulator/guard.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provenance: str
    least_kept: float
    most_new: float
    loop_overlap: float
    en: _Rules
    zh: _Rules

    def rules(self, language: str) -> _Rules:
        """The rules of one language."""
        return self.zh if language == "zh" else self.en


@lru_cache(maxsize=1)
def table() -> GuardTable:
    """The shipped rules."""
    text = files("simulator").joinpath("guard.yaml").read_text("utf-8")
    return GuardTable.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class Expected:
    """What a line may be: the cue's meaning and what was said before."""

    language: str
    means: str
    agent: str
    """The agent's message that is answered."""
    said: tuple[str, ...] = ()
    """The customer's earlier lines."""
    hidden: tuple[str, ...] = ()
    """What the brief holds and this cue does not allow."""
    voice: frozenset[str] = frozenset()
    """Words that are this persona's manner, not content."""


def voice_units(pairs: Sequence[tuple[str, str]]) -> frozenset[str]:
    """The words a persona adds of its own: in what it says, not in what it means."""
    found: set[str] = set()
    for means, says in pairs:
        found |= set(units(says)) - set(units(means))
    return frozenset(found)


def sentence_problem(sentence: str, expected: Expected) -> Kind | None:
    """What is wrong with one sentence of a line, if anything."""
    rules = table().rules(expected.language)
    if _matches(rules.meta, sentence, expected.means):
        return "meta"
    if _matches(rules.role_break, sentence, expected.means):
        return "role_break"
    if detect(sentence) not in (None, expected.language) and not _latin_name(sentence, expected):
        return "language"
    if numbers_added(sentence, expected):
        return "wrong_fact"
    if leaked(sentence, expected):
        return "leak"
    if echoes(sentence, expected) or swaps_sides(sentence, _nearest(sentence, expected)):
        return "role_break"
    if _matches((rules.farewell,), sentence, expected.means):
        return "off_cue"
    return "off_cue" if _drifts(sentence, expected) or _inverted(sentence, expected) else None


def numbers_added(line: str, expected: Expected) -> set[str]:
    """The figures of a line that neither its meaning nor the message before it has."""
    return numbers(line) - numbers(expected.means) - numbers(expected.agent)


def line_problem(line: str, expected: Expected) -> Kind | None:
    """What is wrong with a line as it was shown, if anything: then it must not be graded by."""
    for sentence in sentences(line):
        if problem := sentence_problem(sentence, expected):
            return problem
    return "off_cue" if missing(line, expected) else None


def missing(line: str, expected: Expected) -> list[str]:
    """The sentences of the meaning that a line does not say; courtesies may go unsaid."""
    have = _content(line, expected)
    return [part for part in sentences(expected.means) if not _says(part, line, have, expected)]


def _says(part: str, line: str, have: set[str], expected: Expected) -> bool:
    figures = numbers(part)
    if figures:
        return figures <= numbers(line)
    wanted = _content(part, expected)
    return len(wanted) < 2 or _kept(wanted, have) >= table().least_kept


def trimmed(sentence: str, expected: Expected) -> str:
    """A sentence without the flourishes that the customer keeps repeating.

    Small models copy their own lines: a "to be honest" said once is said in every line after. A
    clause that holds nothing of the meaning and was said before is cut; so is an opening word like
    "oh" that opened the last line too.
    """
    parts = re.split(r"(?<=[,，])", sentence)
    kept = [part for part in parts if not _worn(part, expected)]
    text = "".join(kept).strip().rstrip(",，") if kept else sentence
    if kept and kept[0] is not parts[0]:
        text = _beginning_like(sentence, text)
    opener = _OPENER.match(text)
    if opener and not _opens(expected.means, opener[1]):
        worn = any(_opens(line, opener[1]) for line in expected.said[-2:])
        text = _beginning_like(sentence, text[opener.end() :]) if worn else text
    closing = re.search(r"[.!?。！？]+$", sentence)
    return text if not closing or re.search(r"[.!?。！？]$", text) else text + closing[0]


_OPENER = re.compile(
    r"((?:oh|ah|hey|yeah|well|look|ok|okay|啊|哎|喂|嗯)(?=[,，\s])|"
    r"[A-Za-z' ]{2,14}(?=[,，])|[\u4e00-\u9fff]{1,3}(?=[,，]))[,，\s]+(?=\S)",
    re.IGNORECASE,
)
"""A word or two before the first comma."""


def _opens(text: str, words: str) -> bool:
    return text.lower().startswith(words.strip().lower())


def _beginning_like(old: str, new: str) -> str:
    """A sentence whose opening was cut, with a capital where it had one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _worn(clause: str, expected: Expected) -> bool:
    words = units(clause)
    if len(words) < 2 or numbers(clause) or set(words) & _content(expected.means, expected):
        return False
    flat = " ".join(words)
    return flat not in " ".join(units(expected.means)) and any(
        flat in " ".join(units(line)) for line in expected.said
    )


def repeats(line: str, expected: Expected) -> bool:
    """Whether a line of some length was said before, nearly word for word."""
    mine = set(units(line))
    if len(mine) < 4:
        return False
    return any(
        len(mine & set(units(old))) / max(len(mine | set(units(old))), 1) >= table().loop_overlap
        for old in expected.said
    )


def echoes(sentence: str, expected: Expected) -> bool:
    """Whether a clause of some length is the agent's own, and nothing that the meaning says."""
    spoken = [set(units(clause)) for clause in clauses(expected.agent.replace("\n", " "))]
    meant = set(units(expected.means))
    for clause in clauses(sentence):
        mine = set(units(clause))
        if len(mine) < ECHO or len(mine & meant) / len(mine) > 0.5:
            continue
        if any(len(mine & theirs) / len(mine) >= 0.8 for theirs in spoken):
            return True
    return False


ECHO = 4
"""Words (pairs of characters) from which a clause can be an echo."""
_FIRST = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|me|my|mine|we|us|our)\b|我", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:you|you're|you've|you'll|your|yours|u)\b|[你您](?!们)", re.IGNORECASE)
_DONE_TO = re.compile(
    r"\b([a-z]{3,}) (me|you)\b|(帮|给|替|跟|让|告诉|赔|退)(我|你|您)", re.IGNORECASE
)


def swaps_sides(sentence: str, meant: str) -> bool:
    """Whether who does it, or to whom, was turned round: "I took" → "you took"."""
    first, second = bool(_FIRST.search(sentence)), bool(_SECOND.search(sentence))
    meant_first, meant_second = bool(_FIRST.search(meant)), bool(_SECOND.search(meant))
    if (second and not first and meant_first and not meant_second) or (
        first and not second and meant_second and not meant_first
    ):
        return True
    before, after = _done_to(meant), _done_to(sentence)
    return any(verb in before and before[verb] != side for verb, side in after.items())


def _done_to(text: str) -> dict[str, bool]:
    """Verb → whether it is done to the speaker."""
    found = {}
    for en_verb, en_side, zh_verb, zh_side in _DONE_TO.findall(text):
        found[(en_verb or zh_verb).lower()] = (en_side or zh_side).lower() in ("me", "我")
    return found


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


def _content(text: str, expected: Expected) -> set[str]:
    return set(units(text)) - table().rules(expected.language).filler


def _same(a: str, b: str) -> bool:
    """Whether two words are forms of one: equal, or alike in their first four letters."""
    return a == b or (len(a) > 4 and len(b) > 4 and a[:4] == b[:4])


def _kept(wanted: set[str], have: set[str]) -> float:
    if not wanted:
        return 1.0
    return sum(any(_same(w, h) for h in have) for w in wanted) / len(wanted)


def _drifts(sentence: str, expected: Expected) -> bool:
    """Whether too much of a sentence comes from nowhere."""
    mine = _content(sentence, expected) - expected.voice
    known = _content(expected.means, expected)
    if len(known) < 2:
        # A meaning of small words only ("Why do you need that?"): compare all words instead.
        words = set(units(sentence)) - expected.voice
        return len(words) > 2 and len(words & set(units(expected.means))) / len(words) < 0.4
    new = {word for word in mine if not any(_same(word, old) for old in known)}
    return len(new) >= 2 and len(new) / len(mine) > table().most_new


def _nearest(sentence: str, expected: Expected) -> str:
    """The sentence of the meaning that a sentence restates best."""
    mine = set(units(sentence))
    return max(sentences(expected.means) or [""], key=lambda part: len(mine & set(units(part))))


_REFUSAL = re.compile(r"\W*(no|nah|nope)\b|不(?!好意思)", re.IGNORECASE)


def _inverted(sentence: str, expected: Expected) -> bool:
    """Whether a refusal lost its no, or a question and a statement were swapped."""
    nearest = _nearest(sentence, expected)
    negation = re.compile(table().rules(expected.language).negation, re.IGNORECASE)
    if negation.search(sentence):
        gained = not negation.search(expected.means)
        if gained and _REFUSAL.match(sentence):
            return True
    elif _REFUSAL.match(nearest):
        return True
    return _swapped(sentence, nearest, expected)


def _swapped(sentence: str, nearest: str, expected: Expected) -> bool:
    """A question answered instead of asked, or a statement turned into a question."""
    if is_question(nearest) == is_question(sentence):
        return False
    if is_question(nearest):
        return bool(_content(sentence, expected) & _content(nearest, expected))
    own = _content(sentence, expected) - expected.voice
    return len(clauses(sentence)) == 1 and _kept(own, _content(nearest, expected)) > 0.7
