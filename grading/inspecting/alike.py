"""Whether two texts are nearly the same."""

from difflib import SequenceMatcher


def alike(one: str, other: str, least: float) -> bool:
    """Whether their similarity (`difflib`, 0–1) reaches `least`; cheap bounds are tried first."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= least for bound in bounds)


def bare(text: str) -> str:
    """What is compared: letters and figures in lower case, without marks."""
    return "".join(c for c in text.lower() if c.isalnum() or c.isspace()).strip()
