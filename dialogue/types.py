"""Turns, transcripts, and what was seen in them."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Speaker = Literal["agent", "customer"]


class Turn(BaseModel):
    """One message of one side. A burst of short messages is one turn with line breaks."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    speaker: Speaker
    text: str
    at: datetime | None = None
    """When it was sent, if known."""


class Transcript(BaseModel):
    """A conversation as `docs/interfaces.md` writes it down; turns are indexed from 0 over both."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    language: str | None = None
    """BCP 47; `None`: to be detected."""
    scenario: str | None = None
    turns: tuple[Turn, ...]


class Act(StrEnum):
    """What an agent's message does (dialogue act, after ISO 24617-2, cut to customer service)."""

    GREETS = "greets"
    APOLOGISES = "apologises"
    EMPATHISES = "empathises"
    THANKS = "thanks"
    ASKS = "asks"
    """Wants something from the customer; what is in `Perception.asks`."""
    PROPOSES = "proposes"
    """Offers something; what is in `Perception.offers`."""
    CONFIRMS_DONE = "confirms_done"
    """Says that something has been done."""
    GIVES_DATE = "gives_date"
    """Says by when."""
    EXPLAINS = "explains"
    REFUSES = "refuses"
    HOLDS = "holds"
    """Asks for patience while looking something up."""
    ASKS_MORE = "asks_more"
    """Asks whether there is anything else."""
    TRANSFERS = "transfers"
    CLOSES = "closes"
    RUDE = "rude"
    DISMISSES = "dismisses"
    """Brushes the matter off."""
    ATTACKS_MODEL = "attacks_model"
    """Talks to the language model instead of the customer."""
    OFF_TOPIC = "off_topic"
    EMPTY = "empty"


class Target(BaseModel):
    """Something an agent's message may be about: a fact asked for, an offer made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    about: str
    """As it completes "asks for …" or "offers …". Empty: only its phrases tell; no model asked."""
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Phrases beside which a phrase does not count."""


class Perception(BaseModel):
    """What the agent's message did, with probabilities. Read by director, coach and grader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acts: dict[Act, float] = Field(default_factory=dict)
    asks: dict[str, float] = Field(default_factory=dict)
    """Fact id of the brief → probability that the message asks for it."""
    offers: dict[str, float] = Field(default_factory=dict)
    """Offer id of the brief → probability that the message proposes or confirms it."""
    denies: dict[str, float] = Field(default_factory=dict)
    """Offer id of the brief → probability that the message says it cannot be had."""
    corrects: dict[str, float] = Field(default_factory=dict)
    """Misbelief id of the brief → probability that the message puts it right."""

    def shows(self, act: Act, threshold: float = 0.5) -> bool:
        """Whether an act is more likely there than not."""
        return self.acts.get(act, 0.0) >= threshold


class Mood(BaseModel):
    """How the customer feels. Emotion is one of the persona language's words for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    emotion: Literal[
        "furious", "angry", "annoyed", "worried", "confused", "neutral", "relieved", "pleased"
    ]
    patience: float = Field(ge=0, le=1)
    trust: float = Field(ge=0, le=1)

    @property
    def valence(self) -> float:
        """-1 (furious) to 1 (pleased)."""
        return {
            "furious": -1.0,
            "angry": -0.75,
            "annoyed": -0.4,
            "worried": -0.3,
            "confused": -0.2,
            "neutral": 0.0,
            "relieved": 0.5,
            "pleased": 0.8,
        }[self.emotion]
