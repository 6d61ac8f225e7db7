"""Finished conversations that programs send to be graded: one at a time, everybody in turn.

They are held in memory, as are their scorecards: nothing of them is kept when the program stops.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from dialogue.masking import mask_transcript
from dialogue.types import Transcript
from grading.adjusting import site_adjustment
from grading.inspecting.loading import inspectors
from grading.inspecting.reviewing import SideBySide
from grading.rubric import Rubric, load_rubric, shipped_rubrics
from grading.transcripts import grade_each
from grading.types import RowError, Scorecard
from llm.errors import ModelError
from ui.log import log_unexpected
from ui.services.access import Actor, Right
from ui.services.clock import Clock
from ui.services.errors import Missing, QueueFull, Unfit
from ui.services.models import SharedModel
from ui.services.views import JobView
from ui.services.webhooks.outbox import Outbox

MOST_AT_ONCE = 20
"""Conversations in one job."""

MOST_WAITING = 60
"""Conversations of one person that wait."""

MOST_WAITING_OF_ALL = 300

KEPT = timedelta(hours=24)
"""How long the results of a job can be had."""

MOST_JOBS = 500
"""Jobs that are remembered; the oldest that is done is forgotten first."""

STOPPED = "The grading stopped for a reason nobody expected; the log has it. Send them again."

Inspection = Literal["model", "rules", "both"]


@dataclass(frozen=True)
class Order:
    """What is to be graded, and how."""

    transcripts: tuple[Transcript, ...]
    rubric: str = "core"
    """A shipped one's name."""
    inspector: Inspection = "model"
    mask: bool = False
    """Take out what names or reaches a person before anything is graded."""


@dataclass
class _Job:
    id: str
    person: str
    order: Order
    rubric: Rubric
    at: datetime
    results: list[Scorecard | RowError] = field(default_factory=list)
    begun: bool = False
    failure: str | None = None

    @property
    def left(self) -> int:
        return 0 if self.failure else len(self.order.transcripts) - len(self.results)


