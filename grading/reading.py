"""What the judge gets to read: numbered lines in which the agent's words are only data.

A line break in a message cannot begin a line of its own, role marks and template tokens inside a
message are defused, and sentences that talk to the judge are left out. Evidence is quoted from
the original all the same.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grading import words
from grading.case import Case

OVERLAP = 4
"""Lines that a window shares with the one before it."""

MAX_WINDOWS = 6
"""Windows judged of one conversation; what lies between them is not read."""

_TEMPLATE = re.compile(
    r"<\|[^<>]{0,40}\|>(?:\s*(?:system|user|assistant)\b)?|</?s>|\[/?INST\]|<<?/?SYS>?>|</?think>",
    re.IGNORECASE,
)
_ROLES = "agent|customer|assistant|user|system|judge|客服|客户|系统"
_ROLE = re.compile(rf"({_ROLES})\s*[:：]", re.IGNORECASE)
_FAKE_LINE = re.compile(rf"\[\s*\d+\s*\]\s*(?:{_ROLES})\s*[:：][^\n\u2028\u2029]*", re.IGNORECASE)
_NUMBER = re.compile(r"\[\s*(\d+)\s*\]")

NAMES = {"agent": "AGENT", "customer": "CUSTOMER"}


@dataclass(frozen=True)
class Reading:
    """What the judge reads of a conversation."""

    windows: tuple[str, ...]
    """Consecutive lines each, overlapping."""
    share: float
    """Part of the conversation's characters that is in some window, 0–1."""


def as_data(text: str) -> str:
    """A message on one line, unable to fake another line, a role or an instruction."""
    visible = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\n\t")
    plain = _FAKE_LINE.sub(" ", _TEMPLATE.sub(" ", visible))
    plain = _ROLE.sub(r"\1 -", plain)
    plain = _NUMBER.sub(r"(\1)", plain)
    said = words.sentences(plain)
    kept = [s for s in said if not words.found(s, ["judge_directed"])]
    if len(kept) < len(said):  # No stray brackets of what was left out.
        kept = [s for s in kept if any(char.isalnum() for char in s)]
    return " ".join("".join(kept).split()) or "…"


def read(
    case: Case, turns: Sequence[int], budget: int, count_tokens: Callable[[str], int]
) -> Reading:
    """Windows of at most `budget` tokens over the given turns."""
    lines = [_line(case, index) for index in turns]
    cut = [_fitting(line, budget, count_tokens) for line in lines]
    spans = _chosen(_spans([count_tokens(line) + 1 for line in cut], budget))
    seen = {index for begin, end in spans for index in range(begin, end)}
    whole = sum(len(line) for line in lines)
    share = sum(len(cut[index]) for index in seen) / whole if whole else 1.0
    windows = ("\n".join(cut[b:e]) for b, e in spans)
    return Reading(tuple(windows), min(share, 1.0))


def _line(case: Case, index: int) -> str:
    turn = case.turns[index]
    return f"[{index}] {NAMES[turn.speaker]}: {as_data(turn.text)}"


def _fitting(line: str, budget: int, count_tokens: Callable[[str], int]) -> str:
    """The line, or as much of its beginning as fits the window."""
    while line and count_tokens(line) + 1 > budget:
        line = line[: max(0, int(len(line) * 0.9 * budget / (count_tokens(line) + 1)))]
    return line


def _spans(sizes: Sequence[int], budget: int) -> list[tuple[int, int]]:
    """Begin and end of windows that cover everything, each within the budget."""
    spans: list[tuple[int, int]] = []
    begin = 0
    while begin < len(sizes):
        end, used = begin, 0
        while end < len(sizes) and used + sizes[end] <= budget:
            used += sizes[end]
            end += 1
        end = max(end, begin + 1)
        spans.append((begin, end))
        if end == len(sizes):
            break
        begin = max(begin + 1, end - OVERLAP)
    return spans


def _chosen(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """At most `MAX_WINDOWS`, spread evenly, the first and the last among them."""
    if len(spans) <= MAX_WINDOWS:
        return spans
    step = (len(spans) - 1) / (MAX_WINDOWS - 1)
    return [spans[round(step * i)] for i in range(MAX_WINDOWS)]
