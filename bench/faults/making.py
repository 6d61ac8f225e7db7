"""Sessions, scorecards and rows that can be told apart, and made again to compare with."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from dialogue.types import Mood, Perception
from grading.types import CriterionScore, Scorecard
from records import Records
from records.people import Account, ApiToken, LoginSession
from records.reviewing import Override, Review
from simulator.types import AgentSaid, Cue, CustomerSaid, Does, Ended, EndReason, Event, Started

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_BIG = 200_000
"""Characters of a message that takes long enough to write to be cut in two."""


def event(session_id: str, number: int, person: str = "local", minutes: int = 0) -> Event:
    """A session's event of this number, always the same; some are big."""
    at = START + timedelta(minutes=minutes, seconds=number)
    if number == 0:
        return Started(
            at=at,
            session_id=session_id,
            person=person,
            scenario="late-parcel",
            persona="dana",
            pack="shop",
            language="en",
            seed=7,
            model="scripted",
            content_version="c1",
            prompt_version="p1",
        )
    rng = random.Random(f"{session_id} {number}")
    text = f"{session_id} says {number}. " * (1 if rng.random() < 0.9 else _BIG // 20)
    if number % 2:
        return AgentSaid(at=at, index=number, text=text)
    mood = Mood(emotion="annoyed", patience=0.5, trust=0.5)
    cue = Cue(acts=(Does.STATE_PROBLEM,), mood=mood, means="My parcel is late.")
    return CustomerSaid(
        at=at, index=number, text=text, perception=Perception(), cue=cue, state={"told": []}
    )


def events(session_id: str, person: str = "local", minutes: int = 0) -> list[Event]:
    """A whole session."""
    said = [event(session_id, number, person, minutes) for number in range(4)]
    return [*said, Ended(at=START + timedelta(minutes=minutes + 5), reason=EndReason.SOLVED)]


def scorecard(id_: str, total: float = 70.0) -> Scorecard:
    """A small one."""
    criterion = CriterionScore(status="scored", score=total, coverage=1.0)
    return Scorecard(
        id=id_,
        criteria={"politeness": criterion},
        total=total,
        coverage=1.0,
        rubric="core",
        rubric_version="2",
        grader_version="2.0.0",
        model="scripted",
    )


def large_scorecard(id_: str) -> Scorecard:
    """One that fills a disk."""
    return scorecard(id_).model_copy(update={"model": "m" * 20_000})


def override(id_: str, session: str, by: str = "mia") -> Override:
    """A manager's word."""
    return Override(
        id=id_, session=session, criterion="logic", score=1, reason="No.", by=by, at=START
    )


def review(id_: str, session: str) -> Review:
    """A session to look at."""
    return Review(id=id_, session=session, reason="unsure", at=START)


def account(id_: str) -> Account:
    """Somebody."""
    return Account(id=id_, login=id_, name=id_.title(), created_at=START)


def fill(records: Records, sessions: Iterable[str], person: str) -> None:
    """Sessions of a person, a minute apart, each with all that can belong to one."""
    cards = {}
    for number, session_id in enumerate(sessions):
        records.journal.write(session_id, events(session_id, person, number))
        records.overrides.add(override(f"o-{session_id}", session_id))
        records.reviews.add(review(f"r-{session_id}", session_id))
        cards[session_id] = scorecard(session_id)
    records.save_scorecards(cards)


def join(records: Records, person: str) -> None:
    """An account with a browser and a program."""
    records.accounts.add(account(person))
    later = START + timedelta(days=1)
    records.logins.add(
        LoginSession(
            token_hash=f"l-{person}",
            account=person,
            generation=0,
            created_at=START,
            expires_at=later,
            last_seen=START,
        )
    )
    records.tokens.add(
        ApiToken(
            id=f"t-{person}",
            token_hash=f"h-{person}",
            account=person,
            name="nightly",
            scopes=("sessions:read",),
            created_at=START,
        )
    )
