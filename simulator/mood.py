"""How the customer feels, and how what the agent did moves it."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.types import Mood
from personas.types import Temperament

Emotion = Literal[
    "furious", "angry", "annoyed", "worried", "confused", "neutral", "relieved", "pleased"
]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Table):
    """What one event does, before temperament; each -1 to 1."""

    heat: float
    patience: float
    trust: float


class Step(_Table):
    """An emotion and the heat above which it is felt."""

    above: float
    is_: Emotion

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.rstrip("_")
    )


class MoodTable(_Table):
    """`simulator/mood.yaml`."""

    most_lost: float
    start_heat: dict[Emotion, float]
    events: dict[str, Change]
    emotions: tuple[Step, ...]
    settled: tuple[Step, ...]
    words: dict[str, dict[Emotion, str]]


@lru_cache(maxsize=1)
def table() -> MoodTable:
    """The shipped numbers."""
    text = files("simulator").joinpath("mood.yaml").read_text("utf-8")
    return MoodTable.model_validate(yaml.safe_load(text))


class Feeling(BaseModel):
    """The mood's hidden numbers; `mood()` is what shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Emotion
    """What the customer feels about the matter when calm enough."""
    heat: float
    patience: float
    trust: float

    @classmethod
    def at_start(cls, base: Emotion, temperament: Temperament, patience: float = 1.0) -> "Feeling":
        """How a persona comes into a scenario of that feeling; `patience`: the level's factor."""
        return cls(
            base=base,
            heat=table().start_heat[base],
            patience=_clip(temperament.patience * patience),
            trust=temperament.trust,
        )

    def after(self, event: str, temperament: Temperament, wear: float = 1.0) -> "Feeling":
        """The feeling after one event of the mood table; raises `KeyError` for an unknown one.

        `wear`: the level's factor on lost patience.
        """
        change = table().events[event]
        factor = _factors(change, temperament)
        lost = factor * (wear if change.patience < 0 else 1.0)
        return Feeling(
            base=self.base,
            heat=_clip(self.heat + change.heat * factor),
            patience=_clip(self.patience + change.patience * lost),
            trust=_clip(self.trust + change.trust * factor),
        )

    def since(self, before: "Feeling") -> "Feeling":
        """This feeling, with no more patience lost since `before` than one message can cost."""
        least = before.patience - table().most_lost
        return self.model_copy(update={"patience": _clip(max(self.patience, least))})

    def mood(self, settled: bool) -> Mood:
        """The mood that shows. `settled`: every goal is met."""
        return Mood(
            emotion=self._emotion(settled),
            patience=round(self.patience, 3),
            trust=round(self.trust, 3),
        )

    def _emotion(self, settled: bool) -> Emotion:
        for step in table().emotions:
            if self.heat > step.above:
                return step.is_
        if not settled:
            calm = self.base not in ("furious", "angry", "annoyed")
            return self.base if calm else ("annoyed" if self.heat > 0.2 else "neutral")
        return next(step.is_ for step in table().settled if self.heat > step.above)


def word(mood: Mood, language: str) -> str:
    """The emotion in the customer's language, for the actor's direction and the page."""
    return table().words[language][mood.emotion]


def _factors(change: Change, temperament: Temperament) -> float:
    worse = change.heat > 0 or change.patience < 0
    return 0.5 + (temperament.irritability if worse else temperament.forgiveness)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
