"""One message as rules read it: other ways of typing made one, words counted, places kept.

Every place is an offset into the message as it was sent: what is made one keeps its length.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

_SAME = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width letters, figures and marks, as Chinese keyboards type them."""
_SAME |= {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5}
_SAME |= {ord(typed): ord(plain) for typed, plain in zip("‘’“”", "''\"\"", strict=True)}

_LETTER = r"a-z0-9\u00c0-\u024f"
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_UNIT = re.compile(rf"[{_LETTER}]+(?:['.-][{_LETTER}]+)*|[{_HAN}]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[!?;\n。…]|\.(?![a-z0-9])", re.IGNORECASE)
_CLAUSE_END = re.compile(rf"[!?;\n。…、]|[.,:](?!\d)|(?<=[{_HAN}])[,:]")


LONGEST = 20_000
"""Characters of a message that rules read."""


def plain(text: str) -> str:
    """A text with full-width signs and curly quotes made plain; as long as before."""
    return text.translate(_SAME)


@dataclass(frozen=True, order=True)
class Span:
    """A part of a message, by characters; `end` is behind the last."""

    start: int
    end: int

    def inside(self, other: "Span") -> bool:
        """Whether all of it lies in another."""
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end


class Text:
    """A message. Distances are in units: words, or Chinese characters."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.plain = plain(raw)
        self.known: dict[tuple[str, ...], list[Span]] = {}
        """Where keywords were found already: rules look for the same ones again and again."""

    @cached_property
    def whole(self) -> Span:
        """All of it, without white space around."""
        start = len(self.raw) - len(self.raw.lstrip())
        return Span(start, max(start, len(self.raw.rstrip())))

    @cached_property
    def units(self) -> tuple[Span, ...]:
        """Its words and Chinese characters in order."""
        return tuple(Span(*match.span()) for match in _UNIT.finditer(self.plain))

    def distance(self, first: Span, second: Span) -> int:
        """Units from the end of one part to the beginning of a later one; 1: side by side."""
        return self._first_unit(second) - self._last_unit(first)

    def reach(self, span: Span, units: int) -> tuple[int, int]:
        """The places so many units before and behind a part."""
        if not self.units:
            return 0, len(self.raw)
        first = max(self._first_unit(span) - units, 0)
        last = min(self._last_unit(span) + units, len(self.units) - 1)
        return min(self.units[first].start, span.start), max(self.units[last].end, span.end)

    def same_sentence(self, first: Span, second: Span) -> bool:
        """Whether no sentence ends between two parts."""
        return not _SENTENCE_END.search(self.plain, first.end, max(first.end, second.start))

    def same_clause(self, first: Span, second: Span) -> bool:
        """Whether no clause ends between two parts."""
        return not _CLAUSE_END.search(self.plain, first.end, max(first.end, second.start))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences with their closing marks."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.plain)]
        borders = [0, *ends, len(self.plain)]
        spans = (Span(start, end) for start, end in pairwise(borders))
        return tuple(span for span in spans if any(c.isalnum() for c in self.cut(span)))

    def cut(self, span: Span) -> str:
        """A part as it was sent."""
        return self.raw[span.start : span.end]

    def _first_unit(self, span: Span) -> int:
        return bisect_right(self._ends, span.start)

    def _last_unit(self, span: Span) -> int:
        return bisect_left(self._starts, span.end) - 1

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def _ends(self) -> list[int]:
        return [unit.end for unit in self.units]


@lru_cache(maxsize=512)
def read(raw: str) -> Text:
    """A message, or as much of it as rules read, kept for the many rules that look at it."""
    return Text(raw[:LONGEST])


@cache
def expression(pattern: str) -> re.Pattern[str]:
    """A rule's regular expression; case does not count."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
