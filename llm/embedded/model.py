"""The embedded model: an OpenAI-compatible client on the child process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from llm.embedded.gguf import QWEN, Progress, WheelModel, checked_gguf, joined_gguf, quiet
from llm.embedded.server import SLOT_TOKENS, EmbeddedServer, Endpoint
from llm.errors import ServerUnreachable
from llm.openai_compatible import OpenAIModel
from llm.openai_errors import mapped
from llm.types import Answer, Delta, Prompt, Question, Sampling, T

ALTERNATIVES = 400
"""Next tokens told to an open question: what fitted readings of impressions need."""


class EmbeddedModel:
    """A GGUF file served by a child process of this one.

    The child starts on first use and again after it crashed: the call during which it dies
    raises `ServerUnreachable`, the next one works.
    """

    def __init__(self, gguf: Path, *, name: str, slot_tokens: int = SLOT_TOKENS) -> None:
        self._name = name
        self._slot_tokens = slot_tokens
        self._server = EmbeddedServer(gguf, slot_tokens=slot_tokens)
        self._lock = threading.Lock()
        self._client: tuple[Endpoint, OpenAIModel] | None = None

    @classmethod
    def from_wheels(cls, model: WheelModel = QWEN, progress: Progress = quiet) -> "EmbeddedModel":
        """The model that the extra `embedded` installs; joined into the cache when new."""
        return cls(joined_gguf(model, progress), name=f"embedded:{model.name}")

    @classmethod
    def from_file(cls, path: Path) -> "EmbeddedModel":
        """A GGUF file of the user's own. Raises `ModelFileError` when it is not one."""
        return cls(checked_gguf(path), name=f"gguf:{path.stem.lower()}")

    @property
    def name(self) -> str:
        """Where the model is from and what it is called."""
        return self._name

    @property
    def can_continue(self) -> bool:
        """Yes: llama-server continues a trailing assistant message byte for byte."""
        return True

    @property
    def context_tokens(self) -> int:
        """Context of one slot, in tokens."""
        return self._slot_tokens

    @property
    def server(self) -> EmbeddedServer:
        """The child process, for diagnosis."""
        return self._server

    def start(self) -> None:
        """Load the model now rather than at the first call."""
        self._current()

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """Yield the reply as it comes; the last delta carries the usage."""
        with self._connected() as (_, model):
            yield from model.stream(prompt, sampling)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """A reply that fits `schema`; one retry, then `InvalidReply`."""
        with self._connected() as (_, model):
            return model.fill(prompt, schema, sampling)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in order, from the probabilities of the next token."""
        with self._connected() as (_, model):
            return model.ask(prompt, questions)

    def count_tokens(self, text: str) -> int:
        """Exactly what the model's own tokenizer makes of `text`."""
        with self._connected() as (endpoint, _):
            return len(_post(endpoint, "/tokenize", {"content": text})["tokens"])

    def close(self) -> None:
        """Stop the child."""
        with self._lock:
            if self._client is not None:
                self._client[1].close()
            self._client = None
            self._server.close()

    @contextmanager
    def _connected(self) -> Iterator[tuple[Endpoint, OpenAIModel]]:
        """A client on the running child. A child that dies meanwhile is not used again."""
        endpoint, model = self._current()
        try:
            yield endpoint, model
        except ServerUnreachable:
            if not _healthy(endpoint):
                self._server.discard(endpoint)
            raise

    def _current(self) -> tuple[Endpoint, OpenAIModel]:
        """The client; a restarted child has another address and key and gets a new one."""
        with self._lock:
            endpoint = self._server.endpoint()
            if self._client is None or self._client[0] != endpoint:
                self._client = endpoint, self._client_for(endpoint)
            return self._client

    def _client_for(self, endpoint: Endpoint) -> OpenAIModel:
        provider, _, model = self._name.partition(":")
        return OpenAIModel(
            model,
            provider=provider,
            base_url=f"{endpoint.address}/v1",
            api_key=endpoint.api_key,
            can_continue=True,
            context_tokens=self._slot_tokens,
            max_retries=0,
            extra_body={"cache_prompt": True},
            alternatives=ALTERNATIVES,
        )


def _post(endpoint: Endpoint, path: str, body: dict[str, Any]) -> Any:
    """One small JSON call to a llama-server route that the `openai` package does not know."""
    headers = {"Authorization": f"Bearer {endpoint.api_key}"}
    with mapped(endpoint.address):
        url = f"{endpoint.address}{path}"
        reply = httpx2.post(url, json=body, headers=headers, timeout=30, trust_env=False)
    if reply.status_code != httpx2.codes.OK:
        raise ServerUnreachable(f"The embedded engine answered {reply.status_code} to {path}.")
    return reply.json()


def _healthy(endpoint: Endpoint) -> bool:
    """Whether the child still answers. One that was killed can take a second to be gone."""
    try:
        url = f"{endpoint.address}/health"
        return httpx2.get(url, timeout=10, trust_env=False).is_success
    except (httpx2.HTTPError, OSError):
        return False
