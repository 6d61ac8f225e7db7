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
    better: str


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


class RowErrorDetail(Part):
    """Why a row was not graded."""

    kind: str
    message: str


class RowError(Part):
    """A row that could not be read or graded."""

    id: str | None
    error: RowErrorDetail = Field(...)
