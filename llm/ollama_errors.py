"""Every failure of the `ollama` package, mapped once to the errors of `llm.errors`.

Ollama's status codes say little (a wrong option is a 500, a dead runner too), so its words are
read first. They are those of Ollama 0.32 (recorded).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import ollama
from pydantic import ValidationError

from llm import errors

WORDS: tuple[tuple[str, type[errors.ModelError]], ...] = (
    ("exceed_context_size", errors.ContextOverflow),
    ("exceeds the available context", errors.ContextOverflow),
    ("longer than the context length", errors.ContextOverflow),
    ("maximum pending requests", errors.ServerBusy),
    ("server busy", errors.ServerBusy),
    ("loading model", errors.ServerBusy),
    ("error was encountered while running the model", errors.ServerUnreachable),
    ("unexpected eof", errors.ServerUnreachable),
    ("runner process", errors.ServerUnreachable),
    ("not found", errors.ModelMissing),
)
"""Part of a message (lower case) → error; the first that fits counts."""

STATUSES: dict[int, type[errors.ModelError]] = {
    404: errors.ModelMissing,
    408: errors.ModelTimeout,
    429: errors.ServerBusy,
    502: errors.ServerUnreachable,
    503: errors.ServerBusy,
    504: errors.ModelTimeout,
}
"""HTTP status → error. Any other is `RequestRejected`."""

KINDS: dict[type[Exception], type[errors.ModelError]] = {
    ollama.ResponseError: errors.RequestRejected,
    ollama.RequestError: errors.RequestRejected,
    httpx.TimeoutException: errors.ModelTimeout,
    httpx.HTTPStatusError: errors.RequestRejected,
    httpx.HTTPError: errors.ServerUnreachable,
    httpx.StreamError: errors.ServerUnreachable,
    httpx.InvalidURL: errors.RequestRejected,
    json.JSONDecodeError: errors.ServerUnreachable,
    ValidationError: errors.InvalidReply,
    ValueError: errors.RequestRejected,
    OSError: errors.ServerUnreachable,
}
"""Exception class → error. A class that is not listed is mapped as its nearest listed parent."""

NEXT_STEP: dict[type[errors.ModelError], str] = {
    errors.ServerUnreachable: "Is Ollama running at {where}? Start it with: ollama serve",
    errors.ModelTimeout: "It may be loading or busy: try again, or use a smaller model.",
    errors.ServerBusy: "Try again in a moment.",
    errors.ModelMissing: "Fetch it with: ollama pull NAME",
    errors.ContextOverflow: "Shorten the conversation or raise the context length.",
    errors.RequestRejected: "Check the model's name and settings.",
    errors.InvalidReply: "Try again or use another model.",
}

LONGEST = 400
"""Characters of Ollama's own message that are passed on."""


@contextmanager
def mapped(where: str) -> Iterator[None]:
    """Turn whatever the `ollama` package raises inside into a `ModelError`; `where`: address."""
    try:
        yield
    except tuple(KINDS) as exc:
        raise as_model_error(exc, where) from exc


def as_model_error(exc: Exception, where: str) -> errors.ModelError:
    """The error for `exc`, with Ollama's own words and the next step."""
    kind = kind_of(exc)
    said = str(exc).strip() or type(exc).__name__
    return kind(f"Ollama: {said[:LONGEST]}. {NEXT_STEP[kind].format(where=where)}")


def kind_of(exc: Exception) -> type[errors.ModelError]:
    """Which error `exc` becomes: by its words, its status, its class."""
    if isinstance(exc, ollama.ResponseError):
        return _by_words(exc.error) or _by_status(exc.status_code)
    if isinstance(exc, httpx.HTTPStatusError):
        return STATUSES.get(exc.response.status_code, errors.RequestRejected)
    return next(KINDS[parent] for parent in type(exc).__mro__ if parent in KINDS)


def _by_words(message: str) -> type[errors.ModelError] | None:
    said = str(message).lower()
    return next((kind for words, kind in WORDS if words in said), None)


def _by_status(status: int) -> type[errors.ModelError]:
    # -1: an error line inside a stream that began well.
    return STATUSES.get(status, errors.ServerUnreachable if status < 0 else errors.RequestRejected)
