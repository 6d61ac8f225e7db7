"""Linting checks beside each other: what is looked at twice counts twice."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

from grading.lint_lists import lists
from grading.lint_reading import Part, Spot, checks, criteria, own_last
from personas.files import Document

_SUFFIXES = ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "ly", "s", "e", "y")


def overlap_spots(document: Document) -> Iterator[Spot]:
    """Checks that ask, look for or are called the same."""
    all_checks = list(checks(document))
    yield from _similar(own_last(document, all_checks, "ask"))
    yield from _same_rule(own_last(document, all_checks))
    yield from _same_label(own_last(document, all_checks, "label"))
    yield from _same_label(own_last(document, list(criteria(document)), "label"))


def _similar(parts: list[Part]) -> Iterator[Spot]:
    asked = [part for part in parts if part.ask]
    for first, second in combinations(asked, 2):
        if similarity(first.ask, second.ask) >= lists().limits.similar:
            yield Spot(second.at("ask"), "similar_questions", second.name, first.name)


def _same_rule(parts: list[Part]) -> Iterator[Spot]:
    seen: dict[str, Part] = {}
    for part in parts:
        if "ask" in part.fields:
            continue
        first = seen.setdefault(_looks_at(part.fields), part)
        if first is not part:
            yield Spot(part.path, "same_rule", part.name, first.name)


def _looks_at(fields: dict[str, Any]) -> str:
    """What a rule or state looks at: all but what it is called and how it counts."""
    apart = ("id", "label", "problem", "weight", "reason", "needs", "min_agent_turns")
    plain = {"turns": "agent"} | {k: v for k, v in fields.items() if k not in apart}
    return str(sorted((k, sorted(v) if _texts(v) else v) for k, v in plain.items()))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _same_label(parts: list[Part]) -> Iterator[Spot]:
    """At most one finding for each part, in the first language that shows it."""
    seen: dict[tuple[str, str], Part] = {}
    for part in parts:
        twins = []
        label = part.fields.get("label")
        for language, text in label.items() if isinstance(label, dict) else ():
            first = seen.setdefault((language, str(text).strip().casefold()), part)
            if first is not part:
                path = part.at("label", language)
                twins.append(Spot(path, "duplicate_label", part.name, first.name))
        yield from twins[:1]


# --- likeness of questions ----------------------------------------------------------------------


def similarity(one: str, other: str) -> float:
    """Shared words of two questions, of all their words: 0–1. What means the same is the same."""
    first, second = _meaning(one), _meaning(other)
    if not first or not second:
        return float(one == other)
    return len(first & second) / len(first | second)


def _meaning(text: str) -> frozenset[str]:
    """The words that matter. Of the people only the first counts: who thanks whom matters."""
    found: list[str] = []
    people: list[str] = []
    for word in re.findall(r"[a-z]+(?:['’]s)?", text.lower().replace("[", " ")):
        bare = word.removesuffix("'s").removesuffix("’s")
        if bare in lists().similarity.stop:
            continue
        if _stem(bare) in _people():
            people += [_stem(bare)] if bare == word else []
        else:
            found.append(_stem(bare))
    return frozenset([*found, *(_same_as().get(person, person) for person in people[:1])])


def _stem(word: str) -> str:
    """A word without its endings, roughly, as the one that stands for it."""
    short = _cut(_cut(word.replace("iz", "is")))
    return _same_as().get(short, short)


def _cut(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and not word.endswith("ss") and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix)
    return word


@cache
def _same_as() -> dict[str, str]:
    """Stem → the stem that stands for it."""
    stems = ([_cut(_cut(word.replace("iz", "is"))) for word in g] for g in lists().similarity.same)
    return {stem: group[0] for group in stems for stem in group}


@cache
def _people() -> frozenset[str]:
    """The stems of the two that talk."""
    return frozenset(_stem(word) for word in ("agent", "customer"))
