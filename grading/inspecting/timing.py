"""Waits and silences, from the times that turns carry."""

from datetime import UTC, datetime

from dialogue.types import Turn
from grading.case import Case


def silence(case: Case, turn: int) -> float | None:
    """Seconds from the turn before, whoever spoke; `None` where times are missing."""
    return _between(case.turns[turn - 1], case.turns[turn]) if turn > 0 else None


def wait(case: Case, turn: int) -> float | None:
    """Seconds that the other side waited for a turn; `None` where it answers nothing."""
    if turn == 0 or case.turns[turn - 1].speaker == case.turns[turn].speaker:
        return None
    return silence(case, turn)


def _between(before: Turn, after: Turn) -> float | None:
    """Never negative: clocks of two systems can be out of step."""
    if before.at is None or after.at is None:
        return None
    return max(0.0, (_aware(after.at) - _aware(before.at)).total_seconds())


def _aware(at: datetime) -> datetime:
    """A time without a zone is read as UTC, so that any two can be compared."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
