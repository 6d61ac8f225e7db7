"""Takes out of a conversation what names or reaches a person, before it is graded or written.

E-mail addresses, telephone numbers, card numbers, IBANs, Chinese identity numbers, addresses of
pages with a query string, and names where somebody is introduced become `[email]`, `[phone]`,
`[card]`, `[iban]`, `[id]`, `[link]`, `[name]`. Prices, dates, times, versions and order numbers
stay: the grade needs them. Patterns and words are in `dialogue/masking.yaml`.

This is a help, no guarantee: a name that nobody introduced stays, and so do streets. An id stays
too, since a result is found again by it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from string import ascii_letters, digits

from dialogue.formats.types import Row, Unreadable
from dialogue.masking_checks import CHECKS
from dialogue.masking_names import Span, introduced
from dialogue.masking_settings import Pattern, masking_settings
from dialogue.types import Transcript

NAME = "[name]"

_NARROW = {ord(sign) + 0xFEE0: sign for sign in f"{digits}{ascii_letters}+-@."}
"""Chinese keyboards write figures and Latin letters in two widths."""

_LOOK_BACK = 60
"""Characters before a find that may say what it is."""


def mask(text: str) -> str:
    """The text with everything of that kind replaced. Masked once more, it stays the same.

    What was replaced can free something beside it, so that it is gone through until nothing is
    found. That ends: each time there is less left that has not been replaced.
    """
    while (masked := _once(text)) != text:
        text = masked
    return text


def mask_row(row: Row) -> Row:
    """A conversation, or the reason why there is none, without what names or reaches a person."""
    if isinstance(row, Unreadable):
        return replace(row, message=mask(row.discreet or row.message))
    return mask_transcript(row)


def mask_transcript(transcript: Transcript) -> Transcript:
    """The conversation with every turn masked; its id stays."""
    turns = tuple(turn.model_copy(update={"text": mask(turn.text)}) for turn in transcript.turns)
    return transcript.model_copy(update={"turns": turns})


def _once(text: str) -> str:
    for pattern, regex in _patterns():
        spans = list(_spans(_seen(text, pattern), pattern, regex))
        text = _replaced(text, spans, f"[{pattern.kind}]")
    return _replaced(text, sorted(introduced(text)), NAME)


def _replaced(text: str, spans: list[Span], instead: str) -> str:
    """The text with something else in place of spans that are in order."""
    parts, done = [], 0
    for begin, end in spans:
        if begin >= done and end > begin:
            parts += [text[done:begin], instead]
            done = end
    return "".join([*parts, text[done:]])


def _seen(text: str, pattern: Pattern) -> str:
    """The text as a pattern sees it, sign for sign: narrow, and for telephones without dates."""
    text = text.translate(_NARROW)
    if pattern.check == "phone":
        for regex in _never_in_phone():
            text = regex.sub(lambda found: "_" * len(found[0]), text)
    return text


def _spans(text: str, pattern: Pattern, regex: re.Pattern[str]) -> Iterator[Span]:
    """Where a pattern is found and holds; what it took in vain may begin another find."""
    at = 0
    while found := regex.search(text, at):
        begin = found.start("what") if "what" in regex.groupindex else found.start()
        length = _length(text[begin : found.end()], pattern.check)
        if length and not _is_another(text[max(0, begin - _LOOK_BACK) : begin], pattern):
            yield begin, begin + length
            at = begin + length
        else:
            at = found.start() + 1


def _length(found: str, check: str | None) -> int:
    return CHECKS[check](found) if check else len(found)


def _is_another(before: str, pattern: Pattern) -> bool:
    """Whether the words before it say that it is another kind of number."""
    return any(_others()[name].search(before) for name in pattern.not_after)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Pattern, re.Pattern[str]], ...]:
    flags = re.VERBOSE | re.IGNORECASE
    return tuple((each, re.compile(each.regex, flags)) for each in masking_settings().patterns)


@lru_cache(maxsize=1)
def _never_in_phone() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(regex) for regex in masking_settings().never_in_phone)


@lru_cache(maxsize=1)
def _others() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?:{'|'.join(regexes)})\Z", re.IGNORECASE)
        for name, regexes in masking_settings().not_after.items()
    }
