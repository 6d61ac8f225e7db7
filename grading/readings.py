"""Readings: how one model's signals become the probabilities of a rubric's checks.

A reading is a logistic regression on a few signals, fitted to labelled conversations
(`bench/grader/fit.py`): calibrated by construction, where the raw answers of a small model
are not. It holds for one model and one check in its wording, whichever rubric the check stands in;
all others are judged by yes/no answers (`grading/calibrating.py`).
"""

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from grading.calibrating import SHIPPED, bare_name, sigmoid
from grading.impressions import LensFit, Part
from grading.signals import Signal, Signals
from personas.errors import ContentError

LEAST_SKILL = 0.05
"""Skill below which a reading is not used: it says little but which answer is the commoner."""


class CannotTell(Exception):
    """There is a reading, and it was seen to be of no use; the message says so."""


class Norm(Part):
    """Where a signal lies over conversations of each language, and how far it spreads."""

    en: float
    zh: float
    scale: float = Field(gt=0)

    def standard(self, value: float, language: str) -> float:
        """A value against its language's middle, in spreads."""
        return (value - (self.zh if language == "zh" else self.en)) / self.scale


class Reading(Part):
    """One way to judge a check by its signals.

    `sigmoid(bias + Σ weight · (signal − location) / scale)` is P(yes is true).
    """

    bias: float
    weights: dict[str, float] = Field(min_length=1)
    trained_on: str
    skill: float
    """Share of the log loss of always stating the base rate that it saves, over folds."""


class CheckReadings(Part):
    """How a check is judged: by the first reading whose signals the conversation gives.

    A message without an answer has a tone but no outcome; it is judged by the tone alone.
    """

    ask: str
    """The check's question: another wording is another check."""
    ways: tuple[Reading, ...] = Field(min_length=1)


class Readings(Part):
    """`grading/calibration/readings.<model>.json`."""

    model: str
    """Without its provider."""
    rubric: str
    """Id and version of the rubric it was fitted for."""
    date: str
    recipe: str
    data: tuple[str, ...]
    """What was fitted to, with licences."""
    lenses: dict[str, LensFit]
    questions: dict[str, str]
    """Question id → wording, of the yes/no questions among the signals."""
    norms: dict[str, Norm]
    checks: dict[str, CheckReadings]

    def has(self, id_: str, ask: str) -> bool:
        """Whether there is a reading of a check (or `when_` and a condition) in this wording."""
        return id_ in self.checks and self.checks[id_].ask == ask

    def probability(
        self, check_id: str, signals: Signals
    ) -> tuple[float, dict[str, Signal]] | None:
        """P(yes) and the signals it was read from; `None` when no reading has all of its own.

        Raises `KeyError` for a check without readings, `CannotTell`, and what the signals raise.
        """
        for way in self.checks[check_id].ways:
            asked = {name: signals.get(name) for name in way.weights}
            found = {name: signal for name, signal in asked.items() if signal is not None}
            if len(found) == len(asked) and way.skill < LEAST_SKILL:
                raise CannotTell("This model was not seen to tell this of such conversations.")
            if len(found) == len(asked):
                return self._of(way, found, signals.language), found
        return None

    def _of(self, way: Reading, found: dict[str, Signal], language: str) -> float:
        parts = (
            way.weights[name] * self.norms[name].standard(signal.value, language)
            for name, signal in found.items()
        )
        return sigmoid(way.bias + sum(parts))


@cache
def _files() -> tuple[Readings, ...]:
    return tuple(load_readings(path) for path in sorted(SHIPPED.glob("readings.*.json")))


def readings_for(model_name: str) -> Readings | None:
    """The shipped readings of a model, or `None`."""
    name = bare_name(model_name)
    return next((known for known in _files() if known.model == name), None)


def load_readings(path: Path) -> Readings:
    """A readings file. Raises `ContentError` that names the file."""
    try:
        return Readings.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ContentError(f"{path} is not a file of readings: {error}") from error
