"""A model of a running Ollama, through its native API.

Not through its OpenAI routes: those ignore `num_ctx` and cut a long prompt without a word.
Facts that this module relies on (recorded with Ollama 0.32):

- A changed `num_ctx` reloads the model: it is the same in every call.
- Without `truncate: false` a prompt that is too long loses its beginning; with it, a 400.
- A stream that Ollama ends because one token repeats has no `done` line.
- Models with a Go template continue a trailing assistant message; others may not: probed once.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import Any

import httpx
import ollama

from llm.choices import question_prompt, read_answer, stated_answer, stated_schema
from llm.errors import ContextOverflow, InvalidReply, ModelError, RequestRejected, ServerUnreachable
from llm.estimates import least_tokens, most_tokens
from llm.filling import Reply, fill_with_retry
from llm.ollama_errors import mapped
from llm.ollama_shelf import server_address
from llm.types import Answer, Delta, Message, Prompt, Question, Sampling, T, Usage

CONNECT_S = 10.0
"""Longest wait for a connection, in seconds."""

KEEP_ALIVE = "30m"
"""How long Ollama keeps the model in memory after a call: longer than a pause in a session."""

TOP = 20
"""Alternatives asked for per token: the most that Ollama allows."""

ASKING = Sampling(temperature=0, top_p=1, max_tokens=1)
STATING = Sampling(temperature=0, top_p=1, max_tokens=40)
PROBING = Sampling(temperature=0, top_p=1, max_tokens=3)

PROBE = Prompt.of("You repeat words.", "Repeat this word: strawberry", prefill="straw")
"""A word begun in the middle: continued it goes on with `berry`, answered it starts anew."""


class OllamaModel:
    """One model of an Ollama server.

    `host` as Ollama has it (default: `OLLAMA_HOST`, else this machine). `num_ctx`: context in
    tokens, cut to what the model was trained for.
    """

    def __init__(self, model: str, *, host: str | None = None, num_ctx: int = 8192) -> None:
        self._model = model
        self._host = host
        self._num_ctx = num_ctx
        self._logprobs = True
        self._clients: dict[float, ollama.Client] = {}
        self._where = server_address(host)

    @property
    def name(self) -> str:
        """`ollama:` and the model's name there."""
        return f"ollama:{self._model}"

    @cached_property
    def can_continue(self) -> bool:
        """Whether a begun answer is continued: tried once, with a few tokens."""
        try:
            said = self._call(PROBE, PROBING).message.content or ""
        except InvalidReply:
            return False
        return said.lower().startswith("berry")

    @cached_property
    def context_tokens(self) -> int:
        """Tokens for prompt and reply together: `num_ctx`, or less when the model has less."""
        trained = [v for k, v in self._facts[1].items() if k.endswith(".context_length")]
        return min([self._num_ctx, *(int(v) for v in trained)])

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """Yield the reply as it comes; the last delta is empty and carries the usage.

        Raises a `ModelError`: `InvalidReply` when Ollama stopped a model that repeats itself.
        """
        self._require_continuation(prompt)
        said: list[str] = []
        with mapped(self._where), closing(self._send(prompt, sampling, stream=True)) as parts:
            for part in parts:
                if part.message.content:
                    said.append(part.message.content)
                    yield Delta(text=part.message.content)
                if part.done:
                    self._require_whole(prompt, part)
                    yield Delta(text="", usage=_usage(part))
                    return
        raise _unfinished(said)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """A reply that fits `schema`; one retry, then `InvalidReply`."""
        form = schema.model_json_schema()

        def reply(asked: Prompt, limit: int) -> Reply:
            limited = sampling.model_copy(update={"max_tokens": limit})
            answer = self._call(asked, limited, format=form)
            return Reply(answer.message.content or "", cut=answer.done_reason == "length")

        return fill_with_retry(reply, prompt, schema, sampling.max_tokens)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in order, from the probabilities of the next token.

        An Ollama without log-probabilities is asked for a choice under a schema instead; such
        an answer has `mass` `llm.choices.STATED_MASS`.
        """
        return [self._answer(question_prompt(prompt, q), q) for q in questions]

    def count_tokens(self, text: str) -> int:
        """An upper estimate: Ollama has no way to count."""
        return most_tokens(text)

    def close(self) -> None:
        """Close the connections. The model stays loaded for `KEEP_ALIVE`."""
        for client in self._clients.values():
            client.close()  # type: ignore[no-untyped-call]
        self._clients.clear()

    def _answer(self, prompt: Prompt, question: Question) -> Answer:
        if self._logprobs:
            reply = self._call(prompt, ASKING, logprobs=True, top_logprobs=TOP)
            if reply.logprobs:
                top = reply.logprobs[0].top_logprobs or []
                return read_answer(question, [(t.token, t.logprob) for t in top])
            self._logprobs = False
        if not question.choices:
            return read_answer(question, ())
        chosen = self.fill(prompt, stated_schema(question.choices), STATING)
        return stated_answer(question, str(chosen.answer.value))

    def _call(self, prompt: Prompt, sampling: Sampling, **more: Any) -> ollama.ChatResponse:
        """One unstreamed request, checked for a cut prompt and a missing end."""
        with mapped(self._where):
            reply: ollama.ChatResponse = self._send(prompt, sampling, **more)
        if not reply.done:
            raise _unfinished([reply.message.content or ""])
        self._require_whole(prompt, reply)
        return reply

    def _send(self, prompt: Prompt, sampling: Sampling, **more: Any) -> Any:
        # Thinking models would think before the first word; others refuse the field.
        if "thinking" in self._facts[0]:
            more["think"] = False
        return self._client(sampling.timeout_s).chat(
            self._model,
            [m.model_dump() for m in _messages(prompt)],
            options=self._options(sampling),
            keep_alive=KEEP_ALIVE,
            **more,
        )

    def _options(self, sampling: Sampling) -> dict[str, Any]:
        return {
            "num_ctx": self.context_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
            "num_predict": sampling.max_tokens,
            "stop": list(sampling.stop),
        }

    @cached_property
    def _facts(self) -> tuple[Sequence[str], dict[str, Any]]:
        """The model's capabilities and what its file says. Raises `ModelMissing`."""
        with mapped(self._where):
            shown = self._client(CONNECT_S * 3).show(self._model)
        return shown.capabilities or [], dict(shown.modelinfo or {})

    def _client(self, timeout_s: float) -> ollama.Client:
        """The client with this timeout: the package takes it for a whole client only."""
        if timeout_s not in self._clients:
            with mapped(self._where):
                self._clients[timeout_s] = ollama.Client(
                    self._host,
                    timeout=httpx.Timeout(timeout_s, connect=CONNECT_S),
                    transport=Untruncated(),
                    trust_env=False,
                )
        return self._clients[timeout_s]

    def _require_continuation(self, prompt: Prompt) -> None:
        if prompt.prefill and not self.can_continue:
            raise RequestRejected(
                f"{self.name} does not continue a begun answer. Ask it without a prefill."
            )

    def _require_whole(self, prompt: Prompt, reply: ollama.ChatResponse) -> None:
        """Notice a prompt that an older Ollama cut although it was told not to."""
        text = "\n".join(m.content for m in _messages(prompt))
        read = reply.prompt_eval_count
        could_be_cut = most_tokens(text) > self.context_tokens
        if read is not None and could_be_cut and read < least_tokens(text):
            raise ContextOverflow(
                f"{self.name} read only {read} tokens of a longer prompt (context "
                f"{self.context_tokens}). Shorten the conversation or raise the context length."
            )


