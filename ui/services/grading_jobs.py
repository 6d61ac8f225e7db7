"""Grading that goes on when the page is closed: at most one per session at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from grading.types import Scorecard
from llm.errors import ModelError
from records import RecordsError
from ui.log import log_unexpected
from ui.services.errors import SessionBusy
from ui.services.line import Line
from ui.services.views import GradingView

Progress = Callable[[int, int], None]
"""Hears (checks done, all checks)."""

Work = Callable[[Progress], Scorecard]


@dataclass
class _Job:
    checked: int = 0
    checks: int = 0
    failure: str | None = None
    place: int = 0

    def hear(self, checked: int, checks: int) -> None:
        self.checked, self.checks = checked, checks

    @property
    def view(self) -> GradingView:
        status = "failed" if self.failure else "running"
        return GradingView(
            status=status,
            checked=self.checked,
            checks=self.checks,
            failure=self.failure,
            place=self.place,
        )


class GradingJobs:
    """Which sessions are being graded, and how far. A done one is gone: it is in the records.

    `at_once` are graded at the same time; others wait in line.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._line = Line(at_once)
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def run(self, session_id: str, work: Work, progress: Progress | None = None) -> Scorecard:
        """Grade now; raises `SessionBusy` when it is being graded already."""
        job = self._take(session_id)
        if job is None:
            raise SessionBusy("This session is being graded already. Its scorecard comes soon.")

        def hear(checked: int, checks: int) -> None:
            job.hear(checked, checks)
            if progress:
                progress(checked, checks)

        try:
            return self._in_turn(job, work, hear)
        finally:
            self._drop(session_id)

    def follow(self, session_id: str, work: Work, again: bool = False) -> GradingView:
        """How far the grading is; begins it in the background when nobody has."""
        with self._lock:
            job = self._jobs.get(session_id)
            if job and job.failure and again:
                job = None
            if job is None:
                job = self._jobs[session_id] = _Job()
                threading.Thread(
                    target=self._work, args=(session_id, job, work), daemon=True
                ).start()
            return job.view

    def _in_turn(self, job: _Job, work: Work, hear: Progress) -> Scorecard:
        with self._line.turn() as waiting:
            for where in waiting:
                job.place = where.place
            job.place = 0
            return work(hear)

    def _take(self, session_id: str) -> _Job | None:
        with self._lock:
            job = self._jobs.get(session_id)
            if job and not job.failure:
                return None
            job = self._jobs[session_id] = _Job()
            return job

    def _drop(self, session_id: str) -> None:
        with self._lock:
            self._jobs.pop(session_id, None)

    def _work(self, session_id: str, job: _Job, work: Work) -> None:
        try:
            self._in_turn(job, work, job.hear)
        except (ModelError, RecordsError) as error:
            job.failure = str(error)
        except Exception as error:
            log_unexpected(error)
            job.failure = "The grading stopped for a reason nobody expected; the log has it."
        else:
            self._drop(session_id)
