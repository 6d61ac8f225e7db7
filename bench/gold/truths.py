"""What the gold set says about a rubric's checks."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bench.gold.reading import Labels


class Truth(BaseModel):
    """How a check follows from the labels (`checks.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str | None = None
    """Of the guide."""
    opposite: bool = False
    applies: bool = False
    """Yes as soon as the question applies at all."""
    rating: str | None = None

    def of(self, labels: Labels) -> float | None:
        """How true yes is, 0–1; `None` where the labels say that it does not apply."""
        if self.rating is not None:
            stars = labels.ratings[self.rating]
            return None if stars is None else (stars - 1) / 4
        assert self.question is not None
        answer = labels.answers[self.question][0]
        if self.applies:
            return float(answer != "na")
        return None if answer == "na" else float((answer == "yes") != self.opposite)

    def turn(self, labels: Labels) -> int | None:
        """The turn that shows it, where the labels name one."""
        return labels.answers[self.question][1] if self.question else None


@lru_cache(maxsize=1)
def truths() -> dict[str, Truth]:
    """Check id (or `when_` and a condition) → how it follows from the labels."""
    text = (Path(__file__).parent / "checks.yaml").read_text("utf-8")
    return {id_: Truth.model_validate(row) for id_, row in yaml.safe_load(text).items()}
