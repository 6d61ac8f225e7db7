"""A scenario and the pack (one business) it happens in.

Three views, never mixed: `card` (the trainee's), `brief` (the customer's), `notes` (the grader's).
"""

from typing import Literal

from pydantic import Field

from personas.types import Strict

Cell = str | int | float | bool | None
Slug = Field(pattern=r"^[a-z0-9-]+$")
Name = Field(pattern=r"^[a-z][a-z0-9_]*$")


# --- the trainee's view -------------------------------------------------------------------------


class Card(Strict):
    """What the agent's desk shows when the contact comes in."""

    channel: Literal["chat", "phone"] = "chat"
    contact: str
    """Who it is, as far as a desk knows: name, customer since, waiting for."""
    reason: str
    """The reason for contact the system shows, in a few words; not the solution."""
    objectives: tuple[str, ...] = Field(min_length=1)
    """What a trainee practises here."""
    agent_language: str | None = Field(None, pattern=r"^(en|zh)$")
    """The language the agent writes, where it is another than the customer's. `phrases` are then
    in this language, and so are the lines of `ideal`."""


# --- the customer's view ------------------------------------------------------------------------


class Fact(Strict):
    """Something the customer knows, and when they tell it."""

    id: str = Name
    about: str
    """What it is about, as it completes "asks for/about …": "the order number"."""
    says: str
    """The fact in plain first person: "The order number is 4471."."""
    when: Literal["volunteered", "asked", "never", "unknown"] = "asked"
    """`unknown`: the customer does not know it, `says` is then how they say so. `never`: `says` is
    the secret itself; it is withheld, and the guard watches for it."""
    phrases: tuple[str, ...] = ()
    """Words or phrases that, in an agent's question, ask for it (case-insensitive, substring on
    word starts). The model is asked where none matches."""
    unless: tuple[str, ...] = ()
    """Phrases that, in the same sentence, make it something else."""


class Offer(Strict):
    """Something an agent might propose, and what the customer makes of it."""

    id: str = Name
    about: str
    """As it completes "proposes …" / "has done …": "a full refund"."""
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Phrases that, in the same clause, make it something else: "half", for a full refund."""
    response: Literal["accept", "refuse", "accept_later", "bargain"]
    """`accept_later`: refused at first, accepted when proposed again. `bargain`: answered with a
    demand for more `rounds` times, then accepted."""
    says: str
    """The customer's answer in plain first person; for `bargain` the demand for more."""
    says_later: str | None = None
    """For `accept_later` and `bargain`: the answer when it is accepted after all."""
    rounds: int = Field(1, ge=1, le=3)
    """For `bargain`: how often more is demanded."""


class Misbelief(Strict):
    """Something the customer takes for granted and is wrong about; agents should put it right."""

    id: str = Name
    says: str
    """Said once, early, in plain first person: "Under the law I have 60 days to return it."."""
    phrases: tuple[str, ...] = Field(min_length=1)
    """Words by which an agent's message puts it right."""
    learns: str
    """Said when it was put right: "Oh. I was sure it was 60 days."."""
    from_level: int = Field(1, ge=1, le=4)
    """Level from which the customer has it."""


class GivesWay(Strict):
    """When and for what a goal is dropped: the next best thing, a second thought, or nothing."""

    when: Literal["refused", "second_thought"]
    """`refused`: the agent said that it cannot be had. `second_thought`: the customer changes
    their mind by themselves, once the goal has been stated and not met for two messages."""
    to: str | None = None
    """The goal that takes its place; it is not wanted before. `None`: the goal is just dropped."""
    says: str
    """Said at that moment, in plain first person: "Then one without backlight will do."."""
    after: int = Field(1, ge=1, le=3)
    """For `refused`: how many times it must have been refused."""


class Goal(Strict):
    """Something the customer wants; met when one of `met_by` is accepted."""

    id: str = Name
    wants: str
    """In plain first person: "I want my money back."."""
    met_by: tuple[str, ...] = Field(min_length=1)
    """Offer ids."""
    after: tuple[str, ...] = ()
    """Goals raised before this one. A goal that has given way counts as done."""
    gives_way: GivesWay | None = None
    """How it is dropped, if it can be. A customer who wants what policy forbids has a goal that
    gives way when it is refused."""
    from_level: int = Field(1, ge=1, le=4)
    """Level from which the customer wants it: several problems at once are for higher levels."""


