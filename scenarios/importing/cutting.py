"""Cuts texts into sentences, and sentences that are too long for one line into parts."""

import re

from scenarios.importing.person import sentence

MOST_WORDS = 25
"""Words of a line that a small model still restates whole."""
FEWEST_WORDS = 4
"""Words of the smallest part worth a line of its own."""

_END = re.compile(r"(?<=[.!?])(?<!\bi\.e\.)(?<!\be\.g\.)[\"')]*\s+(?=\S)|(?<![,\s])\s*\n\s*")
_CLAUSE_IF = re.compile(
    r",\s+(?:and|but|or)\s+(?=(?:if|when)\b)|(?<=[a-z)])\s+but\s+(?=(?:if|when)\b)", re.IGNORECASE
)
_CUTS = (
    re.compile(r";\s+|,\s+(?=(?:and|but|so|because|or|since|which|while|then)\b)"),
    re.compile(r"\s+(?=(?:and|but|because|so that|since|which)\s)"),
    re.compile(r",\s+"),
    re.compile(r"\s+(?=(?:that|who|to|with|for|in|from)\s)"),
    re.compile(r"\s+"),
)
"""Where a sentence may be cut, the best places first."""


_TABLE = re.compile(r"\{([^{}]*)\}")


def _read_out(table: re.Match[str]) -> str:
    """`{'color': 'blue'}` as `(color blue)`."""
    return "(" + table[1].replace("'", "").replace(":", "") + ")"


def split(text: str) -> list[str]:
    """The sentences of a text; a condition that hangs on another sentence is one of its own."""
    found = []
    for part in _END.split(_TABLE.sub(_read_out, text.strip())):
        found += [each.strip() for each in _CLAUSE_IF.split(part)]
    return [part for part in found if re.search(r"\w", part)]


def lines(text: str, most: int = MOST_WORDS) -> list[str]:
    """A sentence as lines of `most` words at the most, each with a capital and a mark."""
    words = text.split()
    if len(words) <= most:
        whole = sentence(text)
        return [whole] if whole else []
    left, right = _halves(text)
    return [*lines(left, most), *lines(right, most)]


def _halves(text: str) -> tuple[str, str]:
    """A sentence cut at the best place near its middle."""
    middle = len(text) / 2
    for cut in _CUTS:
        places = [
            place
            for place in cut.finditer(text)
            if len(text[: place.start()].split()) >= FEWEST_WORDS
            and len(text[place.end() :].split()) >= FEWEST_WORDS
        ]
        if places:
            best = min(places, key=lambda place: abs(place.start() - middle))
            return text[: best.start()], text[best.end() :]
    half = len(text.split()) // 2
    return " ".join(text.split()[:half]), " ".join(text.split()[half:])
