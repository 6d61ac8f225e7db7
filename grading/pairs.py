"""Pairs of an agent's statements that might contradict each other.

Asking a small model whether an agent contradicts itself hardly works (measured: it is at chance
even for two statements). Two statements side by side and the question the other way round, whether
they are consistent, works well; which two is chosen by what they share.
"""

from collections.abc import Sequence
from itertools import combinations

from dialogue.language import is_question, units
from grading import words
from grading.calibrating import load_prompts
from grading.case import Case
from grading.reading import as_data

MOST = 2
"""Pairs asked about."""

LONGEST = 240
"""Characters of a statement that are read."""


def statements(text: str) -> str:
    """What a message states: its sentences without the questions; empty when there are none."""
    kept = [s for s in words.sentences(as_data(text)) if not is_question(s)]
    said = "".join(kept).strip()[:LONGEST]
    return said if any(char.isalnum() for char in said) else ""


def asked_before(case: Case, turn: int) -> str:
    """What the customer said right before a turn, cut; a statement is an answer to it."""
    earlier = [index for index in case.spoken("customer") if index < turn]
    return as_data(case.text(earlier[-1]))[-LONGEST:] if earlier else "…"


def side_by_side(case: Case, first: int, second: int) -> str:
    """Two statements of the agent as the judge reads them, each with what it answers."""
    return load_prompts().pairs.format(
        first=statements(case.text(first)),
        second=statements(case.text(second)),
        first_before=asked_before(case, first),
        second_before=asked_before(case, second),
    )


def likely_pairs(case: Case, turns: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of turns that share most, at most `MOST`, in the order of the conversation."""
    said = {index: statements(case.text(index)) for index in turns}
    made_of = {index: frozenset(units(text)) for index, text in said.items() if text}
    ranked = sorted(
        combinations(made_of, 2),
        key=lambda pair: (-_shared(made_of[pair[0]], made_of[pair[1]]), pair[1] - pair[0]),
    )
    return sorted(ranked[:MOST])


def _shared(first: frozenset[str], second: frozenset[str]) -> int:
    """Letters of what two statements share: long words tell more of a matter than short ones.

    Shares of the shorter statement would let greetings win.
    """
    return sum(map(len, first & second))
