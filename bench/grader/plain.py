"""The plain way to have a conversation graded: one prompt a criterion, "score it from 1 to 5"."""

from functools import lru_cache
from pathlib import Path

import yaml

from grading.calibrating import load_prompts
from grading.case import Case
from grading.reading import NAMES, as_data
from llm.types import ChatModel, Prompt, Question

STARS = ("1", "2", "3", "4", "5")


def plain_scores(case: Case, model: ChatModel) -> dict[str, float]:
    """Criterion → the likeliest digit, as 0–100.

    Raises `llm.errors.ModelError` when the model fails.
    """
    lines = "\n".join(
        f"[{i}] {NAMES[turn.speaker]}: {as_data(turn.text)}" for i, turn in enumerate(case.turns)
    )
    prompts = load_prompts()
    prompt = Prompt.of(prompts.system, prompts.conversation.format(lines=lines))
    asked = [Question(id=id_, text=text, choices=STARS) for id_, text in _questions().items()]
    best = {
        answer.question_id: max(answer.probabilities, key=lambda s: answer.probabilities[s])
        for answer in model.ask(prompt, asked)
    }
    return {id_: 25.0 * (int(stars) - 1) for id_, stars in best.items()}


@lru_cache(maxsize=1)
def _questions() -> dict[str, str]:
    text = (Path(__file__).parent / "plain.yaml").read_text("utf-8")
    return {str(id_): str(ask) for id_, ask in yaml.safe_load(text).items()}
