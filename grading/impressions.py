"""Impressions: open questions whose first word is never read, only what it might have been.

Asked to describe a message's tone in one word, a small model leans towards hundreds of words at
once, and how far it leans towards each says far more than a yes or a no. A ridge regression reads
it from the log-probabilities of the 400 likeliest first tokens; how well it does on rows it was not
fitted to stands beside its coefficients. They belong to one model, are fitted by
`bench/grader/fit.py` and lie in `grading/calibration/readings.<model>.json`. The idea that a
verbaliser of many words reads a language model better than one: Hu et al., 2022, "Knowledgeable
Prompt-tuning".
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from llm.choices import instruction
from llm.types import YES_NO

LensId = Literal["tone", "care", "outcome", "feeling", "accord"]
"""tone: one message of the agent · care: one answer to the customer · outcome, feeling: the whole
conversation · accord: two statements of the agent."""

BELOW = 0.5
"""Nats below the least likely token told, where a token that is not told is taken to lie."""


class Part(BaseModel):
    """A frozen part of a readings file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Direction(Part):
    """What is read out of an impression: a weighted sum of the tokens' standardised leanings."""

    weights: tuple[float, ...]
    bias: float
    trained_on: str
    """Rows, whose labels, licence."""
    found: str
    """How well it did on rows that it was not fitted to."""


class LensFit(Part):
    """How one model's impressions through one lens are read."""

    asks: tuple[str, ...] = Field(min_length=1)
    """The open questions, in order."""
    tokens: tuple[tuple[str, ...], ...]
    """For each question: the tokens looked at."""
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    """Of the tokens' log-probabilities, all questions' in one row."""
    directions: dict[str, Direction]

    def read(self, told: Sequence[Mapping[str, float]]) -> dict[str, float]:
        """Direction → value, from what the model told to each question."""
        row = np.concatenate(
            [leanings(words, tokens) for words, tokens in zip(told, self.tokens, strict=True)]
        )
        standard = (row - np.array(self.centre)) / np.array(self.spread)
        return {
            name: float(standard @ np.array(one.weights)) + one.bias
            for name, one in self.directions.items()
        }


def openly(ask: str) -> str:
    """A yes/no question as an open one: what else the model leans to counts as well."""
    return f"{ask}\n{instruction(YES_NO)}"


def leanings(words: Mapping[str, float], tokens: Sequence[str]) -> NDArray[np.float64]:
    """The log-probabilities of the tokens; one that was not told lies below the least."""
    floor = min(words.values()) - BELOW if words else 0.0
    return np.array([words.get(token, floor) for token in tokens])
