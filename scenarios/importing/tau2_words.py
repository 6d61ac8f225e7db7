"""The words of imported customers and their good agents, from `tau2_words.yaml`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

from personas.types import Strict
from scenarios.types import Card


class Deed(Strict):
    """How a tool that changes something is spoken of."""

    verbs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    about: str
    wants: str
    accepts: str
    propose: str
    done: str


class TransferWords(Strict):
    """How handing over to a person is spoken of."""

    about: str
    phrases: tuple[str, ...]
    accepts: str
    refuses: str
    later: str
    wants: str
    gives_way: str


class AnswerWords(Strict):
    """How an answer is spoken of."""

    about: str
    phrases: tuple[str, ...]
    accepts: str


class ExplainedWords(AnswerWords):
    """How the reason of a refusal is spoken of."""

    wants: str
    gives_way: str
    lets_go: str


class Unwanted(Strict):
    """An offer that no imported customer takes."""

    id: str
    about: str
    phrases: tuple[str, ...]
    says: str


class FactWords(Strict):
    """How a fact is told and asked for."""

    about: str
    says: str
    phrases: tuple[str, ...]


class PersonaWords(Strict):
    """Words of a task's instructions that call for a persona."""

    words: tuple[str, ...]
    persona: str


class Words(Strict):
    """`tau2_words.yaml`."""

    notice: str
    deeds: dict[str, Deed]
    other_deed: Deed
    as_said: str
    another: str
    no_marks: tuple[str, ...]
    most_marks: int
    transfer: TransferWords
    answered: AnswerWords
    explained: ExplainedWords
    unwanted: tuple[Unwanted, ...]
    facts: dict[str, FactWords]
    address_kept: str
    address_given: str
    order_unknown: str
    reservation_unknown: str
    reasons: dict[str, str]
    payments: dict[str, str]
    unknown: dict[str, str]
    detail: str
    greeting: str
    ask: dict[str, str]
    wish: str
    refuse: str
    explain: str
    answer: str
    transfer_line: str
    summary: str
    more: str
    goodbye: str
    opening: str
    puzzled: str
    insists: str
    satisfied: str
    gives_up: str
    max_turns: int
    title_words: int
    card: Card
    identifying: str
    keeping_address: str
    informing: str
    personas: tuple[PersonaWords, ...]
    persona: str


@lru_cache(maxsize=1)
def words() -> Words:
    """The shipped words."""
    text = files("scenarios").joinpath("importing/tau2_words.yaml").read_text("utf-8")
    return Words.model_validate(yaml.safe_load(text))


def deed(name: str) -> Deed:
    """How a tool is spoken of; by its own name where no words are shipped for it."""
    found = words().deeds.get(name)
    if found is not None:
        return found
    title = name.replace("_", " ")
    other = words().other_deed
    return other.model_copy(
        update={
            "verbs": (title,),
            "about": other.about.format(title=title),
            "propose": other.propose.replace("{title}", title),
            "done": other.done.replace("{title}", title),
        }
    )


def filled(text: str, values: Mapping[str, str]) -> str:
    """`{name}` replaced by its value; a name without a value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def persona_for(instructions: str) -> str:
    """The persona whose manner the instructions describe."""
    plain = instructions.lower()
    for row in words().personas:
        if any(re.search(rf"\b{re.escape(word)}\b", plain) for word in row.words):
            return row.persona
    return words().persona
