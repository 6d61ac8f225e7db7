"""A rules file: what a rule-based inspector looks for, as YAML in this form.

language, version, extends
groups          lists of keywords, used elsewhere as `@name`
negation        which words take a keyword back, and how far they reach
sentiment       the lexicon of feelings
conditions      conditions with a name, for others to build on
matters[]       what the customer wants (intent) and what it is about (topic)
criteria        points for and against, criterion by criterion
findings[]      whatever else is to be found: wording that is required or forbidden, waits …
logic           repeats, questions without an answer, statements that contradict each other
entities[]      numbers, dates, names …
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from grading.inspecting.forms import Condition, Group, Negation, Regex, Sentiment, Words
from grading.types import EntityKind
from personas.types import Strict

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Rule(Strict):
    """A condition with a name."""

    id: Id
    label: str
    """In the language of the file."""
    when: Condition


class MatterRule(Rule):
    """Names the customer's intent, the topic, or both."""

    intent: str | None = None
    topic: str | None = None
    weight: float = Field(1.0, gt=0, le=10)

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.intent is None and self.topic is None:
            raise ValueError("name an 'intent', a 'topic' or both")
        return self


class ScoredRule(Rule):
    """Points for a criterion."""

    points: float = Field(ge=-100, le=100)
    otherwise: float = Field(0.0, ge=-100, le=100)
    """Points where the condition does not hold."""
    applies: str | None = None
    """Name of a condition; where that does not hold, the rule gives no points at all."""
    per_turn: bool = False
    """Points for each turn that shows it, `most` at most."""
    most: int = Field(3, ge=1)


class RuledScore(Strict):
    """How a criterion's score comes about: a start, and points."""

    needs: Literal["agent", "both"] = "agent"
    """Whose turns must be there for a score."""
    start: float = Field(50, ge=0, le=100)
    rules: tuple[ScoredRule, ...] = ()


class Naming(Strict):
    """How rules vote for an intent and a topic."""

    fade: float = Field(0.8, gt=0, le=1)
    """What a vote is worth with each further turn of the customer."""
    least: float = Field(0.3, ge=0)
    """Votes that a name needs."""


class Expected(Strict):
    """A kind of question and what answers it."""

    id: Id
    label: str
    asks: Words = Field(min_length=1)
    entities: tuple[EntityKind, ...] = ()
    words: Words = ()


class SameValue(Strict):
    """A figure or date about one thing that stays the same unless it is openly corrected."""

    id: Id
    label: str
    about: Words = Field(min_length=1)
    kinds: tuple[EntityKind, ...] = Field(min_length=1)
    within: int = Field(12, ge=1)


class SameAnswer(Strict):
    """Something that is so or not so."""

    id: Id
    label: str
    about: Words = Field(min_length=1)
    yes: Words = Field(min_length=1)
    no: Words = ()
    """Denials in words of their own; a negated word of `yes` is one too."""
    within: int = Field(6, ge=1)


class Logic(Strict):
    """Which faults of logic are looked for. Similarities are 0–1 (`difflib`)."""

    repeated: float = Field(0.85, gt=0, le=1)
    shortest: int = Field(12, ge=1)
    """Characters below which a repeated message is no fault."""
    may_repeat: Words = ()
    """Words of messages that may be repeated, such as "one moment"."""
    asked_again: float = Field(0.75, gt=0, le=1)
    alike: float = Field(0.2, ge=0, le=1)
    """Share of words that two statements about one thing have in common, at least."""
    framed: float = Field(0.85, gt=0, le=1)
    """Similarity, figures apart, from which two statements are the same one with other figures."""
    repeated_label: str = ""
    """What is said of a repeat; the labels below likewise."""
    framed_label: str = ""
    open: Words = ()
    """Words that make a statement conditional or vague."""
    corrects: Words = ()
    """Words with which an earlier statement is taken back openly."""
    yes: Words = ()
    """Words that an answer of yes opens with."""
    no: Words = ()
    flipped_label: str = ""
    asked_again_label: str = ""
    no_reply_label: str = ""
    spelled: tuple[tuple[Regex, str], ...] = ()
    """Ways of writing dates and figures made one before they are compared."""
    questions: tuple[Expected, ...] = ()
    values: tuple[SameValue, ...] = ()
    answers: tuple[SameAnswer, ...] = ()


class EntityRule(Strict):
    """How something looks. A group named `value` is the thing itself, otherwise all of it."""

    kind: EntityKind
    regex: Regex
    form: str = ""
    """Only values of one form are compared: a weekday with a weekday."""
    speaker: Literal["agent", "customer", "either"] = "either"


class Rulebook(Strict):
    """A rules file."""

    language: Literal["en", "zh"]
    version: str
    extends: Literal["shipped"] | None = None
    """Everything of the shipped file of the language, with what this one adds or replaces."""
    groups: dict[str, Group] = {}
    negation: Negation | None = None
    sentiment: Sentiment = Sentiment()
    conditions: dict[str, Condition] = {}
    naming: Naming = Naming()
    matters: tuple[MatterRule, ...] = ()
    criteria: dict[str, RuledScore] = {}
    findings: tuple[Rule, ...] = ()
    logic: Logic = Logic()
    entities: tuple[EntityRule, ...] = ()
