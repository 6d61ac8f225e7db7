"""What a run is to be, and what is found out in it."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class Pace:
    """How fast the scripted model is."""

    first_s: float = 1.0
    """Seconds before it begins."""
    per_s: float = 16.0
    """Tokens a second from then on."""


@dataclass(frozen=True)
class Plan:
    """A run."""

    users: int
    turns: int = 20
    think_s: float = 30.0
    """Seconds between an answer and the next message, ± 50 %."""
    stored: int = 0
    """Sessions that are in the records before."""
    seed: int = 7
    at_once: int | None = None
    """Customers that the server answers at the same time; `None`: as many as there are users."""
    pace: Pace = field(default_factory=Pace)

    @property
    def answers_at_once(self) -> int:
        """`at_once`, or what it is when nothing is said."""
        return self.at_once or self.users


@dataclass(frozen=True)
class Turn:
    """A message whose answer was seen to its end."""

    session: str
    text: str
    seconds: float
    """From sending it to the end of the answer."""


@dataclass
class Seen:
    """What the browsers saw."""

    turns: list[Turn] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """From the first message to the last answer."""


class LoadReport(BaseModel):
    """The figures of a run; times in seconds or, where it is said, in milliseconds."""

    model_config = ConfigDict(frozen=True)

    store: str
    users: int
    turns_planned: int
    turns_done: int
    turns_in_records: int
    errors: int
    think_s: float
    answers_at_once: int
    own_share_ms_median: float | None
    """Of a turn, without what the scripted model took."""
    own_share_ms_95: float | None
    model_s_median: float | None
    """What the scripted model took of a turn."""
    turns_per_s: float
    peak_memory_mb: float
    stored_sessions: int
    start_s: float
    progress_page_ms: float
    team_page_ms: float
    people_of_team: int
    seconds: float
    problems: tuple[str, ...]
    """The first few errors, in words."""

    @property
    def is_complete(self) -> bool:
        """Whether every turn was done without an error and is in the records."""
        all_kept = self.turns_done == self.turns_in_records
        return all_kept and self.turns_done == self.turns_planned and not self.errors
