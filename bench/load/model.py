"""A language model that is none: it says what it is told to mean, at a real one's speed.

The web app never offers it: only the bench's own server process makes one.
"""

import re
import time
from collections.abc import Iterator, Sequence

from bench.load.types import Pace
from llm.errors import InvalidReply
from llm.estimates import most_tokens
from llm.types import Answer, Delta, Prompt, Question, Sampling, T, Usage

_MEANING = re.compile(r'means "([^"\n]*)"\):')
_TOKEN = re.compile(r"\s*\S{1,5}")
_NO = 0.1
"""Probability of "yes" to every question: only what patterns and wording show is heard."""


def tokens(text: str) -> list[str]:
    """A text cut into pieces of about a token each."""
    return _TOKEN.findall(text)


def delay(text: str, pace: Pace) -> float:
    """Seconds that the model takes for a text."""
    return pace.first_s + len(tokens(text)) / pace.per_s


class PacedModel:
    """A `ChatModel` that continues each script with the meaning of its last line.

    Questions and prompts that are only read take no time, so that what a turn costs can be told
    from what was said. It keeps to the clock: who is slow to take a word gets the next one sooner.
    """

    name = "scripted:load"
    can_continue = True
    context_tokens = 8192

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """The reply, token by token."""
        text = "" if sampling.max_tokens == 1 else _reply(prompt)
        due = time.monotonic() + self._pace.first_s
        for token in tokens(text):
            due += 1 / self._pace.per_s
            time.sleep(max(0.0, due - time.monotonic()))
            yield Delta(text=token)
        yield Delta(text="", usage=Usage(generated_tokens=len(tokens(text))))

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:  # noqa: ARG002
        """Never; nothing in a conversation asks for it."""
        raise InvalidReply("The scripted model fills in no forms.")

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:  # noqa: ARG002
        """Rather not, whatever is asked."""
        return [_rather_not(question) for question in questions]

    def count_tokens(self, text: str) -> int:
        """As other models without a counter."""
        return most_tokens(text)

    def close(self) -> None:
        """Nothing is held."""


def _reply(prompt: Prompt) -> str:
    meanings = _MEANING.findall(prompt.prefill)
    return f" {meanings[-1]}" if meanings else " I see."


def _rather_not(question: Question) -> Answer:
    first, *others = question.choices or ("yes", "no")
    shares = {first: _NO} | {other: (1 - _NO) / len(others) for other in others}
    return Answer(question_id=question.id, probabilities=shares, mass=1.0)
