"""What the records know besides the journals: summaries of sessions and people's settings."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from simulator.types import EndReason


class Kept(BaseModel):
    """A frozen piece of the records; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionSummary(Kept):
    """One line of a list of sessions; can always be made again from journal and scorecard."""

    id: str
    person: str
    scenario: str
    """Id; `title` and `level` are its own, as they were when the session was listed first."""
    persona: str
    title: str = ""
    level: int | None = None
    """1 (easy) to 4; `None`: not known."""
    language: str
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    """`None`: the session is still open."""
    turns: int = 0
    """Messages of both sides."""
    model: str
    total: float | None = None
    """0–100; `None`: not graded, or nothing could be judged."""
    scores: dict[str, float | None] = {}
    """Criterion id → 0–100; empty: not graded."""


class PersonSettings(Kept):
    """What is remembered about a person between visits."""

    last_scenario: str | None = None
    last_persona: str | None = None
