"""Linting what a rubric is made of: weights, labels, kinds, conditions and names of word lists."""

from collections.abc import Iterator
from typing import Any, get_args

from grading.lint_lists import lists
from grading.lint_reading import Part, Spot, checks, checks_of, conditions, criteria, kinds
from grading.rubric import Check, Criterion, Label
from grading.words import known_lists
from personas.errors import suggestion
from personas.files import Document

_TEXTS = ("id", "label", "problem", "ask", "reason", "words", "show_words")
"""Fields that hold no names of conditions."""


def structure_spots(document: Document) -> Iterator[Spot]:
    """What is wrong with how the rubric is put together."""
    parts = list(criteria(document))
    for criterion in parts:
        yield from _weights(criterion)
        yield from _labels(criterion)
        yield from _unknown_fields(criterion)
    for check in checks(document):
        yield from _labels(check)
        yield from _kind(check)
        yield from _word_lists(check)
        yield from _evidence(check)
    for condition in conditions(document).values():
        yield from _word_lists(condition)
    if parts and not any(_weight(criterion) for criterion in parts):
        yield Spot(parts[0].path, "no_criterion_weight", "The rubric")
    yield from _conditions(document)


# --- weights ------------------------------------------------------------------------------------


def _weights(criterion: Part) -> Iterator[Spot]:
    weights = [(check, _weight(check)) for check in checks_of(criterion)]
    whole = sum(weight for _, weight in weights)
    if not whole:
        yield Spot(criterion.path, "no_weight", criterion.name)
    for check, weight in weights:
        share = weight / whole if whole else 0.0
        if share > lists().limits.dominant:
            yield Spot(criterion.path, "dominant_check", check.name, f"{share:.0%}")
        if share >= lists().limits.weighty and not check.fields.get("problem"):
            yield Spot(check.path, "no_problem", check.name, f"{share:.0%}")
        if weight == 0 and not check.fields.get("reason"):
            yield Spot(check.at("weight"), "zero_weight", check.name)


def _weight(part: Part) -> float:
    """The weight; what it is without one where it is no number."""
    weight = part.fields.get("weight", 1.0)
    return float(weight) if isinstance(weight, int | float) else 1.0


# --- labels, kinds, word lists ------------------------------------------------------------------


def _labels(part: Part) -> Iterator[Spot]:
    for field in ("label", "problem"):
        texts = part.fields.get(field)
        if not isinstance(texts, dict):
            continue
        for language in Label.model_fields:
            if not str(texts.get(language) or "").strip():
                found = f"{field} in {language!r}"
                yield Spot(part.at(field, language), "label_language", part.name, found)


def _unknown_fields(criterion: Part) -> Iterator[Spot]:
    """Lists of checks that are no kind of check."""
    for name, value in criterion.fields.items():
        holds_checks = isinstance(value, list) and any(isinstance(each, dict) for each in value)
        if holds_checks and name not in Criterion.model_fields:
            yield Spot(criterion.at(name), "unknown_kind", repr(name), _help(name, kinds()))


def _kind(check: Part) -> Iterator[Spot]:
    """A rule or a state that no code knows."""
    for field in ("rule", "state"):
        known = _choices(kinds()[check.kind], field)
        value = check.fields.get(field)
        if known and isinstance(value, str) and value not in known:
            yield Spot(check.at(field), "unknown_kind", check.name, _help(value, known))


def _choices(model: type[Check], field: str) -> tuple[str, ...]:
    known = model.model_fields.get(field)
    return get_args(known.annotation) if known else ()


def _word_lists(part: Part) -> Iterator[Spot]:
    for field, names in part.fields.items():
        for i, name in enumerate(names if isinstance(names, list) else ()):
            if field.endswith("words") and str(name) not in known_lists():
                path = part.at(field, i)
                yield Spot(path, "unknown_word_list", part.name, _help(str(name), known_lists()))


def _evidence(check: Part) -> Iterator[Spot]:
    """Evidence is found by words, unless a question names its turns itself."""
    first_or_last = str(check.fields.get("show")).startswith(("first", "last"))
    named = first_or_last or check.fields.get("reads") == "pairs"
    if check.ask and not named and not check.fields.get("show_words"):
        yield Spot(check.path, "no_show_words", check.name)


def _help(name: str, known: Any) -> str:
    said = f"there is no {name!r}; {suggestion(name, known)}"
    return said if said.endswith("?") else f"{said}."


# --- conditions ---------------------------------------------------------------------------------


def _conditions(document: Document) -> Iterator[Spot]:
    known = conditions(document)
    leads_to = {name: _named(part.fields, known) for name, part in known.items()}
    parts = document.value if isinstance(document.value, dict) else {}
    used = _named([part for field, part in parts.items() if field != "conditions"], known)
    used |= {name for start, names in leads_to.items() for name in names if name != start}
    for name, part in known.items():
        if name not in used:
            yield Spot(part.path, "unused_condition", part.name)
        circle = _circle(name, leads_to)
        if circle:
            yield Spot(part.path, "condition_circle", part.name, " → ".join(circle))


def _named(value: Any, names: dict[str, Part]) -> set[str]:
    """The names that stand anywhere in a value, its texts and word lists apart."""
    if isinstance(value, str):
        return {value} & set(names)
    if isinstance(value, list):
        return {name for each in value for name in _named(each, names)}
    if isinstance(value, dict):
        return {n for k, each in value.items() if k not in _TEXTS for n in _named(each, names)}
    return set()


def _circle(start: str, leads_to: dict[str, set[str]]) -> list[str]:
    """The way from a condition back to itself; empty when there is none."""
    ways = [[start, name] for name in sorted(leads_to[start])]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, name] for name in sorted(leads_to[way[-1]]))
    return []
