"""What a customer's line may be, and the words and thresholds it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from dialogue.language import units


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role_break: tuple[str, ...]
    meta: tuple[str, ...]
    times: str
    """Days and parts of days: they are kept as they are."""
    greeting: str
    farewell: str
    """Goodbyes: only where the cue has one."""
    negation: str
    condition: str
    """Words that make a statement hold only in some case: it must not lose them."""
    filler: frozenset[str]
    """Words that carry no content. One text in the file: YAML reads `on` and `no` as booleans."""

    @field_validator("filler", mode="before")
    @classmethod
    def _split(cls, text: object) -> object:
        return text.split() if isinstance(text, str) else text


class GuardTable(BaseModel):
    """`simulator/guard.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provenance: str
    least_kept: float
    least_kept_of_facts: float
    most_new: float
    loop_overlap: float
    stray_words: dict[str, int]
    en: _Rules
    zh: _Rules

    def rules(self, language: str) -> _Rules:
        """The rules of one language."""
        return self.zh if language == "zh" else self.en


@lru_cache(maxsize=1)
def table() -> GuardTable:
    """The shipped rules."""
    text = files("simulator").joinpath("guard.yaml").read_text("utf-8")
    return GuardTable.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class Expected:
    """What a line may be: the cue's meaning and what was said before."""

    language: str
    means: str
    agent: str
    """The agent's message that is answered."""
    said: tuple[str, ...] = ()
    """The customer's earlier lines."""
    hidden: tuple[str, ...] = ()
    """What the brief holds and this cue does not allow."""
    facts: tuple[str, ...] = ()
    """What of the meaning are facts told in this turn: nearly all of them must be said."""
    voice: frozenset[str] = frozenset()
    """Words that are this persona's manner, not content."""


def voice_units(pairs: Sequence[tuple[str, str]]) -> frozenset[str]:
    """The words a persona adds of its own: in what it says, not in what it means."""
    found: set[str] = set()
    for means, says in pairs:
        found |= set(units(says)) - set(units(means))
    return frozenset(found)


def content(text: str, expected: Expected) -> set[str]:
    """The words of a text that carry content."""
    return set(units(text)) - table().rules(expected.language).filler
