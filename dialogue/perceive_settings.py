"""The questions and thresholds of perception, with where they are from."""

from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """`dialogue/perceive.yaml`: the questions and their calibration, with provenance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    provenance: str
    rule_weight: float
    """Log-odds that a matching pattern adds to what the wording says."""
    grave_caution: float
    """Log-odds taken from what would turn the customer against the agent, without a pattern."""
    courtesy_caution: float
    """The same for rudeness beside an apology, empathy or thanks."""
    sentence_caution: float
    """Log-odds taken from what a sentence does by itself."""
    system: str
    message: str
    empty_message: str
    asks: str
    offers: str
    threshold: float
    """Calibrated log-odds above which a question counts as answered with yes."""
    slope: float
    """Log-odds per unit of calibrated log-odds, around the threshold."""
    most_questions: int
    """How many targets the model is asked about in one message."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The shipped questions."""
    text = files("dialogue").joinpath("perceive.yaml").read_text("utf-8")
    return Settings.model_validate(yaml.safe_load(text))
