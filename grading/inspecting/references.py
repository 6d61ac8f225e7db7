"""What a rules file names: groups, conditions, ids, intents and topics. Each has to be there."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from grading.inspecting.rulebook import Rulebook
from grading.rubric import Rubric
from personas.errors import suggestion
from personas.files import FieldPath

Wrong = tuple[FieldPath, str]
"""A field and what to do about it."""


def wrong_references(own: Rulebook, whole: Rulebook, rubric: Rubric) -> Iterator[Wrong]:
    """Whatever `own` names that is not in `whole`, which is `own` with what it extends."""
    for path, value in _walk(own, ()):
        if isinstance(value, str) and value.startswith("@") and value[1:] not in whole.groups:
            yield path, f"there is no group {value[1:]!r}; {suggestion(value[1:], whole.groups)}"
    yield from _conditions(own, whole)
    yield from _names(own, rubric)
    yield from _twice(own)


def _walk(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Any]]:
    """Every value inside a model, with its path."""
    yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _walk(part, (*path, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _walk(part, (*path, index))


def _conditions(own: Rulebook, whole: Rulebook) -> Iterator[Wrong]:
    order = list(whole.conditions)
    for path, value in _walk(own, ()):
        if not isinstance(value, str) or path[-1] not in ("holds", "answering", "applies"):
            continue
        if value not in whole.conditions:
            yield path, f"there is no condition {value!r}; {suggestion(value, order)}"
        elif path[0] == "conditions" and order.index(value) >= order.index(str(path[1])):
            yield path, f"{value!r} has to stand above {path[1]!r}, which uses it"


def _names(own: Rulebook, rubric: Rubric) -> Iterator[Wrong]:
    for index, rule in enumerate(own.matters):
        for which, name, known in (
            ("intent", rule.intent, rubric.intents),
            ("topic", rule.topic, rubric.topics),
        ):
            if name is not None and known and name not in known:
                message = f"rubric {rubric.id!r} has no {which} {name!r}; {suggestion(name, known)}"
                yield ("matters", index, which), message


def _twice(own: Rulebook) -> Iterator[Wrong]:
    lists: list[tuple[FieldPath, Sequence[str]]] = [
        (("matters",), [rule.id for rule in own.matters]),
        (("findings",), [rule.id for rule in own.findings]),
        (("logic", "questions"), [rule.id for rule in own.logic.questions]),
        (("logic", "values"), [rule.id for rule in own.logic.values]),
        (("logic", "answers"), [rule.id for rule in own.logic.answers]),
    ]
    for name, score in own.criteria.items():
        lists.append((("criteria", name, "rules"), [rule.id for rule in score.rules]))
    for path, ids in lists:
        for index, id_ in enumerate(ids):
            if id_ in ids[:index]:
                yield (*path, index, "id"), f"{id_!r} is used above; give this rule another id"
    yield from _words_twice(own)


def _words_twice(own: Rulebook) -> Iterator[Wrong]:
    known: dict[str, float] = {}
    for index, lexeme in enumerate(own.sentiment.lexicon):
        for place, word in enumerate(lexeme.words):
            if word.lower() in known:
                path = ("sentiment", "lexicon", index, "words", place)
                yield path, f"{word!r} already has the valence {known[word.lower()]}; remove one"
            known.setdefault(word.lower(), lexeme.valence)
