"""Why a use case is refused, in sentences for the person in front of it.

PracticeError
├── NoSuchSession   there is none, or it is someone else's: both look the same from outside
├── SessionBusy     the customer is answering, or the grader is at work
├── NotEnded        a conversation that still goes on cannot be graded
├── MessageTooLong  more text than a message can have
├── CannotStart     the persona does not speak the scenario's language
├── TooLate         a session was over before it was marked private
├── NotGraded       there is no scorecard yet
├── NotAllowed      the person's role does not include it
│   └── TooNarrow   the role does, the token does not
├── NotYourPeople   there is none in the manager's teams, or it is private: both look the same
├── LoginFailed     wrong login or password, and nothing that says which
├── TooManyTries    too many of those
├── WeakPassword    a password that is too easy to guess
├── QueueFull       more waits to be graded than may
└── Unfit           what was asked for makes no sense as it is: the sentence says why
    └── Missing     what it names is not there
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


class NotGraded(PracticeError):
    """A session has no scorecard yet."""

    def __init__(self) -> None:
        super().__init__(
            "This session has no scorecard. It is graded when its scorecard's page is opened after "
            "the conversation has ended."
        )


class MessageTooLong(PracticeError):
    """The message has more characters than one can have."""

    def __init__(self, characters: int, limit: int) -> None:
        super().__init__(
            f"Your message has {characters:,} characters; the longest one can have {limit:,}. "
            "It was not sent: shorten it and send it again."
        )


class CannotStart(PracticeError):
    """The choice of scenario and persona does not go together."""


class TooLate(PracticeError):
    """A conversation that is over cannot be hidden any more."""

    def __init__(self) -> None:
        super().__init__(
            "This conversation is over. A conversation is marked private while it goes on."
        )


class NotAllowed(PracticeError):
    """The person's role does not include it."""

    def __init__(self, right: str) -> None:
        super().__init__(
            f"Your account may not {right} here. Ask an administrator if it should be able to."
        )


class TooNarrow(NotAllowed):
    """A program's token is not made for it."""

    def __init__(self, scope: str) -> None:
        PracticeError.__init__(
            self,
            f"This token is not made for that. Make one for it: "
            f"spardesk tokens add LOGIN --name NAME --scope {scope}",
        )


class NotYourPeople(PracticeError):
    """There is no such session or person in the manager's teams, or it is kept private."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing of that name in your teams that you may see. "
            "Choose from the overview."
        )


class LoginFailed(PracticeError):
    """Login and password do not belong together. The message is the same for every cause."""

    def __init__(self) -> None:
        super().__init__(
            "Login and password do not belong together, or the account cannot be used. "
            "Try again, or ask an administrator."
        )


class TooManyTries(PracticeError):
    """Somebody tried too often in vain."""

    def __init__(self, minutes: int, is_first: bool = False) -> None:
        self.is_first = is_first
        """Whether this is where it became too many."""
        super().__init__(
            f"That was tried too often. Wait {minutes} minute{'s' if minutes != 1 else ''} "
            "and try again."
        )


class WeakPassword(PracticeError):
    """A password that is too easy to guess."""


class QueueFull(PracticeError):
    """More waits to be graded than may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} conversations may wait to be graded at once. Wait for some of them, then send "
            "these again."
        )


class Unfit(PracticeError):
    """What was asked for makes no sense as it is."""


class Missing(Unfit):
    """What was named is not there, or not for this person: both look the same."""
