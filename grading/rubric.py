"""Rubrics: what is looked at in a conversation, as versioned YAML.

extends               another rubric that this one changes (`grading/extending.py`)
id, version, judge, conditions
criteria[]            politeness, resolution, …
  questions[]         asked of the model, answered with a probability
  rules[]             deterministic, on the words
  states[]            read from a practice session's agenda and desk
outcome               which checks make up `solved` and `predicted_satisfaction`
topics, intents       what a conversation can be about, where no pack says it
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.extending import extended
from grading.types import CheckKind
from personas.errors import ContentError, Problem
from personas.files import Document, read_yaml
from personas.types import Strict
from personas.validation import validated

SHIPPED = Path(__file__).parent / "rubrics"

Turns = Literal["agent", "first_agent", "last_agent", "customer", "last_customer"]

Reads = Literal["conversation", "ending", "agent", "pairs"]
"""Everything; how it began and how it ended; the agent's lines only; pairs of statements."""


class Label(Strict):
    """The same words in the languages of the interface."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The words in a language; English where there is none of its own."""
        return self.zh if language == "zh" else self.en


class Band(Strict):
    """Calibrated probabilities that a check is met between these are too close to call.

    A fault has to be likelier than a merit before it is named: to be called rude on a coin's toss
    harms, to be called polite does not.
    """

    low: float = Field(0.3, ge=0, le=0.5)
    high: float = Field(0.58, ge=0.5, le=1)


class Check(Strict):
    """What all checks have."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Label
    """What is looked at, in the reader's words."""
    problem: Label | None = None
    """One sentence on what went wrong where the check is not met; used by suggestions."""
    weight: float = Field(1.0, ge=0, le=20)
    reason: str = ""
    """Why it weighs what it weighs; asked for where that is nothing."""
    needs: Literal["agent", "both"] = "both"
    """Whose turns must be there for the check to apply."""
    min_agent_turns: int = Field(1, ge=1)
    applies_when: str | None = None
    """Name of a condition of the rubric."""


class QuestionCheck(Check):
    """A yes/no question to the model."""

    ask: str
    """In English for both languages: measured to work better."""
    yes_is: Literal["good", "bad"]
    reads: Reads = "conversation"
    """What the model sees."""
    band: Band = Band()
    signals: tuple[str, ...] = ()
    """What fitted readings judge it by (`grading/signals.py`)."""
    min_mass: float = Field(0.2, ge=0, le=1)
    """Less than this share of the next token's probability on yes and no: not judged."""
    show: Turns = "agent"
    """Where evidence is looked for."""
    show_words: tuple[str, ...] = ()
    """Word lists that mark the evidence; without a match, no turn is shown."""


class RuleCheck(Check):
    """A deterministic look at the words."""

    rule: Literal[
        "has_words",
        "lacks_words",
        "no_repeats",
        "answers_questions",
        "response_times",
        "readability",
        "statements",
        "wording",
        "figures_known",
    ]
    turns: Turns = "agent"
    words: tuple[str, ...] = ()
    """Names of word lists."""
    limit: float | None = None
    """The rule's threshold, in its own unit (seconds, similarity, error rate, school grade)."""
    statements: tuple[str, ...] = ()
    """Sentences that must be said."""


class StateCheck(Check):
    """A fact of a practice session."""

    state: Literal[
        "goals_met",
        "desk_success",
        "verified_first",
        "nothing_forbidden",
        "promises_kept",
    ]


class Condition(Strict):
    """When some checks apply; met as soon as one of its parts is."""

    words: tuple[str, ...] = ()
    """Word lists found in a customer's turn."""
    mood_below: float | None = None
    """The customer's valence was below this in some turn."""
    ask: str | None = None
    """A yes/no question to the model."""
    threshold: float = Field(0.5, ge=0, le=1)
    """Calibrated probability of yes from which the question counts as met."""
    signals: tuple[str, ...] = ()
    """What fitted readings judge the question by."""


class Criterion(Strict):
    """A set of checks that make one score."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Label
    weight: float = Field(1.0, ge=0)
    """In the total."""
    min_coverage: float = Field(0.2, ge=0, le=1)
    """Below it the criterion could not be judged."""
    questions: tuple[QuestionCheck, ...] = ()
    rules: tuple[RuleCheck, ...] = ()
    states: tuple[StateCheck, ...] = ()

    def checks(self) -> tuple[QuestionCheck | RuleCheck | StateCheck, ...]:
        """All checks, facts first."""
        return (*self.states, *self.rules, *self.questions)


class Outcome(Strict):
    """Ids of the question checks whose mean makes a probability."""

    solved: tuple[str, ...] = Field(min_length=1)
    satisfaction: tuple[str, ...] = Field(min_length=1)


class Rubric(Strict):
    """Versioned criteria. Scores of different versions are not comparable."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    conditions: dict[str, Condition] = {}
    outcome: Outcome
    topics: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()

    def checks(self) -> Iterator[QuestionCheck | RuleCheck | StateCheck]:
        """All checks of all criteria."""
        for criterion in self.criteria:
            yield from criterion.checks()

    def questions(self) -> tuple[QuestionCheck, ...]:
        """All checks that ask the model."""
        return tuple(check for criterion in self.criteria for check in criterion.questions)

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        ids = [check.id for check in self.checks()]
        twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        if twice:
            raise ValueError(f"check ids used twice: {', '.join(twice)}")
        asked = {check.id for check in self.questions()}
        for id_ in (*self.outcome.solved, *self.outcome.satisfaction):
            if id_ not in asked:
                raise ValueError(f"outcome names {id_!r}, which is not a question of this rubric")
        for check in self.checks():
            if check.applies_when and check.applies_when not in self.conditions:
                raise ValueError(f"{check.id}: there is no condition {check.applies_when!r}")
        return self


def kind_of(check: Check) -> CheckKind:
    """The kind as the scorecard names it."""
    if isinstance(check, QuestionCheck):
        return "model"
    return "rule" if isinstance(check, RuleCheck) else "state"


def load_rubric(name: str | Path) -> Rubric:
    """A shipped rubric by its name, or one from a file by its path.

    Raises `ContentError` naming file, line and field, or the rubrics there are.
    """
    problems: list[Problem] = []
    document = read_rubric(name, problems)
    rubric = validated(document, Rubric, problems) if document else None
    if rubric is None:
        raise ContentError.of(problems)
    return rubric


def read_rubric(name: str | Path, problems: list[Problem]) -> Document | None:
    """A rubric's fields with all it extends; `None`, with the problems noted, on failure."""
    document = read_yaml(path_of(name), problems)
    return extended(document, path_of, problems) if document else None


@cache
def core_rubric() -> Rubric:
    """The shipped rubric of the four core criteria."""
    return load_rubric("core")


def path_of(name: str | Path) -> Path:
    """The file of a shipped rubric, or of a path. Raises `ContentError` for an unknown name."""
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return Path(name)
    shipped = shipped_rubrics()
    if name not in shipped:
        raise ContentError.unknown("rubric", name, shipped)
    return shipped[name]


def shipped_rubrics() -> dict[str, Path]:
    """The files of the shipped rubrics by their names."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}
