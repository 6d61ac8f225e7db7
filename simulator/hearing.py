"""What the customer hears in the agent's messages: perception with one scenario's brief."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.perceive import Perceiver
from dialogue.types import Perception, Target
from llm.types import ChatModel, Usage
from simulator.lines import RIGHT, general_questions
from simulator.world import World


class Alias(BaseModel):
    """A row of `simulator/aliases.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: tuple[str, ...]
    also: tuple[str, ...]


@lru_cache(maxsize=1)
def aliases() -> tuple[Alias, ...]:
    """The shipped rows."""
    rows = yaml.safe_load(files("simulator").joinpath("aliases.yaml").read_text("utf-8"))
    return tuple(Alias.model_validate(row) for row in rows)


def also_called(phrases: Sequence[str]) -> tuple[str, ...]:
    """A fact's phrases and the usual other names of the same."""
    more = [also for row in aliases() if set(row.of) & set(phrases) for also in row.also]
    return tuple(dict.fromkeys([*phrases, *more]))


class Hearing:
    """Perceives messages as the customer of one world."""

    def __init__(self, model: ChatModel, world: World) -> None:
        brief = world.scenario.brief
        facts = [
            Target(id=f.id, about=f.about, phrases=also_called(f.phrases), unless=f.unless)
            for f in brief.facts
        ]
        offers = [
            Target(id=o.id, about=o.about, phrases=o.phrases, unless=o.unless) for o in brief.offers
        ]
        misbeliefs = [Target(id=m.id, about="", phrases=m.phrases) for m in brief.misbeliefs]
        facts += general_questions((world.scenario.agent_language, world.language))
        self._perceiver = Perceiver(model, facts, offers, misbeliefs)

    @property
    def usage(self) -> list[Usage]:
        """What the model's answers to the last message cost."""
        return self._perceiver.usage

    def warm_up(self) -> None:
        """See `Perceiver.warm_up`."""
        self._perceiver.warm_up()

    def perceive(self, text: str, told: tuple[str, ...]) -> Perception:
        """What a message does, beside what was told. Raises `llm.errors.ModelError`."""
        seen = self._perceiver.perceive(text, told)
        if RIGHT in seen.asks and not self._perceiver.restates(text, told):
            # "… is that correct?" about something never said is not confirmed.
            asks = {id_: p for id_, p in seen.asks.items() if id_ != RIGHT}
            return seen.model_copy(update={"asks": asks})
        return seen
