"""From "You want your money back" to "I want my money back": a description made a speech."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

Rule = tuple[str, str]

_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?])")
_LONE_I = re.compile(r"\bi\b(?!\.e\.)(?=$|[\s',.;:!?])")


@lru_cache(maxsize=1)
def rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The conversion's rules, from `first_person.yaml`, in their order."""
    text = files("scenarios").joinpath("importing/first_person.yaml").read_text("utf-8")
    rows = TypeAdapter(dict[str, list[Rule]]).validate_python(yaml.safe_load(text))
    return tuple((re.compile(rule, re.IGNORECASE), new) for rule, new in rows["rules"])


def first_person(text: str) -> str:
    """A description in the second person as its subject says it; the agent becomes "you"."""
    plain = text.replace("\u2019", "'")
    for pattern, new in rules():
        # A group that did not take part is empty text here, not an error.
        plain = pattern.sub(new, plain)
    plain = _SPACES.sub(" ", plain).strip()
    return _LONE_I.sub("I", _BEFORE_MARK.sub("", plain))


def sentence(text: str) -> str:
    """A text as one sentence: with a capital at the start and a mark at the end."""
    plain = text.strip().strip(",;:-– ").lstrip(".!?, ")
    if not plain:
        return ""
    whole = plain[0].upper() + plain[1:]
    return whole if whole[-1] in ".!?" else f"{whole}."
