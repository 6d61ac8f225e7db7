"""What linting looks for, and its sentences: `linting.yaml`, typed and ready to search with."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from personas.errors import ContentError, Problem
from personas.files import read_yaml
from personas.types import Strict
from personas.validation import validated

_FILE = Path(__file__).parent / "linting.yaml"

Severity = Literal["error", "warning"]


class Expressions(Strict):
    """Regular expressions that match at word borders, whatever the case."""

    any: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of them as one."""
        return re.compile(rf"(?<![a-z])(?:{'|'.join(self.any) or '(?!)'})(?![a-z])", re.IGNORECASE)

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"any": value} if isinstance(value, list) else value

    def search(self, text: str, begin: int = 0) -> re.Match[str] | None:
        """The first match of any of them from a position on."""
        return self.pattern.search(text, begin)

    def matches(self, text: str) -> list[re.Match[str]]:
        """All matches."""
        return list(self.pattern.finditer(text))


class Wording(Strict):
    """One kind of finding: how bad it is, what is said, and where words alone show it, which."""

    severity: Severity
    says: str
    any: Expressions = Expressions()
    unless: Expressions = Expressions()


class Limits(Strict):
    """From where something is too much."""

    words: int
    dominant: float
    weighty: float
    similar: float


class Negation(Strict):
    """What turns a question round."""

    words: Expressions
    clauses: Expressions
    reversals: Expressions
    inside: Expressions


class Polarity(Strict):
    """What a question asks for."""

    faults: Expressions
    merits: Expressions
    excuses: Expressions


class Pronouns(Strict):
    """Words that stand for others, and what they can stand for."""

    persons: tuple[str, ...]
    either: tuple[str, ...]
    things: tuple[str, ...]
    people: tuple[str, ...]
    articles: tuple[str, ...]
    empty: Expressions
    pointing: str


class Similarity(Strict):
    """What makes no difference between two questions."""

    stop: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]


class Lists(Strict):
    """The whole file."""

    limits: Limits
    findings: dict[str, Wording]
    situations: Expressions
    whose_turns: tuple[str, ...]
    negation: Negation
    polarity: Polarity
    pronouns: Pronouns
    ideas: tuple[tuple[str, ...], ...]
    similarity: Similarity

    def shown_by_words(self, text: str) -> Iterator[tuple[str, str]]:
        """The findings that the words of a question show, with what shows each."""
        for name, wording in self.findings.items():
            match = wording.any.search(text)
            if match and not wording.unless.search(text):
                yield name, match.group().strip()


@cache
def lists() -> Lists:
    """The shipped lists. Raises `ContentError` when the file is broken."""
    problems: list[Problem] = []
    document = read_yaml(_FILE, problems)
    found = validated(document, Lists, problems) if document else None
    if found is None:
        raise ContentError.of(problems)
    return found


def quoted(names: Iterable[str]) -> str:
    """Names or words as a sentence lists them."""
    return ", ".join(repr(name) for name in names)
