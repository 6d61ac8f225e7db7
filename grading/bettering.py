"""Whether a rewrite reads better than what was sent, to the model that graded it."""

from grading.calibrating import load_prompts
from grading.readings import Readings
from grading.signals import exchange, message
from llm.types import ChatModel, Prompt, Question


def reads_better(
    original: str, better: str, before: str, model: ChatModel, readings: Readings | None
) -> bool:
    """Whether a rewrite is more polite and, as an answer to `before`, no less empathetic.

    Judged by the readings that grades come from; a model without any is not asked, and the
    caller's own checks decide. Raises what the model raises.
    """
    if readings is None:
        return True
    prompts = load_prompts()
    politer = _gain(readings, "tone", prompts.hears, message(original), message(better), model)
    if politer <= 0 or not before.strip():
        return politer > 0
    pair = exchange(before, original), exchange(before, better)
    return _gain(readings, "care", prompts.system, *pair, model) >= 0


_DIRECTION = {"tone": "polite", "care": "empathic"}


def _gain(
    readings: Readings, lens: str, system: str, before: str, after: str, model: ChatModel
) -> float:
    """How much further a lens sees the second text in its direction than the first."""
    fit = readings.lenses[lens]
    asked = [Question(id="impression", text=ask, choices=()) for ask in fit.asks]
    seen = [
        fit.read([answer.words for answer in model.ask(Prompt.of(system, text), asked)])
        for text in (before, after)
    ]
    direction = _DIRECTION[lens]
    return seen[1][direction] - seen[0][direction]
