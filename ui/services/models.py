"""One model for all sessions, opened when it is first needed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel

from llm.types import Answer, ChatModel, Delta, Prompt, Question, Sampling

T = TypeVar("T", bound=BaseModel)


class SharedModel:
    """A `ChatModel` that opens another on first use; looking at a session needs no model.

    A failed opening is tried again at the next use.
    """

    def __init__(self, open_model: Callable[[], ChatModel] | ChatModel) -> None:
        self._open = open_model if callable(open_model) else lambda: open_model
        self._model: ChatModel | None = None
        self._lock = threading.Lock()

    def open(self) -> ChatModel:
        """The model itself; raises `ModelError` when it cannot be opened."""
        with self._lock:
            if self._model is None:
                self._model = self._open()
            return self._model

    @property
    def name(self) -> str:
        """See `ChatModel`."""
        return self.open().name

    @property
    def can_continue(self) -> bool:
        """See `ChatModel`."""
        return self.open().can_continue

    @property
    def context_tokens(self) -> int:
        """See `ChatModel`."""
        return self.open().context_tokens

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """See `ChatModel`."""
        return self.open().stream(prompt, sampling)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """See `ChatModel`."""
        return self.open().fill(prompt, schema, sampling)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """See `ChatModel`."""
        return self.open().ask(prompt, questions)

    def count_tokens(self, text: str) -> int:
        """See `ChatModel`."""
        return self.open().count_tokens(text)

    def close(self) -> None:
        """Close the model, if it was opened."""
        with self._lock:
            if self._model is not None:
                self._model.close()
                self._model = None