class Limits(Strict):
    """When an unsatisfied customer stops."""

    max_turns: int = Field(16, ge=4, le=60)
    """Customer turns at most; then `time_limit`."""
    gives_up: Literal["gave_up", "escalated", "hung_up"] = "gave_up"
    """What they do when patience is gone."""


class Brief(Strict):
    """What only the customer knows."""

    called: str = ""
    """The customer's name in this scenario's data. Whoever plays it bears this name; empty: the
    persona's own."""
    opening: str
    """The problem in plain first person, one or two sentences."""
    feeling: Literal[
        "furious", "angry", "annoyed", "worried", "confused", "neutral", "relieved", "pleased"
    ] = "neutral"
    facts: tuple[Fact, ...] = ()
    offers: tuple[Offer, ...] = Field(min_length=1)
    goals: tuple[Goal, ...] = Field(min_length=1)
    misbeliefs: tuple[Misbelief, ...] = ()
    puzzled: str
    """Said to nonsense and to talk that no customer understands; brings the matter back."""
    insists: str
    """Said when nothing else fits: the matter at hand, once more."""
    satisfied: str
    """Said when every goal is met and nothing is left: thanks and goodbye."""
    gives_up: str
    """Said when patience is gone."""
    limits: Limits = Limits()


# --- the grader's view --------------------------------------------------------------------------


class Success(Strict):
    """A condition on the desk's data at the end: `field` of one record equals `equals`."""

    table: str
    key: str
    field: str
    equals: Cell


AgentKind = Literal["good", "poor", "rude", "evasive", "attacker"]
"""The scripted agents of the test bench: `good` says the scenario's `ideal` lines."""


class Ending(Strict):
    """How and when a session with one kind of agent should end; written before it is played."""

    reasons: tuple[Literal["solved", "gave_up", "escalated", "hung_up", "time_limit"], ...]
    """The right reasons, one or more."""
    earliest: int = Field(ge=1)
    """Customer turns before which ending is wrong."""
    latest: int = Field(ge=1)
    """Customer turns after which not having ended is wrong."""


class Notes(Strict):
    """What the grader knows and neither side sees."""

    success: tuple[Success, ...] = ()
    """All must hold for the matter to count as solved at the desk."""
    forbidden_actions: tuple[str, ...] = ()
    """Actions that policy forbids here."""
    verify_before: tuple[str, ...] = ()
    """Fact ids the agent must have asked for (or been told) before acting at the desk."""
    traps: tuple[str, ...] = ()
    """Where agents go wrong here, for the trainer and the scorecard, in plain words."""
    earliest_end: int = Field(3, ge=1)
    """Customer turns before which no right ending is possible."""
    endings: dict[AgentKind, Ending] = {}
    """Kind of agent → the right ending; measured by `spardesk bench customer`."""


class Scenario(Strict):
    """What happened, what the customer wants, and what counts as solved."""

    id: str = Slug
    title: str
    language: str = Field(pattern=r"^(en|zh)$")
    level: int = Field(ge=1, le=4)
    topic: str
    """One of the pack's topics, such as `delivery`."""
    persona: str
    """Default persona's id."""
    card: Card
    brief: Brief
    notes: Notes = Notes()
    ideal: tuple[str, ...] = Field(min_length=3)
    """Lines of a good agent from greeting to goodbye: the scripted good agent of the test bench.
    A line `!refund_order order_id=4471` does an action at the desk before the next line."""

    @property
    def agent_language(self) -> str:
        """The language the agent writes: the customer's own but where the card says otherwise."""
        return self.card.agent_language or self.language


# --- the business -------------------------------------------------------------------------------


