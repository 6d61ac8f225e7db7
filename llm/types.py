"""What the rest of Spardesk knows of a language model: prompts, replies, typed questions.

Nothing here loads model code, so importing a type stays cheap.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["system", "user", "assistant"]


class Value(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Value):
    """One message of a prompt."""

    role: Role
    content: str


class Prompt(Value):
    """What a model is asked. What never changes comes first, so that servers reuse their cache."""

    messages: tuple[Message, ...]
    prefill: str = ""
    """How the assistant's answer already begins; the model continues it. Needs `can_continue`."""

    @classmethod
    def of(cls, system: str, user: str, prefill: str = "") -> "Prompt":
        """A prompt of one system and one user message."""
        return cls(
            messages=(
                Message(role="system", content=system),
                Message(role="user", content=user),
            ),
            prefill=prefill,
        )


class Sampling(Value):
    """How a reply is drawn. The same sampling and prompt give the same reply where a server can."""

    temperature: float = Field(0.7, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    seed: int = 0
    max_tokens: int = Field(80, gt=0)
    stop: tuple[str, ...] = ()
    timeout_s: float = Field(120.0, gt=0)
    """Longest silence, in seconds, before the call fails."""


class Usage(Value):
    """What a reply cost. `None`: the server did not say."""

    prompt_tokens: int | None = None
    evaluated_tokens: int | None = None
    """Prompt tokens that were not in the server's cache."""
    generated_tokens: int | None = None


class Delta(Value):
    """A piece of a streamed reply; the last one carries the usage."""

    text: str
    usage: Usage | None = None


YES_NO = ("yes", "no")


class Question(Value):
    """A typed question about the context of a prompt, answered with probabilities."""

    id: str
    text: str
    choices: tuple[str, ...] = YES_NO
    """Empty: an open question, answered with the likeliest first words (`Answer.words`)."""


class Answer(Value):
    """The probabilities of a question's choices, as the model's next token has them."""

    question_id: str
    probabilities: dict[str, float]
    """Choice → probability; sums to 1 over the choices."""
    mass: float
    """Share of the next token's probability that fell on the choices at all: near 0 is nonsense."""
    words: dict[str, float] = {}
    """To an open question: how the answer might begin, token → natural log-probability; as many as
    the server tells, none where it tells no probabilities."""
    usage: Usage | None = None

    def log_odds(self, choice: str = "yes") -> float:
        """Log-odds of one choice against all others, clipped to ±20."""
        p = min(max(self.probabilities.get(choice, 0.0), 2e-9), 1 - 2e-9)
        return math.log(p / (1 - p))


T = TypeVar("T", bound=BaseModel)


class ChatModel(Protocol):
    """A language model. Every method raises a `llm.errors.ModelError` and nothing else."""

    @property
    def name(self) -> str:
        """Provider and model, such as `embedded:qwen2.5-coder-1.5b-instruct-q4_k_m`."""
        ...

    @property
    def can_continue(self) -> bool:
        """Whether a `Prompt.prefill` is continued rather than answered."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and reply may take together."""
        ...

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """Yield the reply as it comes. Closing the iterator stops the generation."""
        ...

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """A reply that fits `schema`, validated; one retry, then `InvalidReply`."""
        ...

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question about the prompt's last message; one answer per question, in order.

        The prompt up to its last message is shared, so it is read only once.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens in `text`; an upper estimate where the server cannot count."""
        ...

    def close(self) -> None:
        """Give back what the model holds."""
        ...
