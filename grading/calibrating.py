"""From a model's log-odds to probabilities that mean something.

A small model says yes too easily, to each question in its own degree: raw probabilities and
thresholds are worthless while the order of log-odds is good (measured). So each question has a
location and a scale: `sigmoid(gain * (log-odds - location) / scale)`. The location is what the
model answers to inputs without content (contextual calibration: Zhao et al., 2021, "Calibrate
Before Use"), the scale a typical one.

Models that readings were fitted for (`grading/readings.py`) are asked this way only what a rubric
of somebody's own adds.
"""

import math
import threading
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field

from grading.rubric import Reads, Rubric
from llm.types import ChatModel, Prompt, Question

SHIPPED = Path(__file__).parent / "calibration"

TYPICAL_SCALE = 1.0
"""Standard deviation of log-odds over conversations, in nats: of most questions, measured."""

GAIN = 1.6
"""Steepness; below 2 so that good conversations stay apart from very good ones."""


class Stored(BaseModel):
    """A frozen part of a calibration file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Norm(Stored):
    """Where a question's log-odds lie and how far they spread, in nats."""

    location: float
    scale: float = Field(gt=0)


class Calibration(Stored):
    """The norms of one model's answers to one rubric's questions."""

    model: str
    """Model without its provider: `qwen2.5-coder-1.5b-instruct-q4_k_m`."""
    rubric: str
    rubric_version: str
    gain: float = Field(GAIN, gt=0)
    questions: dict[str, Norm]

    def probability(self, check_id: str, log_odds: float) -> float:
        """The calibrated probability of yes. Raises `KeyError` for a question without norms."""
        return calibrated(self.questions[check_id], log_odds, self.gain)


def calibrated(norm: Norm, log_odds: float, gain: float) -> float:
    """The probability that log-odds stand for, held against a norm."""
    return sigmoid(gain * (log_odds - norm.location) / norm.scale)


def sigmoid(x: float) -> float:
    """The logistic function, safe for large arguments."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def logit(p: float) -> float:
    """Its inverse, clipped to about ±7."""
    p = min(max(p, 0.001), 0.999)
    return math.log(p / (1 - p))


def bare_name(model_name: str) -> str:
    """A model's name without its provider, lower case: what a calibration is filed under."""
    return model_name.split(":", 1)[-1].lower()


def asked_by(rubric: Rubric) -> dict[str, str]:
    """Id → wording of everything a rubric asks: its checks, and its conditions as `when_…`."""
    asked = {check.id: check.ask for check in rubric.questions()}
    for name, condition in rubric.conditions.items():
        if condition.ask:
            asked[f"when_{name}"] = condition.ask
    return asked


def unchanged(model_name: str, rubric: Rubric) -> Calibration:
    """A calibration that leaves the model's probabilities as they are."""
    plain = Norm(location=0.0, scale=1.0)
    return Calibration(
        model=bare_name(model_name),
        rubric=rubric.id,
        rubric_version=rubric.version,
        gain=1.0,
        questions=dict.fromkeys(asked_by(rubric), plain),
    )


class Calibrated(Protocol):
    """Makes probabilities of one model's answers to one rubric's questions."""

    def probability(self, check_id: str, log_odds: float) -> float:
        """The calibrated probability of yes. Raises `KeyError`, and what the model raises."""
        ...


class Contextual:
    """Calibration against inputs without content, each question measured when first answered.

    That costs one short question per input; norms are kept while the program runs.
    """

    def __init__(self, model: ChatModel, rubric: Rubric) -> None:
        self._model = model
        self._asked = asked_by(rubric)
        self._reads: dict[str, Reads] = {check.id: check.reads for check in rubric.questions()}

    def probability(self, check_id: str, log_odds: float) -> float:
        """As `Calibration.probability`. Raises a `ModelError` when measuring fails."""
        form = self._reads.get(check_id, "conversation")
        question = Question(id=check_id, text=self._asked[check_id])
        return calibrated(_measured(self._model, form, question), log_odds, GAIN)


_norms: dict[tuple[str, Reads, str], Norm] = {}
_measuring = threading.Lock()


def _measured(model: ChatModel, form: Reads, question: Question) -> Norm:
    """What a model's answers to a question are held against."""
    key = (model.name, form, question.text)
    with _measuring:
        if key not in _norms:
            prompts = load_prompts()
            odds = [
                model.ask(Prompt.of(prompts.system, text), [question])[0].log_odds()
                for text in prompts.without_content(form)
            ]
            _norms[key] = Norm(location=sum(odds) / len(odds), scale=TYPICAL_SCALE)
        return _norms[key]


class JudgePrompts(Stored):
    """The words around what the judge reads."""

    system: str
    conversation: str
    agent: str
    hears: str
    message: str
    exchange: str
    pairs: str
    content_free: tuple[str, ...] = Field(min_length=1)

    def without_content(self, form: Reads) -> list[str]:
        """The inputs without content in a question's form."""
        if form == "pairs":
            return [
                self.pairs.format(first=text, second=text, first_before=text, second_before=text)
                for text in ("…", "N/A")
            ]
        whole = self.agent if form == "agent" else self.conversation
        return [whole.format(lines=lines) for lines in self.content_free]


@cache
def load_prompts() -> JudgePrompts:
    """The shipped words."""
    text = (Path(__file__).parent / "prompts" / "judge.yaml").read_text("utf-8")
    return JudgePrompts.model_validate(yaml.safe_load(text))
