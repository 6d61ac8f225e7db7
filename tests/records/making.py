"""Events, scorecards and sessions for the records' tests."""

from datetime import UTC, datetime, timedelta

from dialogue.types import Mood, Perception
from grading.types import CriterionScore, Scorecard
from simulator.types import AgentSaid, Cue, CustomerSaid, Does, Ended, EndReason, Event, Started

START = datetime(2026, 11, 2, 9, 14, tzinfo=UTC)


def started(session_id: str, person: str = "local", minutes: int = 0) -> Started:
    return Started(
        at=START + timedelta(minutes=minutes),
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


def agent(index: int, text: str = "Hello, how can I help?") -> AgentSaid:
    return AgentSaid(at=START, index=index, text=text)


def customer(index: int, text: str = "My parcel is late.") -> CustomerSaid:
    mood = Mood(emotion="annoyed", patience=0.5, trust=0.5)
    cue = Cue(acts=(Does.STATE_PROBLEM,), mood=mood, means="My parcel is late.")
    return CustomerSaid(
        at=START, index=index, text=text, perception=Perception(), cue=cue, state={"told": []}
    )


def session(session_id: str, person: str = "local", minutes: int = 0) -> list[Event]:
    return [
        started(session_id, person, minutes),
        agent(0),
        customer(1),
        Ended(at=START + timedelta(minutes=minutes + 5), reason=EndReason.SOLVED),
    ]


def scorecard(session_id: str, total: float = 77.0) -> Scorecard:
    return Scorecard(
        id=session_id,
        criteria={"politeness": CriterionScore(status="scored", score=total, coverage=1.0)},
        total=total,
        coverage=1.0,
        rubric="core",
        rubric_version="1",
        grader_version="1.0.0",
        model="scripted",
    )
