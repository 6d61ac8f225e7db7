"""What masking looks for, as data."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

Kind = Literal["link", "email", "id", "iban", "card", "phone"]


class Part(BaseModel):
    """A frozen piece of the file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(Part):
    """Something with a form of its own."""

    kind: Kind
    regex: str
    check: Literal["chinese_id", "iban", "card", "phone"] | None = None
    not_after: tuple[Literal["numbers", "orders"], ...] = ()


class Introduction(Part):
    """How somebody is introduced in English: words before the name and, for some, behind it."""

    before: str
    after: str = ""
    capital: bool = False
    """Only a name that is written with capitals is one."""


class English(Part):
    """English names."""

    introductions: tuple[Introduction, ...]
    most_words: int
    most_small_words: int
    inside: frozenset[str]
    """Small words inside a name."""
    no_names: frozenset[str]


class Chinese(Part):
    """Chinese names, which end without a mark."""

    introductions: tuple[str, ...]
    surname_introductions: tuple[str, ...]
    surnames: frozenset[str]
    double_surnames: tuple[str, ...]
    no_surnames: frozenset[str]
    most_signs: int
    after: frozenset[str]
    no_begin: frozenset[str]
    no_names: tuple[str, ...]


class MaskingSettings(Part):
    """`dialogue/masking.yaml`."""

    patterns: tuple[Pattern, ...]
    not_after: dict[Literal["numbers", "orders"], tuple[str, ...]]
    never_in_phone: tuple[str, ...]
    phone_digits: tuple[int, int]
    """Fewest and most."""
    iban_lengths: dict[str, int]
    english: English
    chinese: Chinese


@lru_cache(maxsize=1)
def masking_settings() -> MaskingSettings:
    """The shipped file."""
    text = files("dialogue").joinpath("masking.yaml").read_text("utf-8")
    fields = yaml.safe_load(text)
    for name in ("surnames", "no_surnames", "after", "no_begin"):
        fields["chinese"][name] = frozenset(fields["chinese"][name])
    return MaskingSettings.model_validate(fields)
