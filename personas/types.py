"""A persona: who the customer is in general, whatever happened to them."""

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Content from files: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(Strict):
    """One exchange from another matter that shows how the persona writes."""

    agent: str
    """What an agent said."""
    mood: str
    """The customer's mood, one or two words in the persona's language."""
    means: str
    """What the customer means, in plain first person."""
    says: str
    """How this persona puts it."""


class Temperament(Strict):
    """How the mood moves. All 0–1."""

    patience: float = Field(0.6, ge=0, le=1)
    """Patience at the start; the scenario's limits scale with it."""
    trust: float = Field(0.5, ge=0, le=1)
    """Trust at the start."""
    irritability: float = Field(0.5, ge=0, le=1)
    """How fast anger rises when handled badly."""
    forgiveness: float = Field(0.5, ge=0, le=1)
    """How fast it falls when handled well."""


class Typing(Strict):
    """Typing habits, applied by code after the model has spoken."""

    lowercase: bool = False
    drop_final_stop: bool = False


class Persona(Strict):
    """Who the customer is: name, voice, temperament. What happened is the scenario's."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    language: str = Field(pattern=r"^(en|zh)$")
    age: int = Field(ge=16, le=100)
    summary: str
    """One sentence for the trainer's list."""
    voice: str
    """How they write, for the model: one or two sentences, third person."""
    examples: tuple[Example, ...] = Field(min_length=3)
    temperament: Temperament = Temperament()
    typing: Typing = Typing()
