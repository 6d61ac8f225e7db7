"""Every failure of the `openai` package, mapped once to the errors of `llm.errors`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import openai

from llm import errors

KINDS: dict[type[Exception], type[errors.ModelError]] = {
    openai.OpenAIError: errors.RequestRejected,
    openai.APIError: errors.ServerUnreachable,
    openai.APIConnectionError: errors.ServerUnreachable,
    openai.APITimeoutError: errors.ModelTimeout,
    openai.APIResponseValidationError: errors.InvalidReply,
    openai.APIStatusError: errors.RequestRejected,
    openai.BadRequestError: errors.RequestRejected,
    openai.AuthenticationError: errors.RequestRejected,
    openai.OAuthError: errors.RequestRejected,
    openai.PermissionDeniedError: errors.RequestRejected,
    openai.NotFoundError: errors.ModelMissing,
    openai.ConflictError: errors.ServerBusy,
    openai.UnprocessableEntityError: errors.RequestRejected,
    openai.RateLimitError: errors.ServerBusy,
    openai.InternalServerError: errors.ServerBusy,
    openai.LengthFinishReasonError: errors.InvalidReply,
    openai.ContentFilterFinishReasonError: errors.InvalidReply,
    openai.WebSocketConnectionClosedError: errors.ServerUnreachable,
    openai.WebSocketQueueFullError: errors.ServerBusy,
    # Below the package: what the transport raises while a stream is being read.
    httpx2.TimeoutException: errors.ModelTimeout,
    httpx2.HTTPError: errors.ServerUnreachable,
    httpx2.StreamError: errors.ServerUnreachable,
    httpx2.InvalidURL: errors.RequestRejected,
    json.JSONDecodeError: errors.ServerUnreachable,
    # A refused handshake, a reset: not every layer wraps it.
    OSError: errors.ServerUnreachable,
}
"""Exception class → error. A class that is not listed is mapped as its nearest listed parent."""

NEXT_STEP: dict[type[errors.ModelError], str] = {
    errors.ServerUnreachable: "Is the server running at {where}?",
    errors.ModelTimeout: "It may be busy: try again, or use a smaller model.",
    errors.ServerBusy: "Try again in a moment.",
    errors.ModelMissing: "Check the model's name and the address {where}.",
    errors.ContextOverflow: "Shorten the conversation or use a model with a longer context.",
    errors.RequestRejected: "Check the key and the model's settings.",
    errors.InvalidReply: "Try again or use another model.",
}

OVERFLOW_SIGNS = ("context_length_exceeded", "exceed_context_size", "maximum context length")
LONGEST = 400
"""Characters of a server's own message that are passed on."""


@contextmanager
def mapped(where: str) -> Iterator[None]:
    """Turn whatever the `openai` package raises inside into a `ModelError`; `where`: address."""
    try:
        yield
    except tuple(KINDS) as exc:
        raise as_model_error(exc, where) from exc


def as_model_error(exc: Exception, where: str) -> errors.ModelError:
    """The error for `exc`, with the server's own words and the next step."""
    kind = kind_of(exc)
    said = str(exc).strip() or type(exc).__name__
    return kind(f"{said[:LONGEST]} {NEXT_STEP[kind].format(where=where)}")


def kind_of(exc: Exception) -> type[errors.ModelError]:
    """Which error `exc` becomes: by its text where that is telling, else by its class."""
    if isinstance(exc, openai.APIError) and any(s in _everything(exc) for s in OVERFLOW_SIGNS):
        return errors.ContextOverflow
    return next(KINDS[parent] for parent in type(exc).__mro__ if parent in KINDS)


def _everything(exc: openai.APIError) -> str:
    return f"{exc.message} {exc.code} {exc.type} {exc.body}"
