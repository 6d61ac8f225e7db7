"""Counts with their uncertainty, and how alike texts are."""

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from statistics import mean, quantiles

from pydantic import BaseModel, ConfigDict

from dialogue.language import HAN, units


class Share(BaseModel):
    """How many of how many, with the 95 % interval of Wilson 1927 (score interval)."""

    model_config = ConfigDict(frozen=True)

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0–1; `None` of none."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, with 95 % confidence."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.959964, self.of, self.count / self.of
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def shown(self) -> str:
        """`98.7 % (1184/1200, 97.9–99.2)`."""
        if self.value is None:
            return "none to count"
        low, high = self.interval
        return (
            f"{100 * self.value:.1f} % ({self.count}/{self.of}, {100 * low:.1f}–{100 * high:.1f})"
        )


class F1(BaseModel):
    """Precision, recall and their harmonic mean."""

    model_config = ConfigDict(frozen=True)

    right: int
    found: int
    wanted: int

    @property
    def value(self) -> float | None:
        """The harmonic mean, 0–1; `None` where nothing was found or wanted."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else None

    def shown(self) -> str:
        """`87.1 (precision 90.0, recall 84.4; 27 of 30 found, 32 wanted)`."""
        if self.value is None:
            return "none to count"
        precision = 100 * self.right / self.found if self.found else 0.0
        recall = 100 * self.right / self.wanted if self.wanted else 0.0
        return (
            f"{100 * self.value:.1f} (precision {precision:.1f}, recall {recall:.1f}; "
            f"{self.right} right of {self.found} found and {self.wanted} wanted)"
        )


def grams(text: str, n: int) -> frozenset[tuple[str, ...]]:
    """The n-grams of a text: of words, or of characters where it is Chinese."""
    words: Sequence[str] = HAN.findall(text) if HAN.search(text) else units(text)
    return frozenset(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def diversity(texts: Sequence[str], n: int = 1) -> float | None:
    """1 − the mean overlap of n-grams (Jaccard) over all pairs of texts; `None` below two texts.

    Texts of different scripts share nothing and are not paired.
    """
    sets = [(bool(HAN.search(text)), grams(text, n)) for text in texts]
    overlaps = [
        len(a & b) / len(a | b) if a | b else 1.0
        for (zh_a, a), (zh_b, b) in combinations(sets, 2)
        if zh_a == zh_b
    ]
    return 1 - mean(overlaps) if overlaps else None


def ranks(values: Sequence[float]) -> list[float]:
    """Each value's rank from 0, ties at their mean."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = (start + end) / 2
        start = end + 1
    return found


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's, ties at their mean rank; 0 where one side never changes."""
    a, b = ranks(list(one)), ranks(list(other))
    ma, mb = mean(a), mean(b)
    both = sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True))
    spread = sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))
    return both / spread if spread else 0.0


def area(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Area under the ROC curve: how often a positive row scores above a negative one."""
    n, found = sum(positive), ranks(list(scores))
    if not 0 < n < len(positive):
        return None
    above = sum(rank for rank, yes in zip(found, positive, strict=True) if yes) - n * (n - 1) / 2
    return above / (n * (len(positive) - n))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile; zeros below two values."""
    if len(values) < 2:
        return (values[0],) * 3 if values else (0.0, 0.0, 0.0)
    low, middle, high = quantiles(values, n=4)
    return low, middle, high


def length(text: str) -> int:
    """Words, or Chinese characters where there are any."""
    return len(HAN.findall(text)) if HAN.search(text) else len(units(text))
