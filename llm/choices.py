"""Typed questions as next-token probabilities: the wording, and the sum over token variants."""

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from llm.types import Answer, Message, Prompt, Question

STATED = 0.9
"""Probability given to the choice that a server *states* when it reports no probabilities."""

STATED_MASS = 0.5
"""`Answer.mass` of such an answer: it is one of the choices, but how sure the model was is unknown.

Between 0 and 1 on purpose, so that calibration and coverage can tell it from a measured one.
"""


def question_prompt(prompt: Prompt, question: Question) -> Prompt:
    """The prompt with `question` behind its last message.

    The context comes first and unchanged, so that a server's prefix cache reads it only once
    for all questions.
    """
    *before, last = prompt.messages
    how = f"\n{instruction(question.choices)}" if question.choices else ""
    text = f"{last.content}\n\n{question.text}{how}"
    asked = Message(role=last.role, content=text)
    return Prompt(messages=(*before, asked), prefill=prompt.prefill)


def instruction(choices: Sequence[str]) -> str:
    """The sentence that says which words may be answered, in the language of the choices."""
    if any(not choice.isascii() for choice in choices):
        return f"请只回答一个词：{'、'.join(choices[:-1])}或{choices[-1]}。"
    return f"Answer with one word: {', '.join(choices[:-1])} or {choices[-1]}."


def read_answer(question: Question, top: Iterable[tuple[str, float]]) -> Answer:
    """The answer that the most likely next tokens give.

    `top` holds (token, natural log-probability). Tokens that are neither a choice nor the
    beginning of exactly one choice are left out; what is left is normalised, and `mass` says
    how much that was. No choice among the tokens at all: an even answer with mass 0. The answer to
    an open question holds the tokens themselves.
    """
    if not question.choices:
        said = dict(top)
        mass = min(sum(map(math.exp, said.values())), 1.0)
        return Answer(question_id=question.id, probabilities={}, mass=mass, words=said)
    sums = dict.fromkeys(question.choices, 0.0)
    for token, log_probability in top:
        choice = meant_choice(token, question.choices)
        if choice is not None:
            sums[choice] += math.exp(log_probability)
    mass = sum(sums.values())
    even = 1 / len(sums)
    shares = {c: p / mass if mass > 0 else even for c, p in sums.items()}
    return Answer(question_id=question.id, probabilities=shares, mass=min(mass, 1.0))


def meant_choice(token: str, choices: Sequence[str]) -> str | None:
    """The choice that `token` spells or unmistakably begins, or `None`.

    Spelling variants count: `Yes`, ` yes`, `YES`, `▁yes`. A beginning needs two letters
    (`diss` for `dissatisfied`) or one Chinese character.
    """
    word = _plain(token)
    exact = [choice for choice in choices if _plain(choice) == word]
    if exact:
        return exact[0]
    if len(word) < 2 and word.isascii():
        return None
    begun = [choice for choice in choices if _plain(choice).startswith(word)]
    return begun[0] if word and len(begun) == 1 else None


def _plain(text: str) -> str:
    """Without case, spaces and SentencePiece's mark for a space."""
    return text.replace("\u2581", " ").strip().casefold()


class StatedChoice(BaseModel):
    """A choice written out under a schema, where a server reports no log-probabilities."""

    model_config = ConfigDict(extra="forbid")

    answer: Any = Field(description="one of the choices")


def stated_schema(choices: Sequence[str]) -> type[StatedChoice]:
    """A schema that allows exactly the choices."""
    members = Enum("Choice", {f"choice_{i}": c for i, c in enumerate(choices)})  # type: ignore[misc]
    return create_model("ChosenAnswer", __base__=StatedChoice, answer=(members, ...))


def stated_answer(question: Question, choice: str) -> Answer:
    """An answer without measured probabilities: `STATED` for the choice, the rest shared."""
    others = [c for c in question.choices if c != choice]
    rest = (1 - STATED) / len(others) if others else 0.0
    shares = {c: (STATED if others else 1.0) if c == choice else rest for c in question.choices}
    return Answer(question_id=question.id, probabilities=shares, mass=STATED_MASS)
