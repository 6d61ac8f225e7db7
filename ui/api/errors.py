"""From what a service raises to a status and the one form of errors."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import compile_path

from records import RecordsBusy, RecordsError, Taken, UnknownSession
from scenarios.library import ContentError
from ui.api.answers import Problem, Refusal
from ui.log import log_unexpected
from ui.services import errors

PREFIX = "/api/v1"
"""Where all of it is."""

RETRY_S = "30"
"""Seconds."""

STATUSES: dict[type[Exception], tuple[int, str]] = {
    errors.NoSuchSession: (404, "no_such_session"),
    errors.NotYourPeople: (404, "not_in_your_teams"),
    errors.NotGraded: (404, "not_graded"),
    errors.Missing: (404, "not_found"),
    errors.TooNarrow: (403, "scope_missing"),
    errors.NotAllowed: (403, "not_allowed"),
    errors.TooLate: (409, "too_late"),
    errors.NotEnded: (409, "not_ended"),
    errors.SessionBusy: (409, "busy"),
    errors.QueueFull: (429, "queue_full"),
    errors.TooManyTries: (429, "too_many_tries"),
    errors.WeakPassword: (422, "weak_password"),
    errors.PracticeError: (422, "unfit"),
    ContentError: (422, "unfit"),
    Taken: (409, "taken"),
    UnknownSession: (404, "no_such_session"),
    RecordsBusy: (503, "busy"),
    RecordsError: (503, "records"),
}
"""An error counts as the first of its classes that is listed."""

HTTP_KINDS = {404: "not_found", 405: "wrong_method", 413: "too_large"}

SENTENCES = {
    404: "There is nothing at this address. /api/v1/openapi.json lists what there is.",
    405: "This address does not know that method. /api/v1/openapi.json lists what it knows.",
}

MEANINGS = {
    401: "No token, or one that does not count",
    403: "Not with this token, or not with this role",
    404: "Not there, or not for you: both look the same",
    409: "Not in the state that things are in",
    413: "More than may be sent at once",
    422: "Makes no sense as it is",
    429: "Too much is waiting: later",
    503: "The records cannot be used now",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an address may refuse, for its description; 401, 403 and 413 may come everywhere."""
    every = sorted({401, 403, 413, 503, *statuses})
    return {status: {"model": Refusal, "description": MEANINGS[status]} for status in every}


def refusal(
    status: int, kind: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer."""
    body = Refusal(error=Problem(kind=kind, message=message))
    return JSONResponse(body.model_dump(), status, headers)


def add_handlers(app: FastAPI) -> None:
    """Have all errors answered in the one form."""
    for kind in (errors.PracticeError, RecordsError, ContentError):
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _known(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    status, kind = next(STATUSES[each] for each in type(error).__mro__ if each in STATUSES)
    message = str(error)
    if status == 503 and kind == "records":  # its sentence names places on this machine
        log_unexpected(error)
        message = "The records cannot be used now; the server's log says why. Try again later."
    return refusal(
        status, kind, message, {"Retry-After": RETRY_S} if status in (429, 503) else None
    )


def _invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return refusal(422, "invalid", f"{place}: {first['msg']}.")


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # what cannot even be read as JSON
        return refusal(422, "invalid", "body: this is not JSON in UTF-8.")
    kind = HTTP_KINDS.get(error.status_code, "refused")
    message = SENTENCES.get(error.status_code, str(error.detail))
    headers = {"Allow": _methods(request)} if error.status_code == 405 else error.headers
    return refusal(error.status_code, kind, message, headers)


def _methods(request: Request) -> str:
    """All that an address knows; each of its routes knows its own only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    known: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and compile_path(route.path)[0].match(path):
            known |= set(route.methods or ())
    return ", ".join(sorted(known))


def _unexpected(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    log_unexpected(error)
    return refusal(
        500, "unexpected", "Something nobody expected happened; the server's log has it."
    )
