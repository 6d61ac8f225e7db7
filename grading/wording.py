"""How politely a message is worded, without a language model.

English: a linear model over words, pairs of words and openings, fitted to requests that people
rated (`grading/recipes/wording.py`; the approach of Danescu-Niculescu-Mizil et al., 2013, "A
computational approach to politeness"). Its weights are data. Chinese: polite and rude wordings
are counted. Text is never kept: a message is only looked at.
"""

import json
import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from grading import words
from grading.calibrating import sigmoid
from grading.case import mostly_chinese

_FILE = Path(__file__).parent / "calibration" / "wording.en.json"

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[?!.]{2,}|[?!]")
_NO_WORDS = re.compile(r"<url>|https?://\S+|@\w+")

RUDE = 1.6
"""What one rude word takes off, in standard deviations."""

GAIN = 1.2


class Weights(BaseModel):
    """A fitted linear model; `sum / scale` is standardised on the requests it was fitted to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provenance: dict[str, str]
    bias: float
    scale: float
    per_log_length: float
    per_question_mark: float
    features: dict[str, float]


def politeness(text: str) -> float:
    """Probability that a message reads as polite, 0–1; about 0.5 for neutral wording."""
    rude = RUDE * min(words.count(text, "rude"), 3)
    standing = _chinese(text) if mostly_chinese(text) else _english(text)
    return sigmoid(GAIN * (standing - rude))


def tokens(text: str) -> list[str]:
    """The words and marks that features are made of."""
    return _TOKEN.findall(_NO_WORDS.sub(" ", text.lower().replace("\u2019", "'")))


def features(text: str) -> set[str]:
    """Words, neighbouring words, and what the message opens with (`^…`)."""
    found = tokens(text)
    pairs = {f"{one} {other}" for one, other in pairwise(found)}
    opening = {f"^{' '.join(found[:n])}" for n in (1, 2) if len(found) >= n}
    return {*found, *pairs, *opening}


def _english(text: str) -> float:
    model = _weights()
    # A set has another order in every process; `fsum` comes to the same whatever the order.
    known = math.fsum(model.features.get(feature, 0.0) for feature in features(text))
    length = model.per_log_length * math.log1p(len(tokens(text)))
    marks = model.per_question_mark * text.count("?")
    return (model.bias + known + length + marks) / model.scale


def _chinese(text: str) -> float:
    polite = min(words.count(text, "polite"), 4)
    short = 1.0 if len(text.strip()) < 6 else 0.0
    return 0.6 * polite - 0.5 * short - 0.5


@cache
def _weights() -> Weights:
    return Weights.model_validate(json.loads(_FILE.read_text("utf-8")))
