"""Word lists: what greetings, rude words, signs of anger … look like. The lists are data."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "lexicons" / "words.yaml"

_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+|\n|$)")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")

QUOTE = 160
"""Longest quote, in characters."""


def found(text: str, lists: Iterable[str]) -> re.Match[str] | None:
    """The first match of any of the named lists, or `None`."""
    matches = (match for name in lists if (match := _pattern(name).search(text)))
    return min(matches, key=lambda match: match.start(), default=None)


def count(text: str, name: str) -> int:
    """How often a list matches."""
    return sum(1 for _ in _pattern(name).finditer(text))


def kinds(text: str, name: str) -> frozenset[str]:
    """What of a list is in a text, each wording once."""
    return frozenset(match.group().lower() for match in _pattern(name).finditer(text))


def sentences(text: str) -> list[str]:
    """A text's sentences, uncut: joined they are the text, without what is only white space.

    (`dialogue.language.sentences` trims them, so that their place in the text is lost.)
    """
    guarded = _DECIMAL.sub("\u2024", text)
    spans = (match.span() for match in _SENTENCE.finditer(guarded))
    return [part for begin, end in spans if (part := text[begin:end]).strip()]


def quote(text: str, at: int | None = None) -> str:
    """The sentence around a position, or the beginning of the text; no longer than `QUOTE`."""
    if at is None:
        return text.strip()[:QUOTE].strip()
    end = 0
    for part in sentences(text):
        start = text.index(part, end)
        end = start + len(part)
        if at < end:
            cut = part.strip()
            if len(cut) <= QUOTE:
                return cut
            # A sentence without an end: what stands around the position.
            begin = max(start, min(at - QUOTE // 4, end - QUOTE))
            return text[begin : begin + QUOTE].strip()
    return text.strip()[:QUOTE]


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """One expression for a list; raises `KeyError` for a list that is not there."""
    both = _lists()[name]
    english = "|".join(f"(?:{entry})" for entry in both["en"])
    chinese = "|".join(f"(?:{entry})" for entry in both["zh"])
    # Borders that also hold beside Chinese text and punctuation, where \b does not.
    return re.compile(
        rf"(?<![a-z])(?:{english})(?![a-z])|(?:{chinese})", re.IGNORECASE | re.MULTILINE
    )


def known_lists() -> frozenset[str]:
    """The names of all lists."""
    return frozenset(_lists())
