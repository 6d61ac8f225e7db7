"""How a message sounds, by its words."""

from grading import words


def valence(text: str) -> float:
    """How a message sounds, -1 to 1, by words that show anger, worry, thanks or relief."""
    bad, good = words.count(text, "upset"), words.count(text, "pleased")
    if bad + good == 0:
        return 0.0
    return (good - bad) / (good + bad + 1)
