"""Other ways of writing the same made one: text-speak, the names of days, typographic marks."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\t": " ", "\u00a0": " "})
_WORD = re.compile(r"(?<![\w'-])(?:wi-fi|[a-z]+|&)(?![\w'-])", re.IGNORECASE)


class Spelling(BaseModel):
    """`dialogue/spelling.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: dict[str, str]
    zh: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def table() -> Spelling:
    """The shipped table."""
    text = files("dialogue").joinpath("spelling.yaml").read_text("utf-8")
    return Spelling.model_validate(yaml.safe_load(text))


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """A text in the spelling that patterns and phrases are written for; line breaks stay."""
    words = table().en
    plain = _WORD.sub(lambda found: words.get(found[0].lower(), found[0]), text.translate(_PLAIN))
    for pattern, instead in table().zh:
        plain = re.sub(pattern, instead, plain)
    return re.sub(r" +", " ", plain).strip()
