"""Everything a session takes place in."""

from dataclasses import dataclass

from personas.types import Persona
from scenarios.types import Pack, Scenario


@dataclass(frozen=True)
class World:
    """A scenario of a pack, played by a persona."""

    pack: Pack
    scenario: Scenario
    persona: Persona

    @property
    def language(self) -> str:
        """The customer's language: the scenario's lines are written in it."""
        return self.scenario.language
