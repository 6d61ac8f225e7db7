"""What a practice session is made of: cues, flags, events, and the journal they are kept in."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from dialogue.types import Mood, Perception


class Record(BaseModel):
    """A frozen piece of a session; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EndReason(StrEnum):
    """Why a session ended."""

    SOLVED = "solved"
    GAVE_UP = "gave_up"
    ESCALATED = "escalated"
    HUNG_UP = "hung_up"
    AGENT_CLOSED = "agent_closed"
    TIME_LIMIT = "time_limit"
    ERROR = "error"


class Does(StrEnum):
    """What a cue has the customer do."""

    GREET = "greet"
    STATE_PROBLEM = "state_problem"
    GIVE_FACT = "give_fact"
    DOES_NOT_KNOW = "does_not_know"
    WITHHOLD = "withhold"
    STATE_GOAL = "state_goal"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ACKNOWLEDGE = "acknowledge"
    WAIT = "wait"
    PROTEST = "protest"
    PUZZLED = "puzzled"
    INSIST = "insist"
    THANK_AND_CLOSE = "thank_and_close"
    GIVE_UP = "give_up"
    BARGAIN = "bargain"
    """Demands more than what was offered."""
    GIVE_WAY = "give_way"
    """Lets go of a goal, for the next best thing or for nothing."""
    BELIEVE = "believe"
    """Takes something for granted that is wrong."""
    LEARN = "learn"
    """Sees that it was wrong."""
    AGREE = "agree"
    """Says yes to a question about nothing in particular: may I put you on hold?"""
    BE_VAGUE = "be_vague"
    RAMBLE = "ramble"
    HURRY = "hurry"
    DISTRUST = "distrust"
    THREATEN = "threaten"
    CRY = "cry"


class Cue(Record):
    """What the customer does, may reveal and feels in one turn; made without a model."""

    acts: tuple[Does, ...]
    facts: tuple[str, ...] = ()
    """Ids of the facts that may be told in this turn."""
    mood: Mood
    means: str
    """The turn's content in plain first person: what the actor puts into the persona's voice."""
    ends: EndReason | None = None
    """Set when the session ends with this turn."""


class Flag(Record):
    """Something that went wrong with a turn, caught or not."""

    kind: Literal[
        "role_break", "leak", "wrong_fact", "loop", "language", "meta", "off_cue", "empty"
    ]
    stage: Literal["before_guard", "shown"]
    voided: bool = False
    """Whether the turn is left out of grading."""


class Label(Record):
    """Something the guard noticed in the agent's message. It labels; it rewrites nothing."""

    kind: Literal["empty", "too_long", "binary", "personal_data", "abuse", "attack"]
    detail: str = ""


class ActionCall(Record):
    """An action the agent wants done at the desk."""

    name: str
    arguments: dict[str, str] = {}


class ActionResult(Record):
    """What the desk answered."""

    name: str
    arguments: dict[str, str]
    done: bool
    message: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    """The changed fields of the record, before and after."""


# --- the journal --------------------------------------------------------------------------------


class Started(Record):
    """First event of a session."""

    kind: Literal["started"] = "started"
    at: datetime
    session_id: str
    person: str
    scenario: str
    persona: str
    pack: str
    language: str
    seed: int
    level: int | None = Field(None, ge=1, le=4)
    """The level it is played at; `None`: the scenario's own."""
    model: str
    content_version: str
    prompt_version: str
    replays: str | None = None
    """The session that this one goes back to; it began as that one did."""
    from_turn: int | None = None
    """The index of the agent's message from which it goes another way."""


class DeskUsed(Record):
    """The agent did something at the desk; belongs to the agent's next turn."""

    kind: Literal["desk_used"] = "desk_used"
    at: datetime
    result: ActionResult


class AgentSaid(Record):
    """The agent's message, durable before the customer is asked for an answer."""

    kind: Literal["agent_said"] = "agent_said"
    at: datetime
    index: int
    text: str
    labels: tuple[Label, ...] = ()


class CustomerSaid(Record):
    """The customer's answer, with what led to it."""

    kind: Literal["customer_said"] = "customer_said"
    at: datetime
    index: int
    text: str
    perception: Perception
    """Of the agent's message before it."""
    cue: Cue
    state: dict[str, Any]
    """The director's state after this turn, so that a session can go on from any turn."""
    flags: tuple[Flag, ...] = ()
    candidates: tuple[str, ...] = ()
    first_token_s: float | None = None
    """Seconds from the agent's message to the first text shown."""
    total_s: float | None = None
    evaluated_tokens: int | None = None
    """Prompt tokens read for this turn, perception included."""
    generated_tokens: int | None = None


class Failed(Record):
    """The model failed on a turn; the agent's message stays, a retry goes on from it."""

    kind: Literal["failed"] = "failed"
    at: datetime
    message: str


class Ended(Record):
    """Last event of a session."""

    kind: Literal["ended"] = "ended"
    at: datetime
    reason: EndReason


Event = Annotated[
    Started | DeskUsed | AgentSaid | CustomerSaid | Failed | Ended, Field(discriminator="kind")
]


class Journal(Protocol):
    """Where a session's events are kept, durably once `append` returns. In `records/`."""

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        """Keep one event durably; `number`: only as the event after so many others."""
        ...

    def read(self, session_id: str) -> list[Event]:
        """All events of a session, oldest first; raises `KeyError` when there is none."""
        ...