class Argument(Strict):
    """One argument of a desk action."""

    name: str = Name
    label: str
    choices: tuple[str, ...] = ()
    """Allowed values; empty: free text."""
    labels: dict[str, str] = {}
    """Choice → what people read for it; a choice that is not there is read as it is."""
    many: bool = False
    """Whether it holds several values with commas between: their order says nothing."""


class Requirement(Strict):
    """A precondition: `field` of the record is one of `one_of`, or `at_most`."""

    field: str
    one_of: tuple[Cell, ...] = ()
    at_most: float | None = None
    otherwise: str
    """What the desk says when it does not hold; may name fields: `{status}`."""


class Action(Strict):
    """A back-office action: looks at one record, checks, changes it, says the result."""

    name: str = Name
    title: str
    table: str
    key: str = ""
    """Name of the argument that holds the record's id; empty: `match` finds the record."""
    match: dict[str, str] = {}
    """Field → argument: the record whose fields hold these arguments, for searches by name."""
    arguments: tuple[Argument, ...] = Field(min_length=1)
    requires: tuple[Requirement, ...] = ()
    sets: dict[str, Cell] = {}
    """Fields and their new values; `{argument}` in a text is replaced by the argument."""
    result: str
    """What the desk says when it is done; may name fields and arguments."""

    def worded(self, words: "ActionWords") -> "Action":
        """The same action, read in another language: it looks at and sets the same codes."""
        arguments = tuple(
            argument.model_copy(
                update={
                    "label": words.arguments.get(argument.name, argument.label),
                    "labels": words.choices.get(argument.name, argument.labels),
                }
            )
            for argument in self.arguments
        )
        requires = tuple(
            requirement.model_copy(update={"otherwise": otherwise})
            for requirement, otherwise in zip(self.requires, words.otherwise, strict=True)
        )
        changes = {"title": words.title, "arguments": arguments, "requires": requires}
        return self.model_copy(update={**changes, "result": words.result})


class ActionWords(Strict):
    """What people read of an action, in another language than the pack's."""

    title: str
    arguments: dict[str, str]
    """Argument → its label."""
    choices: dict[str, dict[str, str]] = {}
    """Argument → choice → what people read for it."""
    otherwise: tuple[str, ...] = ()
    """One text for each requirement, in the requirements' order."""
    result: str


Values = dict[str, dict[str, str]]
"""Field → code in the data → what people read for it; a code that is not there is read as it is."""


class Translation(Strict):
    """What people read at the desk, in another language than the pack's."""

    actions: dict[str, ActionWords] = {}
    values: Values = {}


class Article(Strict):
    """A knowledge article the agent can read."""

    id: str = Slug
    title: str
    language: str = Field(pattern=r"^(en|zh)$")
    tags: tuple[str, ...] = ()
    text: str
    """Markdown."""


class Pack(Strict):
    """One business: policy, articles, data and actions, and what happens there."""

    id: str = Slug
    name: dict[str, str]
    """Language → the business's name."""
    language: str = Field("en", pattern=r"^(en|zh)$")
    """The language of `actions` and `values`."""
    policy: dict[str, str]
    """Language → the policy in Markdown."""
    topics: tuple[str, ...]
    rubric: str = "core"
    """A shipped rubric's name, or the path of a rubric file."""
    articles: tuple[Article, ...] = ()
    tables: dict[str, dict[str, dict[str, Cell]]] = {}
    """Table → record id → record."""
    actions: tuple[Action, ...] = ()
    values: Values = {}
    translations: dict[str, Translation] = {}
    """Language → what people read at the desk; the pack's own language is not among them."""
    scenarios: tuple[Scenario, ...] = ()
    version: str = ""
    """SHA-256 of the pack's files, cut to 12 characters; set by the loader."""

    def in_language(self, language: str) -> "Pack":
        """The loaded pack with a desk that speaks `language`; itself where it has no translation.

        Data, action names, argument names and choices stay the codes they are.
        """
        words = self.translations.get(language)
        if words is None:
            return self
        actions = tuple(
            action.worded(words.actions[action.name]) if action.name in words.actions else action
            for action in self.actions
        )
        update = {"language": language, "actions": actions, "values": words.values}
        return self.model_copy(update=update)
