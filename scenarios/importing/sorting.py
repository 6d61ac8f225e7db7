"""What the sentences of a task's instructions are for: to be said, to be answered, to give way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import yaml

from personas.types import Strict
from scenarios.importing.cutting import lines, split
from scenarios.importing.person import first_person, sentence


class Sorting(Strict):
    """`sentences.yaml`: how the kinds of sentences look."""

    rewrites: tuple[tuple[str, str], ...]
    then_rewrites: tuple[tuple[str, str], ...]
    directions: tuple[str, ...]
    manner: str
    not_manner: str
    conditions: str
    then: str
    asked: str
    confirming: str
    second_thoughts: str
    failing: str
    agent: str
    secret: str
    silent: str
    private: str
    gives_way: str
    second_thought: str
    hanging: str
    stop_words: tuple[str, ...]


@lru_cache(maxsize=1)
def sorting() -> Sorting:
    """The shipped patterns."""
    text = files("scenarios").joinpath("importing/sentences.yaml").read_text("utf-8")
    return Sorting.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class Turning:
    """What a customer falls back on, or thinks of later, and which sentence it hangs on."""

    says: str
    of: str
    """The sentence said before it; empty when it is the first."""
    second_thought: bool = False


@dataclass(frozen=True)
class Answer:
    """What is said when the agent asks: the question's words and the answer."""

    question: str
    says: str


@dataclass
class Told:
    """A task's instructions, sorted."""

    said: list[str] = field(default_factory=list)
    """In the first person, in order, each short enough for a line."""
    turnings: list[Turning] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)
    """How to play the part, as written: nothing that is said."""


def sort(texts: Iterable[str]) -> Told:
    """Sort the sentences of several texts, in their order."""
    told = Told()
    for text in texts:
        for part in split(_public(text, told)):
            _sort_one(_rewritten(part.lstrip(".!?, "), sorting().rewrites), part, told)
    return told


_KEPT = "\x00"
"""Stands where a bracket said that its sentence is kept back."""


def _public(text: str, told: Told) -> str:
    """A text without the brackets that hold what the customer keeps to themselves."""

    def keep(found: re.Match[str]) -> str:
        if not _has(sorting().private, found[0]):
            return found[0]
        told.directions.append(found[0].strip("() "))
        return _KEPT if _has(sorting().secret, found[0]) else ""

    plain = text.replace("\u2019", "'").replace(_KEPT, "")
    return re.sub(r"\([^()]*\)", keep, plain)


def _rewritten(part: str, rewrites: Iterable[tuple[str, str]]) -> str:
    for pattern, new in rewrites:
        part = re.sub(pattern, new, part, flags=re.IGNORECASE)
    return part


def _sort_one(part: str, written: str, told: Told) -> None:
    rules = sorting()
    manner = _has(rules.manner, part) and not _has(rules.not_manner, part)
    if manner or _KEPT in part or any(_has(pattern, part) for pattern in rules.directions):
        told.directions.append(written.replace(_KEPT, ""))
    elif _has(rules.conditions, part):
        _sort_condition(part, written, told)
    else:
        _say(part, told)


def _say(part: str, told: Told) -> None:
    told.said += [line for line in lines(first_person(part)) if line not in told.said]


def _sort_condition(part: str, written: str, told: Told) -> None:
    rules = sorting()
    condition, then = _parted(part)
    rest = first_person(_rewritten(then, rules.then_rewrites))
    of = told.said[-1] if told.said else ""
    if not then or _has(rules.silent, then):
        told.directions.append(written)
    elif _has(rules.asked, condition) and not _has(rules.confirming, condition):
        told.answers.append(Answer(first_person(condition), _short(rest)))
    elif _has(rules.confirming, condition) or _has(rules.second_thoughts, condition):
        told.turnings.append(Turning(_short(rules.second_thought.format(rest=rest)), of, True))
    elif _has(rules.failing, condition):
        told.turnings.append(Turning(_short(rules.gives_way.format(rest=rest)), of))
    elif _has(rules.agent, condition):
        told.directions.append(written)
    else:
        _say(part, told)


def _parted(part: str) -> tuple[str, str]:
    """The condition, and what then holds; the second is empty where there is no such thing."""
    found = re.search(sorting().then, part, re.IGNORECASE)
    return (part[: found.start()], part[found.end() :]) if found else (part, "")


def _short(text: str) -> str:
    """The first line of a text."""
    return next(iter(lines(sentence(text))), "")


def hangs(line: str) -> bool:
    """Whether a line makes sense only after the one before it."""
    return _has(sorting().hanging, line)


def topics(text: str, most: int = 6) -> tuple[str, ...]:
    """The words that say what a sentence is about."""
    stop = set(sorting().stop_words)
    words = re.findall(r"[a-z][a-z-]{2,}", text.lower())
    return tuple(dict.fromkeys(word for word in words if word not in stop))[:most]


def _has(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.IGNORECASE))
