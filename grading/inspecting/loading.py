"""Reads rules files: the shipped ones, and a user's own, which may build on them."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from grading.inspecting.forms import Sentiment
from grading.inspecting.inspector import Inspector
from grading.inspecting.references import wrong_references
from grading.inspecting.rulebook import Logic, Rulebook, RuledScore
from grading.rubric import Rubric, core_rubric
from personas.errors import ContentError, Problem
from personas.files import read_yaml
from personas.validation import validated

SHIPPED = {language: Path(__file__).parent / f"rules.{language}.yaml" for language in ("en", "zh")}


def inspectors(rubric: Rubric, own: Path | None = None) -> dict[str, Inspector]:
    """Language → inspector: the shipped rules, a user's own file instead in its language.

    Raises `ContentError` naming file, line and field.
    """
    made = {language: shipped(language) for language in SHIPPED}
    if own is not None:
        book = load_rules(own, rubric)
        made[book.language] = Inspector(book)
    return made


@cache
def shipped(language: str) -> Inspector:
    """The inspector with the shipped rules of a language, `en` or `zh`."""
    return Inspector(load_rules(SHIPPED[language], core_rubric()))


def load_rules(path: Path, rubric: Rubric) -> Rulebook:
    """A rules file, with what it extends. Raises `ContentError` naming file, line and field."""
    problems: list[Problem] = []
    document = read_yaml(path, problems)
    own = validated(document, Rulebook, problems) if document else None
    if own is None or document is None:
        raise ContentError.of(problems)
    whole = own if own.extends is None else extended(shipped(own.language).book, own)
    problems += [document.problem(*wrong) for wrong in wrong_references(own, whole, rubric)]
    if problems:
        raise ContentError.of(problems)
    return whole


def extended(base: Rulebook, own: Rulebook) -> Rulebook:
    """The base with what a file of one's own adds: what has the same name or id is replaced."""
    return own.model_copy(
        update={
            "groups": {**base.groups, **own.groups},
            "negation": own.negation or base.negation,
            "sentiment": _lexicons(base, own),
            "conditions": {**base.conditions, **own.conditions},
            "naming": own.naming if "naming" in own.model_fields_set else base.naming,
            "matters": _by_id(base.matters, own.matters),
            "criteria": _criteria(base.criteria, own.criteria),
            "findings": _by_id(base.findings, own.findings),
            "logic": _logic(base.logic, own.logic),
            "entities": (*own.entities, *base.entities),
        }
    )


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _by_id(base: Iterable[N], own: Iterable[N]) -> tuple[N, ...]:
    return tuple({rule.id: rule for rule in (*base, *own)}.values())


def _criteria(
    base: Mapping[str, RuledScore], own: Mapping[str, RuledScore]
) -> dict[str, RuledScore]:
    merged = dict(base)
    for name, score in own.items():
        if name in base:
            kept = {field: getattr(base[name], field) for field in ("needs", "start")}
            given = {field: getattr(score, field) for field in score.model_fields_set}
            rules = _by_id(base[name].rules, score.rules)
            merged[name] = RuledScore(**{**kept, **given, "rules": rules})
        else:
            merged[name] = score
    return merged


def _logic(base: Logic, own: Logic) -> Logic:
    lists = {
        "questions": _by_id(base.questions, own.questions),
        "values": _by_id(base.values, own.values),
        "answers": _by_id(base.answers, own.answers),
    }
    given = {field: getattr(own, field) for field in own.model_fields_set}
    return base.model_copy(update={**given, **lists})


def _lexicons(base: Rulebook, own: Rulebook) -> Sentiment:
    """The base's feelings with the words of one's own, whose valence counts."""
    mine = {word.lower() for lexeme in own.sentiment.lexicon for word in lexeme.words}
    kept = [
        lexeme.model_copy(update={"words": words})
        for lexeme in base.sentiment.lexicon
        if (words := tuple(word for word in lexeme.words if word.lower() not in mine))
    ]
    given = {field: getattr(own.sentiment, field) for field in own.sentiment.model_fields_set}
    lexicon = (*own.sentiment.lexicon, *kept)
    return base.sentiment.model_copy(update={**given, "lexicon": lexicon})
