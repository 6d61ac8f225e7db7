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


class Emoji(Strict):
    """The emoji a persona puts behind what it writes."""

    glad: tuple[str, ...] = ()
    """When relieved or pleased, one of these."""
    upset: tuple[str, ...] = ()
    """When worried, confused, annoyed or angry, one of these."""
    rate: float = Field(0.4, ge=0, le=1)
    """Share of messages that get one."""


class Typing(Strict):
    """Typing habits, applied by code after the model has spoken, by the session's seed."""

    lowercase: bool = False
    drop_final_stop: bool = False
    drop_apostrophes: bool = False
    bursts: bool = False
    """Several short messages in a row: each sentence on a line of its own."""
    typos: float = Field(0.0, ge=0, le=0.2)
    """Share of the longer words that are mistyped; names, numbers and codes never are."""
    shouts: bool = False
    """Writes its key words in capitals when angry or furious."""
    emoji: Emoji = Emoji()


class Manners(Strict):
    """Difficult behaviours: those for which a persona has lines are its own.

    Plain first person, in the persona's language, on nothing that belongs to one matter, so that
    they fit into any scenario. How often they show is the level's (`simulator/levels.yaml`), when
    they show is the mood's. Each line is said once a session at most.
    """

    rambles: tuple[str, ...] = ()
    """Tangents: the neighbour, the dog, how things used to be."""
    impatient: tuple[str, ...] = ()
    """Hurrying the agent up."""
    distrusts: tuple[str, ...] = ()
    """Doubting what was promised."""
    threatens: tuple[str, ...] = ()
    """Leaving, reviews, lawyers."""
    cries: tuple[str, ...] = ()
    """Being in tears, or close to it."""
    vague: tuple[str, ...] = ()
    """First messages that say next to nothing; the problem follows when the agent asks."""


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
    manners: Manners = Manners()
