"""What is somebody's own, as programs ask for it: sessions, scorecards, progress, everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from dialogue.types import Transcript, Turn
from grading.types import Scorecard
from records import Records, SessionQuery, SessionSummary
from records.exporting import export
from records.retention import identify
from records.reviewing import Override
from simulator.types import AgentSaid, CustomerSaid, Event
from ui.services.access import Actor, Right
from ui.services.auditing import Auditing, What
from ui.services.errors import NotGraded
from ui.services.listing import Listed, Part
from ui.services.practice import Practice
from ui.services.views import LineView, ProgressPoint

EXPORT_IN_MEMORY = 5_000_000
"""Bytes; what is larger is put into a temporary file while it is sent."""


@dataclass(frozen=True)
class KeptSession:
    """A session as it is kept."""

    summary: SessionSummary
    transcript: Transcript


@dataclass(frozen=True)
class Graded:
    """A session's scorecard, and what managers said about it."""

    card: Scorecard
    overrides: tuple[Override, ...]
    """Oldest first."""


class Own:
    """A person's own records. Each use asks again whose they are."""

    def __init__(self, practice: Practice, records: Records, audit: Auditing) -> None:
        self._practice = practice
        self._records = records
        self._audit = audit

    def sessions(
        self, actor: Actor, part: Part, graded: bool | None = None
    ) -> Listed[SessionSummary]:
        """A part of one's sessions, newest first; raises `NotAllowed`."""
        actor.require(Right.PRACTISE)
        query = SessionQuery(
            persons=(actor.id,), graded=graded, limit=part.limit, offset=part.offset
        )
        shown = tuple(map(self._practice.titled, self._records.find_sessions(query)))
        return Listed(shown, self._records.count_sessions(query))

    def session(self, actor: Actor, session_id: str) -> KeptSession:
        """One of one's sessions with all that was said; raises `NotAllowed`, `NoSuchSession`."""
        actor.require(Right.PRACTISE)
        events = self._practice.events(session_id, actor.id)
        summary = self._practice.titled(self._records.summary(session_id))
        return KeptSession(summary, transcript_of(summary, said(events)))

    def mark_private(self, actor: Actor, session_id: str, private: bool) -> SessionSummary:
        """Keep a session from one's manager, or no longer.

        Raises `NotAllowed`, `NoSuchSession`, `TooLate`.
        """
        actor.require(Right.PRACTISE)
        self._practice.mark_private(session_id, actor.id, private)
        detail = {"private": "yes" if private else "no"}
        self._audit.note(actor.id, What.MARKED_PRIVATE, actor.id, session_id, **detail)
        return self._practice.titled(self._records.summary(session_id))

    def scorecard(self, actor: Actor, session_id: str) -> Graded:
        """A session's scorecard; raises `NotAllowed`, `NoSuchSession`, `NotGraded`."""
        actor.require(Right.PRACTISE)
        card = self._practice.scorecard(session_id, actor.id)
        if card is None:
            raise NotGraded
        return Graded(card, self._practice.overrides(session_id, actor.id))

    def progress(self, actor: Actor, part: Part) -> Listed[ProgressPoint]:
        """A part of one's scores over time, oldest first; raises `NotAllowed`."""
        actor.require(Right.PRACTISE)
        return part.of(self._practice.progress(actor.id))

    def export(self, actor: Actor) -> IO[bytes]:
        """Everything that is kept about somebody, a ZIP of JSON and CSV, for them to close.

        Raises `NotAllowed`, `RecordsError`.
        """
        actor.require(Right.PRACTISE)
        person = identify(self._records, actor.id)
        self._audit.note(actor.id, What.EXPORTED, actor.id)
        file = SpooledTemporaryFile(max_size=EXPORT_IN_MEMORY)  # noqa: SIM115 - who sends it closes
        try:
            export(self._records, person, file)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file


def said(events: Iterable[Event]) -> list[Turn]:
    """What was said in a session."""
    return [
        Turn(
            speaker="agent" if isinstance(event, AgentSaid) else "customer",
            text=event.text,
            at=event.at,
        )
        for event in events
        if isinstance(event, AgentSaid | CustomerSaid)
    ]


def shown(lines: Iterable[LineView]) -> list[Turn]:
    """What was said, from what a page shows."""
    return [Turn(speaker=line.speaker, text=line.text, at=line.at) for line in lines]


def transcript_of(summary: SessionSummary, turns: Iterable[Turn]) -> Transcript:
    """A session in the form in which conversations are graded."""
    return Transcript(
        id=summary.id, language=summary.language, scenario=summary.scenario, turns=tuple(turns)
    )
