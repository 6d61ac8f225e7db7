"""How an event is kept, in a file as in a database: as JSON, with a number and a checksum."""

import re
import zlib

from pydantic import TypeAdapter, ValidationError

from records.errors import Overtaken
from simulator.types import Event, Started

_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_SESSION_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Unfit(ValueError):
    """Why something that was kept cannot be what was written."""


def is_session_id(text: str) -> bool:
    """Whether a text can be the id of a session; a path cannot."""
    return _SESSION_ID.fullmatch(text) is not None


def check_id(session_id: str) -> None:
    """Raises `ValueError` for what cannot be the id of a session."""
    if not is_session_id(session_id):
        raise ValueError(f"{session_id!r} cannot be the id of a session.")


def check_place(session_id: str, number: int, event: Event, expected: int | None = None) -> None:
    """Raises `ValueError` for an event that cannot be this one of this session.

    Raises `Overtaken` when whoever appends expected to append the event of another number.
    """
    check_id(session_id)
    if expected is not None and expected != number:
        raise Overtaken(session_id)
    if isinstance(event, Started) != (number == 0):
        state = "has begun already" if number else f"cannot begin with {event.kind!r}"
        raise ValueError(f"The session {session_id!r} {state}.")


def dump_event(event: Event) -> bytes:
    """An event as JSON."""
    return _EVENTS.dump_json(event)


def load_event(body: bytes) -> Event:
    """The event that was kept; raises `Unfit`."""
    try:
        return _EVENTS.validate_json(body)
    except ValidationError as error:
        problem = "its event is of an unknown form, perhaps from a newer version of Spardesk"
        raise Unfit(problem) from error


def checksum(number: int, body: bytes) -> str:
    """Of an event and its number: neither can change, nor the order, without notice."""
    return f"{zlib.crc32(b'%d:%s' % (number, body)):08x}"


def check(number: int, found: int, sum_: str, body: bytes) -> None:
    """Raises `Unfit` when this is not the event of this number as it was written."""
    if sum_ != checksum(found, body):
        raise Unfit("its checksum does not fit")
    if found != number:
        raise Unfit(f"it is event {found}, expected event {number}")
