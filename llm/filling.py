"""Replies that must fit a schema: validated, asked for once more, then given up on."""

from collections.abc import Callable
from typing import NamedTuple

from pydantic import ValidationError

from llm.errors import InvalidReply
from llm.types import Message, Prompt, T

SHOWN = 300
"""Longest piece of a bad reply, in characters, that an error or a retry quotes."""


class Reply(NamedTuple):
    """What a model wrote for a schema."""

    text: str
    cut: bool
    """Whether it ended at the limit of tokens rather than by itself."""


Ask = Callable[[Prompt, int], Reply]
"""Sends a prompt with a limit of tokens."""


def fill_with_retry(ask: Ask, prompt: Prompt, schema: type[T], limit: int) -> T:
    """What `ask` returns, validated as `schema`.

    A bad reply is told what was wrong, once; one that was cut gets twice the `limit` (tokens).
    Raises `InvalidReply` when the second one does not fit either.
    """
    reply = ask(prompt, limit)
    try:
        return schema.model_validate_json(reply.text)
    except ValidationError as exc:
        again = prompt if reply.cut else _corrected(prompt, reply.text, exc)
        reply = ask(again, 2 * limit if reply.cut else limit)
    try:
        return schema.model_validate_json(reply.text)
    except ValidationError as exc:
        raise _invalid(reply, schema.__name__, exc) from exc


def _invalid(reply: Reply, schema: str, error: ValidationError) -> InvalidReply:
    why = "it was cut at the limit of tokens" if reply.cut else _complaint(error)
    return InvalidReply(
        f"The model's reply does not fit {schema!r} ({why}): {reply.text[:SHOWN]!r}. "
        "Try again or use a larger model."
    )


def _corrected(prompt: Prompt, reply: str, error: ValidationError) -> Prompt:
    told = f"That does not fit: {_complaint(error)}. Answer again, with the JSON object only."
    extra = (
        Message(role="assistant", content=reply or "{}"),
        Message(role="user", content=told),
    )
    return prompt.model_copy(update={"messages": (*prompt.messages, *extra), "prefill": ""})


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the reply"
    return f"{where}: {first['msg']}"[:SHOWN]
