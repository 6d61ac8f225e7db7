"""Typing habits: what a persona's fingers do to what the model said. Deterministic by seed."""

import random
import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.language import HAN, numbers
from dialogue.types import Mood
from personas.types import Typing

_WORD = re.compile(r"[a-z]{5,}")
_SLIPS = ("swap", "drop", "double", "neighbour")


class _Slips(BaseModel):
    """`simulator/typos.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    neighbours: dict[str, str]
    """Key → the keys beside it."""
    sounds_like: dict[str, str]
    """Chinese word → another that is typed the same way."""


@lru_cache(maxsize=1)
def _slips() -> _Slips:
    text = files("simulator").joinpath("typos.yaml").read_text("utf-8")
    return _Slips.model_validate(yaml.safe_load(text))


def typed(text: str, habits: Typing, mood: Mood, draw: random.Random) -> str:
    """A sentence as this persona types it. Figures, names and codes stay as they are."""
    if habits.typos:
        text = _mistyped(text, habits.typos, draw)
    if habits.shouts and mood.emotion in ("angry", "furious"):
        text = _shouted(text, draw)
    if habits.drop_apostrophes:
        text = re.sub(r"(?<=[a-zA-Z])['’](?=[a-z])", "", text)
    if habits.lowercase:
        text = text.lower()
    return text


def without_stop(text: str, habits: Typing) -> tuple[str, str]:
    """A sentence as it stands at the end of a message, and the stop that a next one needs."""
    if habits.drop_final_stop and text.endswith((".", "。")) and not text.endswith(".."):
        return text[:-1], "" if habits.bursts else text[-1]
    return text, ""


def emoji(habits: Typing, mood: Mood, draw: random.Random) -> str:
    """The emoji behind a message; often none."""
    kinds = {"relieved": habits.emoji.glad, "pleased": habits.emoji.glad, "neutral": ()}
    choices = kinds.get(mood.emotion, habits.emoji.upset)
    return draw.choice(choices) if choices and draw.random() < habits.emoji.rate else ""


def _mistyped(text: str, rate: float, draw: random.Random) -> str:
    if HAN.search(text):
        for word, other in _slips().sounds_like.items():
            if word in text and draw.random() < rate * 3:  # few words can be mistaken at all
                return text.replace(word, other, 1)
        return text
    return _WORD.sub(lambda m: _slip(m, rate, draw), text)


def _slip(found: re.Match[str], rate: float, draw: random.Random) -> str:
    """A lower-case word of five letters or more, now and then with a slip inside it: shorter ones
    can hardly be read with one."""
    word, start = found[0], found.start()
    inside_a_name = start > 0 and (
        found.string[start - 1].isalnum() or found.string[start - 1] in "@#._-"
    )
    if draw.random() >= rate or inside_a_name:
        return word
    at = draw.randrange(1, len(word) - 1)
    match draw.choice(_SLIPS):
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "drop":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[:at] + word[at] + word[at:]
        case _:
            near = _slips().neighbours.get(word[at], word[at])
            return word[:at] + draw.choice(near) + word[at + 1 :]


def _shouted(text: str, draw: random.Random) -> str:
    """One word of weight in capitals, not a figure and not a name."""
    words = [w for w in re.findall(r"\b[a-z]{4,}\b", text) if not numbers(w)]
    if not words:
        return text
    word = draw.choice(words)
    return re.sub(rf"\b{word}\b", word.upper(), text, count=1)
