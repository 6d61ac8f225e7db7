"""What customers of a language say when no line of the scenario says it."""

import random
from functools import lru_cache
from importlib.resources import files

import yaml

from dialogue.types import Target

PROBLEM, WISH = "_problem", "_wish"
"""Ids of the questions every scenario knows: what happened, and what the customer wants."""


@lru_cache(maxsize=4)
def lines(language: str) -> dict[str, tuple[str, ...]]:
    """Key → wordings, from `simulator/lines.<language>.yaml`."""
    text = files("simulator").joinpath(f"lines.{language}.yaml").read_text("utf-8")
    return {key: tuple(wordings) for key, wordings in yaml.safe_load(text).items()}


def pick(language: str, key: str, draw: random.Random, used: tuple[str, ...] = ()) -> str:
    """One wording, one not used lately where there is a choice."""
    wordings = lines(language)[key]
    fresh = [wording for wording in wordings if wording not in used]
    return draw.choice(fresh or list(wordings))


def general_questions(language: str) -> list[Target]:
    """The questions about the matter as a whole, as targets of perception."""
    rows = lines(language)
    return [
        Target(id=WISH, about="what the customer would like to happen", phrases=rows["asks_wish"]),
        Target(id=PROBLEM, about="what the problem is", phrases=rows["asks_problem"]),
    ]
