"""What webhooks are still to hear, put down when it happens and delivered by a worker."""

import json
import secrets
import threading
from typing import Any

from records import Records, RecordsError, SessionSummary
from records.hooks import Delivery, Webhook
from ui.log import log_unexpected
from ui.services.clock import Clock, now

SESSION_GRADED = "session.graded"
TRANSCRIPT_GRADED = "transcript.graded"

EVENTS = (SESSION_GRADED, TRANSCRIPT_GRADED)

MOST_WAITING = 1_000
"""Deliveries a webhook may have waiting; of more it does not hear."""


class Outbox:
    """Deliveries to be made. They are kept, so that none is lost when the program stops.

    An event says that something happened and to whom it belongs, no score and no word of a
    conversation: whoever registers webhooks may not see those. A receiver asks the interface for
    programs for them, with a token of somebody who may.
    """

    def __init__(self, records: Records, clock: Clock = now) -> None:
        self._records = records
        self._clock = clock
        self.filled = threading.Event()
        """Set when there is something new to deliver."""

    def session_graded(self, session: SessionSummary) -> None:
        """A session has a scorecard. Of private ones nobody hears.

        A failure of the records is logged: the scorecard is there, whoever hears of it.
        """
        if session.private:
            return
        data = {"session": session.id, "person": session.person, "scenario": session.scenario}
        self._tell(SESSION_GRADED, data)

    def transcripts_graded(self, job: str, person: str, transcripts: int, failed: int) -> None:
        """Transcripts that a program sent are graded."""
        data = {"id": job, "person": person, "transcripts": transcripts, "failed": failed}
        self._tell(TRANSCRIPT_GRADED, data)

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        try:
            for hook in self._records.webhooks.find():
                if hook.active and event in hook.events and not self._is_full(hook):
                    self._records.deliveries.add(self._delivery(hook, event, data))
                    self.filled.set()
        except RecordsError as error:
            log_unexpected(error)

    def _is_full(self, hook: Webhook) -> bool:
        waiting = self._records.deliveries.find(webhook=hook.id, state="waiting")
        return len(waiting) >= MOST_WAITING

    def _delivery(self, hook: Webhook, event: str, data: dict[str, Any]) -> Delivery:
        at = self._clock()
        body = {"type": event, "timestamp": at.isoformat(), "data": data}
        return Delivery(
            id=f"msg_{secrets.token_hex(12)}",
            webhook=hook.id,
            event=event,
            body=json.dumps(body, ensure_ascii=False),
            created_at=at,
            due_at=at,
        )
