"""How a session of the command line begins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.services.practice import Practice

PERSON = "local"
"""Who practises where there are no accounts."""


@dataclass(frozen=True)
class Start:
    """How a session begins: anew in a scenario, or as another one up to a turn."""

    scenario: str | None = None
    persona: str | None = None
    seed: int | None = None
    level: int | None = None
    replay: str | None = None
    turn: int | None = None

    def begin(self, practice: "Practice") -> str:
        """The new session's id; raises what `Practice.start` and `Practice.replay` do."""
        if self.replay is not None and self.turn is not None:
            return practice.replay(self.replay, PERSON, self.turn)
        return practice.start(PERSON, str(self.scenario), self.persona, self.seed, self.level)