class Transcripts:
    """The queue. `data` is the folder of the site's own calibration."""

    def __init__(
        self, model: SharedModel, outbox: Outbox, clock: Clock, data: Path | None = None
    ) -> None:
        self._model = model
        self._outbox = outbox
        self._clock = clock
        self._data = data
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._turns: list[str] = []
        """People with something waiting, who is next first."""
        self._works = False
        self._lock = threading.Lock()

    def submit(self, actor: Actor, order: Order) -> JobView:
        """Have conversations graded in the background.

        Raises `NotAllowed`, `Unfit`, `QueueFull`.
        """
        actor.require(Right.PRACTISE)
        rubric = _checked(order)
        if order.mask:
            masked = tuple(map(mask_transcript, order.transcripts))
            order = Order(masked, order.rubric, order.inspector)
        job = _Job(secrets.token_hex(12), actor.id, order, rubric, self._clock())
        with self._lock:
            self._forget_old()
            self._require_room(actor.id, len(order.transcripts))
            self._jobs[job.id] = job
            if actor.id not in self._turns:
                self._turns.append(actor.id)
            if not self._works:
                self._works = True
                threading.Thread(target=self._run, name="grading", daemon=True).start()
            return self._view(job)

    def job(self, actor: Actor, job_id: str) -> JobView:
        """How far one of one's jobs is, with its results; raises `NotAllowed`, `Missing`."""
        actor.require(Right.PRACTISE)
        with self._lock:
            self._forget_old()
            job = self._jobs.get(job_id)
            if job is None or job.person != actor.id:
                raise Missing(
                    f"There is no job {job_id!r} of yours. Results are kept for "
                    f"{KEPT // timedelta(hours=1)} hours and until the server is started anew: "
                    "send the conversations again."
                )
            return self._view(job)

    # --- inside; with the lock, unless it says otherwise ----------------------------------------

    def _view(self, job: _Job) -> JobView:
        status: Literal["queued", "running", "done", "failed"] = "queued"
        if job.failure:
            status = "failed"
        elif job.left == 0:
            status = "done"
        elif job.begun:
            status = "running"
        return JobView(
            id=job.id,
            status=status,
            transcripts=len(job.order.transcripts),
            graded=len(job.results),
            ahead=self._ahead(job) if status == "queued" else None,
            created_at=job.at,
            results=tuple(job.results),
            failure=job.failure,
        )

    def _ahead(self, job: _Job) -> int:
        """How many conversations are graded before the job's first, as it looks now."""
        mine = self._of(job.person)
        ahead = own = sum(each.left for each in mine[: mine.index(job)])
        before = True
        for person in self._turns:
            if person == job.person:
                before = False
            else:
                ahead += min(sum(each.left for each in self._of(person)), own + before)
        return ahead

    def _of(self, person: str) -> list[_Job]:
        return [job for job in self._jobs.values() if job.person == person and job.left]

    def _require_room(self, person: str, more: int) -> None:
        waiting = {person: 0} | dict.fromkeys(self._turns, 0)
        for job in self._jobs.values():
            if job.left:
                waiting[job.person] = waiting.get(job.person, 0) + job.left
        if waiting[person] + more > MOST_WAITING:
            raise QueueFull(MOST_WAITING)
        if sum(waiting.values()) + more > MOST_WAITING_OF_ALL:
            raise QueueFull(MOST_WAITING_OF_ALL)

    def _forget_old(self) -> None:
        at = self._clock()
        over = [job for job in self._jobs.values() if not job.left]
        too_many = len(self._jobs) - MOST_JOBS
        for number, job in enumerate(over):
            if at - job.at > KEPT or number < too_many:
                del self._jobs[job.id]

    def _next(self) -> _Job | None:
        """Takes the lock: whose turn it is; who had theirs stands behind the others."""
        with self._lock:
            while self._turns:
                person = self._turns.pop(0)
                mine = self._of(person)
                if mine:
                    self._turns.append(person)
                    mine[0].begun = True
                    return mine[0]
            self._works = False
            return None

    # --- the worker -----------------------------------------------------------------------------

    def _run(self) -> None:
        while job := self._next():
            try:
                result = self._grade(job)
            except ModelError as error:
                job.failure = str(error)
            except Exception as error:
                log_unexpected(error)
                job.failure = STOPPED
            else:
                job.results.append(result)
            if not job.left:
                self._tell(job)

    def _grade(self, job: _Job) -> Scorecard | RowError:
        order, rubric = job.order, job.rubric
        judged = order.inspector != "rules"
        model = self._model.open() if judged else None
        site = site_adjustment(self._data, model.name, rubric) if model and self._data else None
        row = [order.transcripts[len(job.results)]]
        if order.inspector == "model":
            [result] = grade_each(row, rubric, model, adjustment=site)
        else:
            both = SideBySide(inspectors(rubric), rubric)
            [result] = grade_each(row, rubric, model, adjustment=site, inspect=both.add)
        return result

    def _tell(self, job: _Job) -> None:
        total = len(job.order.transcripts)
        good = sum(isinstance(result, Scorecard) for result in job.results)
        self._outbox.transcripts_graded(job.id, job.person, total, total - good)


def _checked(order: Order) -> Rubric:
    """The rubric by its name, never by a path; raises `Unfit` for what cannot be graded."""
    if order.rubric not in shipped_rubrics():
        raise Unfit(
            f"There is no rubric {order.rubric!r}. There are: {', '.join(shipped_rubrics())}."
        )
    if not 1 <= len(order.transcripts) <= MOST_AT_ONCE:
        raise Unfit(f"Send 1 to {MOST_AT_ONCE} conversations at once.")
    ids = [transcript.id for transcript in order.transcripts]
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise Unfit(f"Two conversations have the id {twice!r}. Give each one of its own.")
    return load_rubric(order.rubric)
