"""What the records know of sessions besides their journals, and of people's settings."""

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
    private: bool = False
    """Whether the trainee keeps it to themselves: others see that there is one, and no more."""


class Window(Kept):
    """Which sessions are meant: whose, and begun when. What is `None` does not restrict."""

    persons: tuple[str, ...] | None = None
    """A team is the persons in it."""
    since: datetime | None = None
    until: datetime | None = None
    """Begun before this moment."""
    scenario: str | None = None


class SessionQuery(Window):
    """Which sessions to list, and which page of the list."""

    graded: bool | None = None
    private: bool | None = None
    """`False`: what a manager may see."""
    limit: int | None = None
    offset: int = 0


class PersonAverages(Kept):
    """What a person's sessions come to. Private ones count for nothing but their number."""

    person: str
    sessions: int = 0
    """Not private."""
    private: int = 0
    graded: int = 0
    """Of the sessions that are not private."""
    total: float | None = None
    """Mean of the totals, 0–100; `None`: none has one."""
    scores: dict[str, float] = {}
    """Criterion id → mean of its scores, 0–100."""


class PersonSettings(Kept):
    """What is remembered about a person between visits."""

    last_scenario: str | None = None
    last_persona: str | None = None
    told_at: datetime | None = None
    """When they were told that conversations are recorded and graded by a machine, and why."""


class SettingsOf(Kept):
    """A person's settings as they are kept."""

    person: str
    settings: PersonSettings
