"""Numbers in words, so that "fifteen" and "15" are the same and "fifty" is another.

In Chinese only numbers from ten on: single numerals stand in too many words that count nothing.
"""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.language import numbers


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _English(_Words):
    small: dict[str, int]
    tens: dict[str, int]

    def pattern(self) -> re.Pattern[str]:
        tens, small = "|".join(self.tens), "|".join(sorted(self.small, key=len, reverse=True))
        ones = f"one|{small}"
        return re.compile(rf"\b(?:({tens})(?:[- ]({ones}))?|({small}))\b", re.IGNORECASE)

    def value(self, tens: str | None, ones: str | None, small: str | None) -> int:
        single = {"one": 1, **self.small}
        if tens is None:
            return self.small[(small or "").lower()]
        return self.tens[tens.lower()] + (single[ones.lower()] if ones else 0)


class _Chinese(_Words):
    digits: dict[str, int]
    steps: dict[str, int]
    idioms: tuple[str, ...]

    def pattern(self) -> re.Pattern[str]:
        digit, step = "".join(self.digits), "".join(self.steps)
        return re.compile(rf"[{digit}{step}]*[{step}][{digit}{step}]*")

    def value(self, run: str) -> int:
        whole, digit = 0, 0
        for char in run:
            if char in self.steps:
                whole += (digit or 1) * self.steps[char]
                digit = 0
            else:
                digit = self.digits[char]
        return whole + digit


class _Table(_Words):
    en: _English
    zh: _Chinese


@lru_cache(maxsize=1)
def _table() -> _Table:
    text = files("dialogue").joinpath("numerals.yaml").read_text("utf-8")
    return _Table.model_validate(yaml.safe_load(text))


def figures(text: str) -> set[str]:
    """The numbers of a text, in digits or in words, as `dialogue.language.numbers` gives them."""
    english, chinese = _table().en, _table().zh
    found = {str(english.value(*match.groups())) for match in english.pattern().finditer(text)}
    plain = re.sub("|".join(chinese.idioms), "", text)
    # A step alone ("十分", "千万") counts nothing.
    runs = (run for run in chinese.pattern().findall(plain) if len(run) > 1)
    counted = (run for run in runs if any(char in chinese.digits for char in run))
    return numbers(text) | found | {str(chinese.value(run)) for run in counted}
