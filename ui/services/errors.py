"""Why a use case is refused, in sentences for the person in front of it.

PracticeError
├── NoSuchSession   there is none, or it is someone else's: both look the same from outside
├── SessionBusy     the customer is answering, or the grader is at work
├── NotEnded        a conversation that still goes on cannot be graded
├── MessageTooLong  more text than a message can have
└── CannotStart     the persona does not speak the scenario's language
"""


class PracticeError(Exception):
    """A use case that cannot be done now. Nothing was changed."""


class NoSuchSession(PracticeError):
    """There is no session of this person with this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"There is no session {session_id!r} of yours. Choose one from your progress page, "
            "or start a new one."
        )


class SessionBusy(PracticeError):
    """Something else is being done with the session."""


class NotEnded(PracticeError):
    """The conversation still goes on."""

    def __init__(self) -> None:
        super().__init__("This conversation still goes on. End it to see its scorecard.")


class MessageTooLong(PracticeError):
    """The message has more characters than one can have."""

    def __init__(self, characters: int, limit: int) -> None:
        super().__init__(
            f"Your message has {characters:,} characters; the longest one can have {limit:,}. "
            "It was not sent: shorten it and send it again."
        )


class CannotStart(PracticeError):
    """The choice of scenario and persona does not go together."""
