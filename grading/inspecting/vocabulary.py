"""Finds keywords in a message, and whether a negation takes them back."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache

from grading.inspecting.forms import Group, Near, Negation, Words
from grading.inspecting.text import Span, Text, plain

_LATIN = r"a-z0-9\u00c0-\u024f"
_BEGINS = rf"(?<![{_LATIN}])"
_ENDS = rf"(?![{_LATIN}]|'t(?![{_LATIN}]))"
"""Not inside a longer word, and "can" is not in "can't"."""
_STARRED_BEFORE = rf"{_BEGINS}[{_LATIN}]*"
_STARRED_BEHIND = rf"[{_LATIN}]*{_ENDS}"


LONGEST = 30
"""Units of a keyword, at most; in Chinese characters."""


class Vocabulary:
    """The groups and negators of a rules file, ready to look for."""

    def __init__(self, groups: Mapping[str, Group], negation: Negation | None) -> None:
        self._groups = groups
        self._negation = negation

    def spans(self, text: Text, words: Words) -> list[Span]:
        """Where any of the words is, negated or not. `@name` stands for a group's words."""
        inline = tuple(word for word in words if not word.startswith("@"))
        found = set(matches(text, inline))
        for word in words:
            if word.startswith("@"):
                found |= set(self._of_group(text, self._groups[word[1:]]))
        return sorted(found)

    def said(self, text: Text, words: Words) -> list[Span]:
        """Where any of the words is without a negation before it."""
        return [span for span in self.spans(text, words) if not self.negated(text, span)]

    def near(self, text: Text, near: Near, *, negation: bool = True) -> list[Span]:
        """From one keyword to the other, where both stand close enough to each other."""
        seconds = self.spans(text, near.second)
        return [
            Span(min(first.start, second.start), max(first.end, second.end))
            for first in self.spans(text, near.first)
            for second in _around(text, first, seconds, near.within)
            if _close(text, near, first, second)
            and not (negation and self._either_negated(text, first, second))
        ]

    def negated(self, text: Text, span: Span, besides: Sequence[Span] = ()) -> bool:
        """Whether a negator reaches a keyword. One inside it, or in `besides`, is part of it."""
        rule = self._negation
        if rule is None:
            return False
        return any(
            negator.start < span.start
            and not any(negator.overlaps(part) for part in besides)
            and self._reaches(text, rule, negator, span)
            for negator in _around(text, span, self._negators(text, rule), rule.within)
        )

    def _negators(self, text: Text, rule: Negation) -> list[Span]:
        return outside(matches(text, rule.words), matches(text, rule.unless))

    def _either_negated(self, text: Text, first: Span, second: Span) -> bool:
        return self.negated(text, first, (second,)) or self.negated(text, second, (first,))

    def _reaches(self, text: Text, rule: Negation, negator: Span, span: Span) -> bool:
        if negator.overlaps(span):
            return True
        if text.distance(negator, span) > rule.within or not text.same_clause(negator, span):
            return False
        between = Span(negator.end, span.start)
        return not any(stop.inside(between) for stop in self.spans(text, rule.stops))

    def _of_group(self, text: Text, group: Group) -> list[Span]:
        return outside(matches(text, group.any), matches(text, group.unless))


def matches(text: Text, words: Words) -> list[Span]:
    """Where keywords are, in order. Two of them may overlap."""
    if words not in text.known:
        found = (match for each in _patterns(words) for match in each.finditer(text.plain))
        text.known[words] = sorted({Span(*match.span()) for match in found})
    return text.known[words]


def outside(spans: Sequence[Span], exempt: Sequence[Span]) -> list[Span]:
    """The parts that do not lie inside an exempt one. Both have to be in order."""
    kept, waiting, covered = [], iter(exempt), 0
    other = next(waiting, None)
    for span in spans:
        while other is not None and other.start <= span.start:
            covered = max(covered, other.end)
            other = next(waiting, None)
        if covered < span.end:
            kept.append(span)
    return kept


def _around(text: Text, span: Span, others: Sequence[Span], within: int) -> Sequence[Span]:
    """Those of others, which are in order, that can be so close; long messages have many."""
    first, last = text.reach(span, within + LONGEST)
    return others[bisect_left(others, Span(first, 0)) : bisect_right(others, Span(last, last))]


def _close(text: Text, near: Near, first: Span, second: Span) -> bool:
    if first.overlaps(second) or (near.in_order and second.start < first.start):
        return False
    earlier, later = sorted((first, second))
    return text.distance(earlier, later) <= near.within and text.same_sentence(earlier, later)


@cache
def _patterns(words: Words) -> tuple[re.Pattern[str], ...]:
    """One expression for all keywords with the same borders: long lists compile slowly."""
    alike: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        bare = plain(word).strip("*").strip()
        before = _STARRED_BEFORE if word.startswith("*") else _border(bare[0], _BEGINS)
        behind = _STARRED_BEHIND if word.endswith("*") else _border(bare[-1], _ENDS)
        spelled = r"\s+".join(re.escape(part) for part in bare.split())
        alike.setdefault((before, behind), []).append(spelled)
    return tuple(
        re.compile(f"{before}(?:{'|'.join(spelled)}){behind}", re.IGNORECASE)
        for (before, behind), spelled in alike.items()
    )


def _border(character: str, border: str) -> str:
    return border if re.match(rf"[{_LATIN}]", character, re.IGNORECASE) else ""
