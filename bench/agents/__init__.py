"""The scripted agents of the test bench: one that does everything right, and four that do not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from scenarios.commands import is_command, parse_command
from scenarios.types import AgentKind, Scenario
from simulator.types import ActionCall

KINDS: tuple[AgentKind, ...] = ("good", "poor", "rude", "evasive", "attacker")

WRONG_OFFER_EVERY = 3
"""A poor agent makes one of the scenario's unwanted offers in every third message."""


class Scripts(BaseModel):
    """`bench/agents/<language>.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offers: tuple[str, ...]
    """How a poor agent makes an offer; `{about}` is what."""
    poor: tuple[tuple[str, ...], ...]
    rude: tuple[tuple[str, ...], ...]
    evasive: tuple[tuple[str, ...], ...]
    attacker: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AgentTurn:
    """What is done at the desk, then what is said."""

    text: str
    actions: tuple[ActionCall, ...] = ()


@lru_cache(maxsize=4)
def scripts(language: str) -> Scripts:
    """The scripted agents who write this language."""
    text = files("bench").joinpath(f"agents/{language}.yaml").read_text("utf-8")
    return Scripts.model_validate(yaml.safe_load(text))


def turns(kind: AgentKind, scenario: Scenario, seed: int) -> Iterator[AgentTurn]:
    """An agent's messages in order, by kind and seed. `good` says the scenario's own lines."""
    if kind == "good":
        yield from _ideal(scenario)
        return
    book = scripts(scenario.agent_language)
    draw = random.Random(f"{kind}/{scenario.id}/{seed}")
    lines = list(draw.choice(getattr(book, kind)))
    if kind == "poor":
        lines = _with_wrong_offers(lines, scenario, book, draw)
    yield from (AgentTurn(line) for line in lines)


def _ideal(scenario: Scenario) -> Iterator[AgentTurn]:
    actions: list[ActionCall] = []
    for line in scenario.ideal:
        if is_command(line):
            command = parse_command(line)
            actions.append(ActionCall(name=command.name, arguments=command.arguments))
        else:
            yield AgentTurn(line, tuple(actions))
            actions = []


def _with_wrong_offers(
    lines: list[str], scenario: Scenario, book: Scripts, draw: random.Random
) -> list[str]:
    unwanted = [offer.about for offer in scenario.brief.offers if offer.response == "refuse"]
    draw.shuffle(unwanted)
    for i in range(WRONG_OFFER_EVERY, len(lines), WRONG_OFFER_EVERY):
        if unwanted:
            lines[i] = draw.choice(book.offers).format(about=unwanted.pop())
    return lines
