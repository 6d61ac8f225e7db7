"""A language model whose replies are written down: a real `ChatModel`, for tests."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from llm.errors import InvalidReply
from llm.estimates import most_tokens
from llm.types import Answer, Delta, Prompt, Question, Sampling, T, Usage

Reply = str | Exception | Mapping[str, Any]
"""A reply: text to stream, an error to raise, or the fields of a schema to fill."""

Belief = float | Callable[[Prompt, Question], float]
"""The probability of a question's first choice, or a function that gives it."""


class ScriptedModel:
    """Plays a script.

    `replies` are used up in order by `stream` and `fill`; then `reply`, when given, makes more
    from the prompt; otherwise the test fails. `answers` holds probabilities by question id,
    `default` those of the others; without either the question fails the test. Open questions are
    answered with `words`. `history` keeps
    every prompt, `asked` the questions, `samplings` the samplings of `stream` and `fill`. A stream
    of one token only has its prompt read ahead: it goes to `read` and uses up no reply.
    """

    def __init__(
        self,
        replies: Iterable[Reply] = (),
        *,
        reply: Callable[[Prompt], Reply] | None = None,
        answers: Mapping[str, Belief] | None = None,
        default: Belief | None = None,
        words: Mapping[str, float] | None = None,
        name: str = "scripted:test",
        can_continue: bool = True,
        context_tokens: int = 8192,
    ) -> None:
        self._replies = list(replies)
        self._reply = reply
        self._answers = dict(answers or {})
        self._default = default
        self._words = dict(words or {"Polite": -1.0, "Curt": -2.0})
        self.name = name
        self.can_continue = can_continue
        self.context_tokens = context_tokens
        self.history: list[Prompt] = []
        self.asked: list[Question] = []
        self.samplings: list[Sampling] = []
        self.read: list[Prompt] = []
        self.closed = False

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """The next reply, word by word, cut at the first stop sequence."""
        if sampling.max_tokens == 1:
            self.read.append(prompt)
            yield Delta(text="", usage=_usage(prompt, ""))
            return
        said = self._next(prompt, sampling)
        assert isinstance(said, str), f"the script has {said!r} where text is streamed"
        text = _until_stop(said, sampling.stop)
        for word in re.findall(r"\S+\s*|\s+", text):
            yield Delta(text=word)
        yield Delta(text="", usage=_usage(prompt, text))

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """The next reply as `schema`. A reply that does not fit is an `InvalidReply`."""
        said = self._next(prompt, sampling)
        try:
            if isinstance(said, str):
                return schema.model_validate_json(said)
            return schema.model_validate(said)
        except ValidationError as exc:
            raise InvalidReply(f"The script's reply does not fit {schema.__name__!r}.") from exc

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """The written probabilities; a single one is that of the question's first choice."""
        self.history.append(prompt)
        self.asked.extend(questions)
        return [self._answer(prompt, question) for question in questions]

    def count_tokens(self, text: str) -> int:
        """The same estimate that real models without a counter use."""
        return most_tokens(text)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _next(self, prompt: Prompt, sampling: Sampling) -> str | Mapping[str, Any]:
        self.history.append(prompt)
        self.samplings.append(sampling)
        if self._replies:
            said = self._replies.pop(0)
        else:
            assert self._reply is not None, f"the script ran out at: {prompt.messages[-1]!r}"
            said = self._reply(prompt)
        if isinstance(said, Exception):
            raise said
        return said

    def _answer(self, prompt: Prompt, question: Question) -> Answer:
        if not question.choices:
            return Answer(question_id=question.id, probabilities={}, mass=1.0, words=self._words)
        belief = self._answers.get(question.id, self._default)
        assert belief is not None, f"the script has no answer to {question.id!r}"
        p = belief(prompt, question) if callable(belief) else belief
        first, *others = question.choices
        shares = {first: p} | {other: (1 - p) / len(others) for other in others}
        return Answer(question_id=question.id, probabilities=shares, mass=1.0)


def _until_stop(text: str, stops: Sequence[str]) -> str:
    ends = [text.find(stop) for stop in stops if stop in text]
    return text[: min(ends)] if ends else text


def _usage(prompt: Prompt, text: str) -> Usage:
    words = sum(len(message.content.split()) for message in prompt.messages)
    return Usage(prompt_tokens=words, evaluated_tokens=words, generated_tokens=len(text.split()))
