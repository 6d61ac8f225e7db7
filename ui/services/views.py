"""What pages may show. Built from the trainee's view of a scenario only: no brief, no notes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dialogue.types import Mood, Speaker
from grading.types import RowError, Scorecard
from records.reviewing import Override
from records.types import SessionSummary
from scenarios.types import Action, Article, Card
from simulator.types import ActionResult, EndReason


class View(BaseModel):
    """A frozen piece of what a page shows; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScenarioChoice(View):
    """A scenario as the list of scenarios shows it."""

    id: str
    title: str
    business: str
    group: str
    """The business by all its names: scenarios of one business stand together."""
    language: str
    level: int
    """1 (easy) to 4."""
    topic: str
    reason: str
    """The contact's reason, as the desk shows it."""
    objectives: tuple[str, ...]
    """What is practised."""
    persona: str
    """The default persona's id."""


class PersonaChoice(View):
    """A persona as the list of personas shows it."""

    id: str
    name: str
    language: str
    age: int
    summary: str


class LineView(View):
    """One message of the conversation."""

    index: int
    speaker: Speaker
    text: str
    at: datetime
    mood: Mood | None = None
    """How the customer felt; `None` for the agent."""
    voided: bool = False
    """Whether the customer fell out of role here, so that the turn is left out of grading."""
    flags: tuple[str, ...] = ()
    """What the guard put on record for this turn, once for each kind."""


class DeskEntry(View):
    """Something that was done, or tried, at the desk."""

    at: datetime
    title: str
    result: ActionResult


class SessionView(View):
    """Everything the page of a session shows."""

    id: str
    title: str
    business: str
    level: int
    language: str
    scenario: str
    persona: str
    persona_name: str
    """What the customer is called here."""
    manner_of: str | None = None
    """The persona who plays them, where it bears another name."""
    model: str
    card: Card
    policy: str
    """Markdown."""
    articles: tuple[Article, ...]
    actions: tuple[Action, ...]
    desk: tuple[DeskEntry, ...]
    """Oldest first."""
    lines: tuple[LineView, ...]
    mood: Mood
    """How the customer feels now, or felt at the end."""
    started_at: datetime
    ended_at: datetime | None = None
    ended: EndReason | None = None
    """`None`: the conversation still goes on."""
    unanswered: bool = False
    """Whether the agent's last message has no answer yet."""
    failure: str | None = None
    """Why the last try to answer failed."""
    busy: bool = False
    """Whether an answer is being made right now."""
    graded: bool = False

    @property
    def waits_for_customer(self) -> bool:
        """Whether the next message is the customer's."""
        return self.unanswered and self.ended is None


class GradingView(View):
    """How far the grading of a session is."""

    status: Literal["running", "done", "failed"]
    checked: int = 0
    checks: int = 0
    """All checks; 0: not known yet."""
    failure: str | None = None
    place: int = 0
    """In line, where others are graded first; 1: the next one."""
    scorecard: Scorecard | None = None


class JobView(View):
    """How far the grading of conversations is that a program sent."""

    id: str
    status: Literal["queued", "running", "done", "failed"]
    transcripts: int
    graded: int
    """How many are done."""
    ahead: int | None = None
    """How many conversations are graded before the first of these; `None`: it has begun."""
    created_at: datetime
    results: tuple[Scorecard | RowError, ...] = ()
    """In the order in which they were sent; those that are done."""
    failure: str | None = None
    """Why nothing more is graded."""


class ProgressPoint(View):
    """One criterion's score in one session."""

    session_id: str
    at: datetime
    title: str
    criterion: str
    score: float
    """0–100."""


class MemberLine(View):
    """One person of a team, in numbers."""

    person: str
    name: str
    disabled: bool
    sessions: int
    """Not private."""
    private: int
    graded: int
    total: float | None
    """Mean of the totals, 0–100."""
    scores: dict[str, float]
    """Criterion id → mean."""


class TeamView(View):
    """A team and its people."""

    id: str
    name: str
    members: tuple[MemberLine, ...]


class MemberView(View):
    """A person as their manager sees them."""

    line: MemberLine
    sessions: tuple[SessionSummary, ...]
    """Newest first, without those kept private."""


class ReviewedSession(View):
    """A session as a manager reads it."""

    person: str
    name: str
    view: SessionView
    card: Scorecard | None
    """`None`: not graded."""
    overrides: tuple[Override, ...]
    """Oldest first."""


class ContentLine(View):
    """A scenario or a persona in a list."""

    id: str
    name: str
    language: str
    detail: str


class ContentCheck(View):
    """Scenarios and personas, or what is wrong with their files."""

    scenarios: tuple[ContentLine, ...] = ()
    personas: tuple[ContentLine, ...] = ()
    problems: tuple[str, ...] = ()
    """A sentence each, with its file and line."""
