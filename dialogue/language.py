"""Which language a text is in, and how to cut it into sentences, clauses and words."""

import re
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SENTENCE = re.compile(r"[^.!?。！？\n…]*(?:[.!?。！？…]+[\"'”’)）]*|\n|$)")
_CLAUSE = re.compile(r"[,;:，；：]|\s[-–—]+\s|\b(?:but|however|although)\b|(?:但是|不过|可是)")
_GUARD = {",": "\ue000", ":": "\ue001"}
_UNGUARD = str.maketrans({mark: sign for sign, mark in _GUARD.items()})
_WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:'[a-z]+)?|\d+(?:[.,:]\d+)*", re.IGNORECASE)


def detect(text: str) -> str | None:
    """`zh` or `en` by script, `None` when neither is there (numbers, emoji, other scripts).

    One Han character carries about as much as one Latin word, so they are weighed like that.
    """
    han = len(HAN.findall(text))
    latin = len(re.findall(r"[A-Za-z\u00c0-\u024f]+", text))
    if not han and not latin:
        return None
    return "zh" if han >= latin else "en"


def scripts(text: str) -> list[str]:
    """The languages whose script occurs at all: rules of each are tried."""
    found = []
    if LATIN.search(text):
        found.append("en")
    if HAN.search(text):
        found.append("zh")
    return found


def sentences(text: str) -> list[str]:
    """Sentences with their closing marks, in order; a decimal point does not end one."""
    guarded = re.sub(r"(?<=\d)\.(?=\d)", "\u2024", text)
    parts = (part.strip() for part in _SENTENCE.findall(guarded))
    return [part.replace("\u2024", ".") for part in parts if part]


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence; neither a decimal comma nor the colon of a time splits."""
    guarded = re.sub(r"(?<=\d)[,:](?=\d)", lambda found: _GUARD[found[0]], sentence)
    parts = (part.strip() for part in _CLAUSE.split(guarded))
    return [part.translate(_UNGUARD) for part in parts if part]


def is_question(sentence: str) -> bool:
    """Whether a sentence ends as a question."""
    return bool(re.search(r"[?？]\W*$|[吗呢么]\W*$", sentence))


@lru_cache(maxsize=4096)
def units(text: str) -> tuple[str, ...]:
    """What two texts are compared by: lower-case words and numbers, and pairs of Han characters."""
    words = [word.lower() for word in _WORD.findall(text)]
    for run in re.findall(r"[\u3400-\u4dbf\u4e00-\u9fff]+", text):
        words += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return tuple(words)


def numbers(text: str) -> set[str]:
    """The numbers in a text, without separators: `1,250.00` and `1250` are the same."""
    found = set()
    for token in re.findall(r"\d+(?:[.,]\d+)*", text):
        plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", token).replace(",", ".")
        found.add(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    return found
