"""What rules are made of: keywords, negation, distance, sentiment, times, and conditions of these.

A keyword is a word or several; `*` before or behind Latin letters stands for more of them
(`refund*`, `*n't`). Distances are in units: words, in Chinese characters.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from grading.types import EntityKind, FaultKind
from personas.types import Strict

_STAR = re.compile(r"^\*?[^*]+\*?$")
_STAR_AT_LATIN = re.compile(r"^\*(?![a-z0-9'])|(?<![a-z0-9'])\*$", re.IGNORECASE)

LEAVES = (
    "words",
    "near",
    "regex",
    "says",
    "sentiment",
    "wait",
    "silence",
    "entity",
    "fault",
    "holds",
)
KINDS = ("all", "any", "none", *LEAVES)


def _keyword(word: str) -> str:
    if not word.strip():
        raise ValueError("a keyword is empty; remove it")
    if not _STAR.match(word) or _STAR_AT_LATIN.search(word):
        raise ValueError(f"{word!r}: '*' stands only before or behind Latin letters")
    return word


def _expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern


Keyword = Annotated[str, AfterValidator(_keyword)]
Words = tuple[Keyword, ...]
Regex = Annotated[str, AfterValidator(_expression)]


class Group(Strict):
    """Keywords that mean the same. Those inside a phrase of `unless` do not count."""

    any: Words = Field(min_length=1)
    unless: Words = ()


class Negation(Strict):
    """Words that take a keyword back when they stand before it in its clause."""

    words: Words = Field(min_length=1)
    unless: Words = ()
    """Phrases that hold such a word and negate nothing."""
    within: int = Field(3, ge=1, le=50)
    stops: Words = ()
    """Words that a negation does not reach across, such as "but"."""


class Lexeme(Strict):
    """Words with the same valence."""

    valence: float = Field(ge=-1, le=1)
    feeling: str | None = None
    words: Words = Field(min_length=1)


class Intensifier(Strict):
    """Words that make what follows stronger (above 1) or weaker."""

    factor: float = Field(gt=0, le=3)
    words: Words = Field(min_length=1)


class Sentiment(Strict):
    """How a turn's valence comes about: `sum / sqrt(sum² + saturation)` over its words.

    The form is that of VADER (Hutto and Gilbert, 2014).
    """

    lexicon: tuple[Lexeme, ...] = ()
    intensifiers: tuple[Intensifier, ...] = ()
    unless: Words = ()
    """Phrases in which no word counts."""
    contrast: Words = ()
    """Words after which a sentence says what it is really about."""
    intensified_within: int = Field(2, ge=1, le=20)
    negated: float = Field(-0.5, ge=-1, le=0)
    """What negation makes of a valence, as a factor."""
    before_contrast: float = Field(0.5, ge=0, le=2)
    after_contrast: float = Field(1.3, ge=0, le=2)
    exclaimed: float = Field(0.1, ge=0, le=1)
    """What each exclamation mark adds to the strength, three at most."""
    capitals: float = Field(0.2, ge=0, le=1)
    """What a word in capitals adds to its own."""
    saturation: float = Field(1.0, gt=0)
    carried: float = Field(0.3, ge=0, le=1)
    """Share of the mood so far in the mood after a turn with feeling in it."""
    faded: float = Field(0.8, ge=0, le=1)
    """What is left of a mood after a turn without any."""


class Near(Strict):
    """A keyword of `first` and one of `second` in one sentence, at most `within` units apart."""

    first: Words = Field(min_length=1)
    second: Words = Field(min_length=1)
    within: int = Field(5, ge=1, le=100)
    in_order: bool = False


class Valence(Strict):
    """A turn's valence, -1 to 1."""

    below: float | None = Field(None, ge=-1, le=1)
    above: float | None = Field(None, ge=-1, le=1)
    feelings: tuple[str, ...] = ()
    """Only where the word that says most has one of these feelings."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.below is None and self.above is None:
            raise ValueError("say 'below' or 'above', or both")
        return self


class Seconds(Strict):
    """A time, in seconds."""

    over: float | None = Field(None, ge=0)
    under: float | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.over is None and self.under is None:
            raise ValueError("say 'over' or 'under', or both")
        return self


class Condition(Strict):
    """Something that holds of a conversation or does not: a look at turns, or a combination."""

    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()
    holds: str | None = None
    """Name of one of the file's conditions."""
    words: Words = ()
    near: Near | None = None
    regex: Regex | None = None
    """Sees no negation; full-width signs are written half-width, and case does not count."""
    says: tuple[str, ...] = ()
    """One of these sentences is said, within `error_rate` of its words (in Chinese: characters)."""
    error_rate: float = Field(0.3, ge=0, le=1)
    sentiment: Valence | None = None
    wait: Seconds | None = None
    """From the other side's turn to the answer."""
    silence: Seconds | None = None
    """From the turn before, whoever spoke."""
    entity: tuple[EntityKind, ...] = ()
    fault: FaultKind | None = None
    speaker: Literal["agent", "customer", "either"] = "either"
    turns: Literal["first", "last", "any", "every"] = "any"
    answering: str | None = None
    """Only in turns that answer one in which this condition shows."""
    negation: bool = True
    """Whether a negator takes a keyword back."""
    at_least: int = Field(1, ge=1)
    """Turns that have to show it."""

    @property
    def kind(self) -> str:
        """Which of `KINDS` it is."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in KINDS if getattr(self, kind)]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            raise ValueError(f"a condition has exactly one of {', '.join(KINDS)}; this has {said}")
        scoped = self.model_fields_set & {"speaker", "turns", "answering", "at_least"}
        if scoped and given[0] in ("all", "any", "none", "holds", "fault"):
            raise ValueError(f"'{min(scoped)}' belongs to the parts of '{given[0]}', not beside it")
        return self
