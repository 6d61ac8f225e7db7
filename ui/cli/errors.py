"""Errors of the command line, and how any error is explained to the person in front of it."""

from typing import NamedTuple

from dialogue.formats.types import FormatError
from llm.errors import ModelError
from personas.errors import ContentError
from records.errors import RecordsError
from simulator.replaying import CannotReplay
from ui.log import log_unexpected
from ui.services.errors import PracticeError

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot go on. The message is a sentence with the next step in it."""


class UsageError(CommandError):
    """A command was asked for something it cannot do."""


EXIT_CODES: dict[type[Exception], int] = {
    UsageError: WRONG_USAGE,
    ContentError: WRONG_USAGE,
    FormatError: WRONG_USAGE,
    CommandError: FAILED,
    ModelError: FAILED,
    RecordsError: FAILED,
    PracticeError: FAILED,
    CannotReplay: WRONG_USAGE,
}
"""Errors whose message is a sentence already. The first kind that fits counts."""


class Explanation(NamedTuple):
    """An error in words, and the exit code it means."""

    sentence: str
    exit_code: int


def explain(error: Exception) -> Explanation:
    """A known error as it says itself; an unknown one with the log file that has the details."""
    for kind, code in EXIT_CODES.items():
        if isinstance(error, kind):
            return Explanation(str(error), code)
    path = log_unexpected(error)
    where = f"The details are in {path}." if path else "The details could not be written to a log."
    sentence = f"Something unexpected went wrong ({type(error).__name__}: {error}). {where}"
    return Explanation(sentence, FAILED)
