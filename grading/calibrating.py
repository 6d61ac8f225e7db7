"""From a model's log-odds to probabilities that mean something.

A small model says yes too easily, to each question in its own degree: raw probabilities and
thresholds are worthless while the order of log-odds is good (measured). So each question has a
location (the log-odds of a typical conversation) and a scale, per model, rubric version and
language: `sigmoid(gain * (log-odds - location) / scale)`.

Shipped files hold locations and scales measured on conversations, with their provenance. For any
other model the location is what it answers to inputs without content (contextual calibration:
Zhao et al., 2021, "Calibrate Before Use") and the scale is a typical one.
"""

import math
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grading.rubric import QuestionCheck, Reads, Rubric
from llm.types import ChatModel, Prompt, Question
from personas.errors import ContentError

SHIPPED = Path(__file__).parent / "calibration"

TYPICAL_SCALE = 1.0
"""Standard deviation of log-odds over conversations, in nats: what shipped files mostly have."""


class Stored(BaseModel):
    """A frozen part of a calibration file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Norm(Stored):
    """Where a question's log-odds lie and how far they spread, in nats."""

    location: float
    scale: float = Field(gt=0)


class Norms(Stored):
    """A question's norms, and the wording they hold for."""

    ask: str
    en: Norm
    zh: Norm


class Provenance(Stored):
    """Where the numbers come from."""

    method: Literal["standardised", "contextual"]
    data: str
    date: str
    recipe: str


class Calibration(Stored):
    """The norms of one model's answers to one rubric's questions."""

    model: str
    """Model without its provider: `qwen2.5-coder-1.5b-instruct-q4_k_m`."""
    rubric: str
    rubric_version: str
    gain: float = Field(1.6, gt=0)
    """Steepness; below 2 so that good conversations stay apart from very good ones."""
    provenance: Provenance
    questions: dict[str, Norms]

    def probability(self, check_id: str, log_odds: float, language: str) -> float:
        """The calibrated probability of yes. Raises `KeyError` for a question without norms."""
        norms = self.questions[check_id]
        norm = norms.zh if language == "zh" else norms.en
        return sigmoid(self.gain * (log_odds - norm.location) / norm.scale)

    def fits(self, asked: dict[str, str]) -> bool:
        """Whether all questions are there in the wording they were measured with."""
        return all(
            id_ in self.questions and self.questions[id_].ask == ask for id_, ask in asked.items()
        )


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


def shipped(model_name: str, rubric: Rubric) -> Calibration | None:
    """The shipped calibration for a model and rubric version, or `None`."""
    for known in _files():
        same = (known.model, known.rubric, known.rubric_version)
        if same == (bare_name(model_name), rubric.id, rubric.version) and known.fits(
            asked_by(rubric)
        ):
            return known
    return None


def contextual(model: ChatModel, rubric: Rubric) -> Calibration:
    """Measure a model's bias on inputs without content. Raises a `ModelError`.

    Costs one short question per question of the rubric and content-free input; keep the result.
    """
    prompts = load_prompts()
    asked = asked_by(rubric)
    reads: dict[str, QuestionCheck] = {check.id: check for check in rubric.questions()}
    norms = {}
    for id_, ask in asked.items():
        check = reads.get(id_)
        form: Reads = check.reads if check else "conversation"
        odds = [
            model.ask(Prompt.of(prompts.system, text), [Question(id=id_, text=ask)])[0].log_odds()
            for text in prompts.without_content(form)
        ]
        norm = Norm(location=sum(odds) / len(odds), scale=TYPICAL_SCALE)
        norms[id_] = Norms(ask=ask, en=norm, zh=norm)
    return Calibration(
        model=bare_name(model.name),
        rubric=rubric.id,
        rubric_version=rubric.version,
        provenance=Provenance(
            method="contextual", data="inputs without content", date="", recipe="at first use"
        ),
        questions=norms,
    )


class JudgePrompts(Stored):
    """The words around what the judge reads."""

    system: str
    conversation: str
    agent: str
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


@cache
def _files() -> tuple[Calibration, ...]:
    return tuple(load_calibration(path) for path in sorted(SHIPPED.glob("judge.*.json")))


def load_calibration(path: Path) -> Calibration:
    """A calibration file. Raises `ContentError` that names the file."""
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ContentError(f"{path} is not a calibration: {error}") from error
