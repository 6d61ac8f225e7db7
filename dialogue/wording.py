"""Dialogue acts from the wording of a message, by a linear model over words and characters.

Patterns written by hand find what their writer thought of; on messages of other writers they miss
half of it. This model was fitted to messages written for the purpose (`bench/perception/fit.py`,
`bench/perception/training.*.jsonl`), one a language: hashed words, pairs and triples of words, word
beginnings and ends, in Chinese characters and runs of two and three; ridge regression per act, then
a logistic curve over held-out predictions (Platt 1999) makes them probabilities. It needs no
language model and takes about a millisecond.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from math import exp
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dialogue.language import HAN
from dialogue.types import Act

DIMENSIONS = 2**14
"""Places a feature can be hashed to."""
LONGEST = 2000
"""Characters of a message that are looked at."""
_TOKEN = re.compile(r"[a-z']+|[?!.]+|\d+")

_SAME = str.maketrans({"\u2019": "'", "您": "你"})
"""Differences that say nothing about what is done, how politely whoever speaks is addressed."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """What `bench/perception/fit.py` writes."""

    weights: NDArray[np.int8]
    """Feature × act, to be multiplied with `scale`."""
    scale: Vector
    bias: Vector
    slope: Vector
    """Of the logistic curve, per act; with `shift`."""
    shift: Vector
    acts: tuple[Act, ...]
    provenance: dict[str, str]


@lru_cache(maxsize=2)
def fitted(language: str) -> Fitted:
    """The shipped coefficients of a language, `dialogue/fitted/acts.<language>.npz`."""
    held_in = files("dialogue").joinpath(f"fitted/acts.{language}.npz")
    with as_file(held_in) as path, np.load(path) as held:
        return Fitted(
            weights=held["weights"],
            scale=held["scale"],
            bias=held["bias"],
            slope=held["slope"],
            shift=held["shift"],
            acts=tuple(Act(name) for name in json.loads(str(held["acts"]))),
            provenance=json.loads(str(held["provenance"])),
        )


def script(text: str) -> str:
    """Which language's model reads a message: Chinese where any of it is."""
    return "zh" if HAN.search(text) else "en"


def places(text: str) -> list[int]:
    """Where a message's features are hashed to, each once."""
    return sorted({crc32(feature.encode()) % DIMENSIONS for feature in _features(text)})


def wording_acts(text: str) -> dict[Act, float]:
    """Probability of each act, from the wording alone."""
    model, at = fitted(script(text)), places(text)
    norm = max(len(at), 1) ** 0.5
    sums = model.weights[at].sum(axis=0, dtype=np.int64) * model.scale / norm + model.bias
    logits = model.slope * sums + model.shift
    return {act: 1 / (1 + exp(-float(x))) for act, x in zip(model.acts, logits, strict=True)}


def _features(text: str) -> set[str]:
    plain = " ".join(text.lower().translate(_SAME).split())[:LONGEST]
    words = ["0" if token.isdigit() else token for token in _TOKEN.findall(plain)]
    found = _of_words(words)
    if HAN.search(plain):
        found |= {"c" + plain[i : i + n] for n in (1, 2, 3) for i in range(len(plain) - n + 1)}
        found.add("^" + plain[:2])
    return found


def _of_words(words: list[str]) -> set[str]:
    framed = ["^", *words, "$"]
    found = {"w" + word for word in framed}
    found |= {"b" + " ".join(framed[i : i + 2]) for i in range(len(framed) - 1)}
    found |= {"t" + " ".join(framed[i : i + 3]) for i in range(len(framed) - 2)}
    for word in words:
        if len(word) > 4:
            found |= {"p" + word[:4], "s" + word[-3:]}
    return found
