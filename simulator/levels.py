"""What a level of difficulty changes in a customer: patience, disclosure, goals, interruptions."""

from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from scenarios.types import Brief, Goal, Misbelief


class Level(BaseModel):
    """One row of `simulator/levels.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1, le=4)
    patience: float = Field(gt=0)
    wear: float = Field(gt=0)
    unasked: int = Field(ge=0)
    manners: float = Field(ge=0, le=1)
    vague: bool

    def goals(self, brief: Brief) -> tuple[Goal, ...]:
        """The goals the customer comes with: those that only replace another come later."""
        second_best = {goal.gives_way.to for goal in brief.goals if goal.gives_way}
        wanted = (goal for goal in brief.goals if goal.from_level <= self.number)
        return tuple(goal for goal in wanted if goal.id not in second_best)

    def misbeliefs(self, brief: Brief) -> tuple[Misbelief, ...]:
        """What the customer is wrong about at this level."""
        return tuple(each for each in brief.misbeliefs if each.from_level <= self.number)


@lru_cache(maxsize=4)
def level(number: int) -> Level:
    """The level with this number, 1 to 4; raises `KeyError` for another."""
    text = files("simulator").joinpath("levels.yaml").read_text("utf-8")
    rows = TypeAdapter(dict[int, dict[str, float]]).validate_python(yaml.safe_load(text))
    return Level.model_validate({"number": number, **rows[number]})
