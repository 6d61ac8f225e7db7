"""Whether a sentence that has to be said was said, give or take a few words."""

import re

import jiwer

PUT_IN = 2
"""Words that may be put in between without being counted."""


def heard(text: str, statement: str, limit: float, language: str) -> int | None:
    """Where in a text a statement begins, within a word error rate; `None`: it is not there.

    In Chinese characters are counted instead of words.
    """
    unit = re.compile(r"\w" if language == "zh" else r"\w+")
    wanted = [match[0].lower() for match in unit.finditer(statement)]
    said = [(match[0].lower(), match.start()) for match in unit.finditer(text)]
    there = {word for word, _ in said}
    # Every word that is nowhere is an error: most texts need no closer look.
    if not wanted or sum(word not in there for word in wanted) > limit * len(wanted):
        return None
    for begin, (_, at) in enumerate(said):
        for more in range(PUT_IN + 1):
            cut = " ".join(word for word, _ in said[begin : begin + len(wanted) + more])
            if jiwer.wer(" ".join(wanted), cut) <= limit:
                return at
    return None
