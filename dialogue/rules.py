"""Dialogue acts by rule: what is clear from the wording is settled here, without a model."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dialogue.language import clauses, scripts, sentences
from dialogue.spelling import normalise
from dialogue.types import Act

HIT = 0.95
"""Probability of what a phrase of the scenario names."""


class ActPatterns(BaseModel):
    """How an act looks in one language; see `dialogue/acts/en.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    any: tuple[str, ...]
    unless: tuple[str, ...] = Field((), alias="not")

    def match(self, sentence: str) -> bool:
        """Whether any pattern matches and none takes it back."""
        if not any(_compiled(pattern).search(sentence) for pattern in self.any):
            return False
        return not any(_compiled(pattern).search(sentence) for pattern in self.unless)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=4)
def patterns(language: str) -> dict[Act, ActPatterns]:
    """The patterns of one language, `en` or `zh`."""
    text = files("dialogue").joinpath(f"acts/{language}.yaml").read_text("utf-8")
    return {
        Act(act): ActPatterns.model_validate(rows) for act, rows in yaml.safe_load(text).items()
    }


def sentence_acts(sentence: str) -> set[Act]:
    """The acts whose patterns match one sentence, in any language whose script occurs in it."""
    found: set[Act] = set()
    for language in scripts(sentence):
        # Chinese strings several statements together with commas; each is looked at on its own too.
        parts = [sentence, *clauses(sentence)] if language == "zh" else [sentence]
        for part in parts:
            found |= {act for act, rows in patterns(language).items() if rows.match(part)}
    return found


def rule_acts(text: str) -> set[Act]:
    """The acts whose patterns match a message."""
    plain = normalise(text)
    found: set[Act] = set()
    for sentence in sentences(plain):
        found |= sentence_acts(sentence)
    return found if re.search(r"\w|[^\x00-\u2fff]", plain) else {Act.EMPTY}
