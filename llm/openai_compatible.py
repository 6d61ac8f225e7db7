"""Any server that speaks OpenAI's chat completions, through the `openai` package.

Facts about llama-server's `/v1/chat/completions` that this module relies on (measured):
a trailing assistant message is continued, byte for byte as a raw prompt would be; a *streamed*
answer holds the continuation only, an unstreamed one repeats the trailing message first.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx2
from openai import OpenAI
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from llm.choices import question_prompt, read_answer, stated_answer, stated_schema
from llm.errors import InvalidReply, RequestRejected, ServerUnreachable
from llm.estimates import most_tokens
from llm.filling import Reply, fill_with_retry
from llm.openai_errors import mapped
from llm.types import Answer, Delta, Message, Prompt, Question, Sampling, T, Usage

CONNECT_S = 10.0
"""Longest wait for a connection, in seconds."""

TOP = 20
"""Alternatives asked for per token: the most that OpenAI and Ollama allow."""

ASKING = Sampling(temperature=0, top_p=1, max_tokens=1)
STATING = Sampling(temperature=0, top_p=1, max_tokens=40)


class OpenAIModel:
    """A chat model on an OpenAI-compatible server.

    `can_continue` is for servers that are known to continue a trailing assistant message
    (llama-server does; hosted ones mostly answer it). `extra_body` goes into every request.
    `context_tokens` cannot be asked for in this protocol: say what the server has. `alternatives`:
    how many next tokens the server tells of; open questions are answered with all of them.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str,
        api_key: str = "none",
        provider: str = "openai",
        can_continue: bool = False,
        context_tokens: int = 8192,
        max_retries: int = 2,
        extra_body: dict[str, Any] | None = None,
        alternatives: int = TOP,
    ) -> None:
        self._model = model
        self._provider = provider
        self._can_continue = can_continue
        self._context_tokens = context_tokens
        self._extra = extra_body or {}
        self._alternatives = alternatives
        self._where = base_url
        self._logprobs = True
        self._limit = "max_tokens"
        with mapped(base_url):
            self._client = OpenAI(api_key=api_key, base_url=base_url, max_retries=max_retries)

    @property
    def name(self) -> str:
        """Provider and model."""
        return f"{self._provider}:{self._model}"

    @property
    def can_continue(self) -> bool:
        """Whether a prefill is continued, as the caller of the constructor said."""
        return self._can_continue

    @property
    def context_tokens(self) -> int:
        """Tokens for prompt and reply together, as the caller of the constructor said."""
        return self._context_tokens

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """Yield the reply as it comes; the last delta is empty and carries the usage.

        Raises a `ModelError`; `ServerUnreachable` when the stream ends without its end.
        """
        chunks = self._send(prompt, sampling, stream=True, stream_options={"include_usage": True})
        ended, usage = False, Usage()
        with mapped(self._where), chunks:
            for chunk in chunks:
                usage = _usage(chunk) or usage
                ended = ended or any(choice.finish_reason for choice in chunk.choices)
                text = "".join(choice.delta.content or "" for choice in chunk.choices)
                if text:
                    yield Delta(text=text)
        if not ended:
            raise ServerUnreachable(f"{self._where} stopped in mid-answer. Try again.")
        yield Delta(text="", usage=usage)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """A reply that fits `schema`; one retry, then `InvalidReply`."""
        form = {
            "type": "json_schema",
            "json_schema": {"name": schema.__name__, "schema": schema.model_json_schema()},
        }

        def reply(asked: Prompt, limit: int) -> Reply:
            limited = sampling.model_copy(update={"max_tokens": limit})
            return self._whole(self._send(asked, limited, response_format=form), asked)

        return fill_with_retry(reply, prompt, schema, sampling.max_tokens)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in order, from the probabilities of the next token.

        A server without log-probabilities is asked for a choice under a schema instead; such
        an answer has `mass` `llm.choices.STATED_MASS`.
        """
        return [self._answer(question_prompt(prompt, q), q) for q in questions]

    def count_tokens(self, text: str) -> int:
        """An upper estimate: the protocol has no way to count."""
        return most_tokens(text)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _answer(self, prompt: Prompt, question: Question) -> Answer:
        many = TOP if question.choices else self._alternatives
        top = self._next_tokens(prompt, many) if self._logprobs else None
        if top is not None:
            tokens, usage = top
            return read_answer(question, tokens).model_copy(update={"usage": usage})
        if not question.choices:
            return read_answer(question, ())
        chosen = self.fill(prompt, stated_schema(question.choices), STATING)
        return stated_answer(question, str(chosen.answer.value))

    def _next_tokens(
        self, prompt: Prompt, many: int
    ) -> tuple[list[tuple[str, float]], Usage | None] | None:
        """The likeliest next tokens and what they cost; `None` (remembered) when unsaid."""
        try:
            answer = self._send(prompt, ASKING, logprobs=True, top_logprobs=many)
        except RequestRejected as exc:
            if "logprob" not in str(exc):
                raise
            self._logprobs = False
            return None
        top = _top_logprobs(answer)
        self._logprobs = top is not None
        return None if top is None else (top, _usage(answer))

    def _send(self, prompt: Prompt, sampling: Sampling, **more: Any) -> Any:
        """One request; what it returns depends on `stream`. Learns the server's limit's name."""
        try:
            return self._create(prompt, sampling, more)
        except RequestRejected as exc:
            # OpenAI's newer models take the limit under another name, and only so.
            if self._limit == "max_tokens" and "max_completion_tokens" in str(exc):
                self._limit = "max_completion_tokens"
                return self._create(prompt, sampling, more)
            raise

    def _create(self, prompt: Prompt, sampling: Sampling, more: dict[str, Any]) -> Any:
        create: Callable[..., Any] = self._client.chat.completions.create
        with mapped(self._where):
            return create(
                model=self._model,
                messages=[m.model_dump() for m in self._messages(prompt)],
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                seed=sampling.seed,
                stop=list(sampling.stop) or None,
                timeout=httpx2.Timeout(sampling.timeout_s, connect=CONNECT_S),
                extra_body=self._extra,
                **{self._limit: sampling.max_tokens},
                **more,
            )

    def _messages(self, prompt: Prompt) -> tuple[Message, ...]:
        if not prompt.prefill:
            return prompt.messages
        if not self._can_continue:
            raise RequestRejected(
                f"{self.name} does not continue a begun answer. Ask it without a prefill."
            )
        return (*prompt.messages, Message(role="assistant", content=prompt.prefill))

    def _whole(self, answer: ChatCompletion, prompt: Prompt) -> Reply:
        """What an unstreamed answer says, without the prefill that llama-server repeats."""
        if not answer.choices:
            raise InvalidReply(f"{self.name} answered with nothing in it. Try again.")
        choice = answer.choices[0]
        text = (choice.message.content or "").removeprefix(prompt.prefill)
        return Reply(text, cut=choice.finish_reason == "length")


def _usage(chunk: ChatCompletionChunk | ChatCompletion) -> Usage | None:
    """The cost of a reply; evaluated tokens from llama-server's timings where there are any."""
    if chunk.usage is None:
        return None
    timings = (chunk.model_extra or {}).get("timings") or {}
    evaluated = timings.get("prompt_n", _uncached(chunk.usage))
    return Usage(
        prompt_tokens=chunk.usage.prompt_tokens,
        evaluated_tokens=evaluated,
        generated_tokens=chunk.usage.completion_tokens,
    )


def _uncached(usage: CompletionUsage) -> int | None:
    details = usage.prompt_tokens_details
    if details is None or details.cached_tokens is None:
        return None
    return usage.prompt_tokens - details.cached_tokens


def _top_logprobs(answer: ChatCompletion) -> list[tuple[str, float]] | None:
    logprobs = answer.choices[0].logprobs if answer.choices else None
    if logprobs is None or not logprobs.content:
        return None
    return [(top.token, top.logprob) for top in logprobs.content[0].top_logprobs]
