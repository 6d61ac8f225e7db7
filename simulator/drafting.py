"""A cue in the making: what the director has put together for a turn so far."""

import random
from dataclasses import dataclass, field

from dialogue.types import Act, Perception
from personas.types import Manners
from scenarios.types import Brief
from simulator import lines
from simulator.agenda import Agenda
from simulator.levels import Level
from simulator.types import Does, EndReason

MOST_LINES = 3
"""How many things a customer says in one turn beside a greeting; a fact that was asked for may be
one more."""


@dataclass
class CueDraft:
    """A cue in the making."""

    brief: Brief
    level: Level
    manners: Manners
    language: str
    perception: Perception
    agenda: Agenda
    draw: random.Random
    acts: list[Does] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    ends: EndReason | None = None

    def add(self, act: Does, text: str, fact: str | None = None) -> bool:
        """Say one more thing, unless enough is said or it is said already; whether it is said."""
        said = len(self.says) - (Does.GREET in self.acts)
        if said >= (MOST_LINES + 1 if fact else MOST_LINES) or text in self.says:
            return False
        self.acts.append(act)
        self.says.append(text)
        if fact is not None:
            self.facts.append(fact)
        return True

    def add_first(self, act: Does, text: str) -> None:
        """Say something before all else; what is too much then goes unsaid, facts excepted."""
        if text in self.says:
            return
        if len(self.says) >= MOST_LINES and not self.facts:
            self.acts.pop()
            self.says.pop()
        self.acts.insert(0, act)
        self.says.insert(0, text)

    def add_line(self, act: Does, key: str) -> None:
        """Say one of the language's common lines."""
        text = lines.pick(self.language, key, self.draw, self.agenda.used)
        self.agenda = self.agenda.with_(used=(*self.agenda.used, text)[-8:])
        self.add(act, text)

    def shows(self, act: Act) -> bool:
        """Whether the agent's message does this."""
        return self.perception.shows(act)