class Untruncated(httpx.HTTPTransport):
    """Tells Ollama to refuse a prompt that is too long; the `ollama` package cannot say so."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; a chat request with `truncate` and `shift` switched off."""
        if request.url.path.endswith("/api/chat"):
            request = _with_fields(request, truncate=False, shift=False)
        return super().handle_request(request)


def _with_fields(request: httpx.Request, **fields: Any) -> httpx.Request:
    headers = {k: v for k, v in request.headers.items() if k.lower() != "content-length"}
    return httpx.Request(
        request.method,
        request.url,
        headers=headers,
        content=json.dumps(json.loads(request.read()) | fields).encode(),
        extensions=request.extensions,
    )


def _messages(prompt: Prompt) -> tuple[Message, ...]:
    if not prompt.prefill:
        return prompt.messages
    return (*prompt.messages, Message(role="assistant", content=prompt.prefill))


def _unfinished(said: list[str]) -> ModelError:
    """The error for an answer without its end: a loop that Ollama broke, or a lost server."""
    words = "".join(said).split()
    if len(words) >= 10 and len(set(words[-10:])) == 1:
        return InvalidReply("The model repeated itself until Ollama stopped it. Try again.")
    return ServerUnreachable("Ollama stopped in mid-answer. Try again.")


def _usage(part: ollama.ChatResponse) -> Usage:
    # `prompt_eval_count` counts cached tokens too, so what was evaluated is not known.
    return Usage(prompt_tokens=part.prompt_eval_count, generated_tokens=part.eval_count)
