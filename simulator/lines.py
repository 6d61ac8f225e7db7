"""What customers of a language say when no line of the scenario says it."""

import random
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from dialogue.types import Target

PROBLEM, WISH = "_problem", "_wish"
"""Ids of the questions every scenario knows: what happened, and what the customer wants."""
DATA = "_data"
"""Id of the question for any particular, whatever it is."""
RIGHT = "_right"
SMALL = {"_ok": "agree", RIGHT: "right", "_how": "well", "_there": "here"}
"""Ids of questions about nothing in particular, and the lines that answer them."""


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


def general_questions(languages: Sequence[str]) -> list[Target]:
    """The questions that belong to no scenario, as targets of perception.

    `languages`: those an agent may ask in. A target without `about` is found by its phrases only.
    """
    about = {WISH: "what the customer would like to happen", PROBLEM: "what the problem is"}
    keys = {
        WISH: "asks_wish",
        PROBLEM: "asks_problem",
        **{id_: f"asks{id_}" for id_ in (DATA, *SMALL)},
    }
    return [
        Target(
            id=id_,
            about=about.get(id_, ""),
            phrases=tuple(p for language in dict.fromkeys(languages) for p in lines(language)[key]),
        )
        for id_, key in keys.items()
    ]
