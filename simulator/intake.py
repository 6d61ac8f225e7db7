"""Guard in: what is noticeable about the agent's message. It labels; it rewrites nothing."""

import re
import unicodedata

from dialogue.types import Act, Perception
from simulator.types import Label

LONGEST = 4000
"""Characters from which a message counts as too long for a chat."""
_CARD = re.compile(r"\b(?:\d[ -]?){13,19}\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]{2,}\b")


def labels(text: str, perception: Perception) -> tuple[Label, ...]:
    """The labels of a message, from its text and what was perceived by rule."""
    found = []
    if not text.strip():
        found.append(Label(kind="empty"))
    if len(text) > LONGEST:
        found.append(Label(kind="too_long", detail=f"{len(text)} characters"))
    if _looks_binary(text):
        found.append(Label(kind="binary"))
    if _CARD.search(text):
        found.append(Label(kind="personal_data", detail="looks like a card number"))
    elif _EMAIL.search(text):
        found.append(Label(kind="personal_data", detail="e-mail address"))
    if perception.shows(Act.RUDE):
        found.append(Label(kind="abuse"))
    if perception.shows(Act.ATTACKS_MODEL, 0.7):
        found.append(Label(kind="attack"))
    return tuple(found)


def _looks_binary(text: str) -> bool:
    """Whether a fair part of a text is control characters, unassigned or replacement characters."""
    odd = sum(
        1
        for char in text
        if char == "\ufffd"
        or (unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\n\r\t")
    )
    return odd > 0 and odd >= 0.05 * len(text)
