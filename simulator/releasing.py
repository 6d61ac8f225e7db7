"""What of the model's stream can be looked at and shown when: sentences, and an opening clause.

Nothing is shown before it has passed the guard. A sentence is the natural piece, but Chinese
customers write long ones with commas: the first word came half a second later than in English. So
the first clause of a line is shown by itself where it is as good as the cue's own words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogue.language import clauses, sentences, units
from llm.types import Delta
from simulator import guard
from simulator.expected import Expected
from simulator.trimming import trimmed

_CLAUSE_END = re.compile(r"[，；]")
SHORTEST = 3
"""Pairs of characters from which an opening clause says enough to be judged."""
CLOSE = 0.9
"""Share of them that the cue must hold."""


@dataclass(frozen=True)
class Spoken:
    """A piece of the model's line as it streams in."""

    text: str
    whole: bool = True
    """Whether it is a sentence; else the opening clause of one that will follow whole."""


def spoken(deltas: Iterator[Delta]) -> Iterator[Spoken]:
    """Whole sentences, the last one when the stream ends.

    Before the first one of some length comes its opening clause.
    """
    pending, opening = "", True
    for delta in deltas:
        pending += delta.text
        parts = sentences(pending)
        # The last part may still grow, even past its full stop ("3." of "3.50").
        for part in parts[:-1]:
            yield Spoken(part)
            opening = opening and len(units(part)) < SHORTEST
        pending = pending[pending.rfind(parts[-1]) :] if parts else ""
        clause = _CLAUSE_END.search(pending)
        if opening and clause and len(units(pending[: clause.end()])) >= SHORTEST:
            yield Spoken(pending[: clause.end()].strip(), whole=False)
            opening = False
    if pending.strip():
        yield Spoken(pending.strip())


def may_open(clause: str, expected: Expected) -> bool:
    """Whether a clause can be shown before the rest of its sentence is known."""
    mine = units(clause)
    if trimmed(clause, expected) != clause.rstrip("，；"):
        return False
    known = set(units(expected.means)) | expected.voice
    if sum(word in known for word in mine) / len(mine) < CLOSE:
        return False
    sound = guard.sentence_problem(clause, expected) is None
    return sound and guard.carries(clause, expected) and not guard.repeats(clause, expected)


def rest_after(shown: str, sentence: str) -> str:
    """What of a sentence follows its opening clause that was shown."""
    return sentence[len(shown) :] if sentence.startswith(shown) else _unsaid(shown, sentence)


def ending_of_cue(shown: str, expected: Expected) -> str:
    """How the cue's own sentence goes on after an opening clause, when the model's went wrong."""
    return _unsaid(shown, guard.nearest(shown, expected))


def _unsaid(shown: str, sentence: str) -> str:
    have = set(units(shown))
    stop = re.search(r"[。！？!?.…]+$", sentence)
    bare = sentence[: stop.start()] if stop else sentence
    left = [c for c in clauses(bare) if len(have & set(units(c))) < CLOSE * len(set(units(c)))]
    return "，".join(left) + (stop[0] if stop else "。") if left else ""
