"""What a grade is made of. The JSON form is the scorecard of `docs/interfaces.md`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CheckKind = Literal["state", "rule", "model"]
CheckStatus = Literal["answered", "not_applicable", "could_not_judge", "failed"]
CriterionStatus = Literal["scored", "could_not_judge", "not_applicable"]


class Part(BaseModel):
    """A frozen piece of a scorecard; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Part):
    """A turn that shows something. The quote is cut from the turn by code."""

    turn: int
    quote: str


class CheckResult(Part):
    """One check's answer."""

    id: str
    kind: CheckKind
    status: CheckStatus
    answer: Literal["yes", "no"] | None = None
    probability: float | None = None
    """Calibrated probability that the check is met (0–1)."""
    evidence: tuple[Evidence, ...] = ()
    label: str = ""
    """The check in the reader's words."""
    weight: float = 1.0
    read: float = 1.0
    """Share of the conversation that was read for it (0–1); less only where it was too long."""
    reason: str = ""
    """Why it is not applicable, could not be judged or failed; one sentence."""


class CriterionScore(Part):
    """One criterion: the weighted mean of its checks' probabilities, 0–100."""

    status: CriterionStatus
    score: float | None = None
    interval: tuple[float, float] | None = None
    """Where the score lies with 90 % probability, as the checks' probabilities have it."""
    coverage: float = 0.0
    """Share of the applicable checks' weight that was answered."""
    checks: tuple[CheckResult, ...] = ()


class MoodPoint(Part):
    """The customer's valence at a turn, -1 to 1."""

    turn: int
    valence: float


class Suggestion(Part):
    """A better wording for one agent turn."""

    turn: int
    original: str
    problem: str
    """What was wrong, in one sentence."""
    better: str | None
    """`None`: no wording could be found that passes the checks."""


EntityKind = Literal[
    "order_number",
    "account_number",
    "amount",
    "date",
    "time",
    "duration",
    "phone",
    "email",
    "product",
]
FaultKind = Literal["repeats", "unanswered", "contradiction"]


class Emotion(Part):
    """How a customer's turn sounds by its words."""

    turn: int
    valence: float
    """-1 to 1."""
    feeling: str | None = None
    """The lexicon's name for the strongest word's feeling."""


class LogicFault(Part):
    """A fault in the agent's reasoning that rules can see."""

    kind: FaultKind
    evidence: tuple[Evidence, ...]
    reason: str = ""


class Entity(Part):
    """A number, date, name … that was said, and where."""

    kind: EntityKind
    text: str
    """Cut from the turn by code: `turns[turn].text[start:end]`."""
    turn: int
    start: int
    end: int


class RuleHit(Part):
    """A rule that says something, and where that shows."""

    id: str
    label: str
    met: bool = True
    """Whether it holds. A rule can also cost points because it does not."""
    points: float | None = None
    """What it adds to its criterion's score; `None` where it has none."""
    evidence: tuple[Evidence, ...] = ()


class RuledCriterion(Part):
    """A criterion by rules alone: a start and the points of its hits, 0–100."""

    score: float | None = None
    """`None` where there is nothing to judge by."""
    hits: tuple[RuleHit, ...] = ()


class Inspection(Part):
    """What a rule-based inspector finds in a conversation."""

    rules: str
    """Which rules: their language and version, as in `en 1`."""
    intent: str | None = None
    topic: str | None = None
    named_by: tuple[RuleHit, ...] = ()
    """The rules behind intent and topic."""
    emotion: tuple[Emotion, ...] = ()
    """Each customer turn by itself."""
    mood_at_end: float | None = None
    """-1 to 1: the turns together, the last ones counting most."""
    logic: tuple[LogicFault, ...] = ()
    entities: tuple[Entity, ...] = ()
    criteria: dict[str, RuledCriterion] = {}
    findings: tuple[RuleHit, ...] = ()
    """Whatever else the rules look for."""


class Disagreement(Part):
    """One thing about which rules and model say something different."""

    aspect: str
    """A criterion's id, `intent`, `mood`, or a kind of logic fault."""
    rules: float | str | None
    model: float | str | None
    turn: int | None = None
    """Where to look first."""
    reason: str


class Scorecard(Part):
    """A graded conversation."""

    id: str
    criteria: dict[str, CriterionScore]
    total: float | None = None
    interval: tuple[float, float] | None = None
    """Where the total lies with 90 % probability, as the criteria's intervals have it."""
    coverage: float = 0.0
    predicted_satisfaction: float | None = None
    solved: float | None = None
    """Probability (0–1) that the matter was solved."""
    topic: str | None = None
    intent: str | None = None
    mood: tuple[MoodPoint, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    voided_turns: tuple[int, ...] = ()
    """Turns left out of grading because the customer broke role."""
    language: str | None = None
    rubric: str
    rubric_version: str
    grader_version: str
    model: str
    """Empty when no model was used."""
    rules: Inspection | None = None
    """The rule-based inspector's own view; `None` when it was not asked."""
    disagreements: tuple[Disagreement, ...] = ()
    """Where it and the model differ too much; empty unless both were asked."""


class RowErrorDetail(Part):
    """Why a row was not graded."""

    kind: str
    message: str


class RowError(Part):
    """A row that could not be read or graded."""

    id: str | None
    error: RowErrorDetail = Field(...)
