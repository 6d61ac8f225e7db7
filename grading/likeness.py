"""How alike two messages are, fast enough for conversations of thousands of turns."""

from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

_ROUNDING = 1e-6


def likeness(one: str, other: str, least: float) -> float:
    """`SequenceMatcher`'s ratio (0–1) of two texts; 0.0 where it is surely below `least`.

    The blocks it counts are a common subsequence, so the longest common subsequence is a bound
    from above. That is found a thousand times faster, and most pairs are nothing like each other.
    """
    if Indel.normalized_similarity(one, other, score_cutoff=least - _ROUNDING) == 0.0:
        return 0.0
    return SequenceMatcher(None, one, other).ratio()
