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
    played_at: int | None = None
    """The level it is played at; `None`: the scenario's own."""

    @property
    def language(self) -> str:
        """The customer's language: the scenario's lines are written in it."""
        return self.scenario.language

    @property
    def level(self) -> int:
        """The level of difficulty, 1 to 4."""
        return self.played_at or self.scenario.level

    @property
    def customer_name(self) -> str:
        """What the customer is called here: whoever plays them bears the name of the data."""
        return self.scenario.brief.called or self.persona.name
