"""The sessions that are being talked in: one object each, used by one caller at a time."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from simulator.session import Session
from ui.services.errors import SessionBusy

KEPT = 200
"""Sessions kept at hand; others are read from their journals again."""

QUIET_S = 300.0
"""Seconds without a word after which a session counts for nothing beside another."""


class LiveSessions:
    """Session objects by id. `resume` makes one from its journal."""

    def __init__(self, resume: Callable[[str], Session], kept: int = KEPT) -> None:
        self._resume = resume
        self._kept = kept
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._busy: set[str] = set()
        self._used: dict[str, float] = {}
        """Id → `monotonic()` of the last use, of the sessions at hand."""
        self._lock = threading.Condition()

    def add(self, session: Session) -> None:
        """Keep a new session at hand."""
        with self._lock:
            self._remember(session)

    def is_busy(self, session_id: str) -> bool:
        """Whether someone is using the session right now."""
        with self._lock:
            return session_id in self._busy

    def beside(self, session_id: str) -> Session:
        """The session, for what changes nothing in it and may run beside a reply."""
        with self._lock:
            session = self._sessions.get(session_id)
        return session or self._resume(session_id)

    def alone(self, session_id: str) -> Session | None:
        """The session, when it is at hand and nobody else is talking in another."""
        with self._lock:
            others = (used for id_, used in self._used.items() if id_ != session_id)
            if self._busy - {session_id} or any(monotonic() - used < QUIET_S for used in others):
                return None
            return self._sessions.get(session_id)

    @contextmanager
    def use(self, session_id: str, wait_s: float = 0.0) -> Iterator[Session]:
        """The session, for this caller alone.

        Raises `SessionBusy` when another has it for longer than `wait_s` seconds.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: session_id not in self._busy, wait_s):
                raise SessionBusy(
                    "The customer is still answering your last message. Wait for the answer, "
                    "then try again."
                )
            self._busy.add(session_id)
            session = self._sessions.get(session_id)
        try:
            session = session or self._resume(session_id)
            yield session
            with self._lock:
                self._remember(session)
        except BaseException:
            # What went wrong may have left the object behind its journal: read it again next time.
            with self._lock:
                self._sessions.pop(session_id, None)
                self._used.pop(session_id, None)
            raise
        finally:
            with self._lock:
                self._busy.discard(session_id)
                self._lock.notify_all()

    def _remember(self, session: Session) -> None:
        self._sessions[session.id] = session
        self._sessions.move_to_end(session.id)
        self._used[session.id] = monotonic()
        while len(self._sessions) > self._kept:
            forgotten, _ = self._sessions.popitem(last=False)
            del self._used[forgotten]
