"""The worker that delivers: in order for each webhook, again after a while, not for ever."""

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from records import Records, RecordsError
from records.doors import claim_delivery
from records.hooks import Delivery, Webhook
from ui.log import log_unexpected
from ui.services.clock import Clock
from ui.services.webhooks.outbox import Outbox

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200)
)
"""How long to wait after the first failed attempt, the second …; after one more it is given up."""

ATTEMPTS = len(PAUSES) + 1

LEASE = timedelta(minutes=1)
"""A delivery is due again then, if whoever took it does not come back."""

KEPT = timedelta(days=7)
"""How long deliveries are listed after they were made or given up."""

SWEPT_EVERY = timedelta(hours=1)
LOOKED_EVERY_S = 5.0

Send = Callable[[Webhook, Delivery, datetime], str | None]


class Deliverer:
    """Delivers what is due. Several programs may do so with the same records."""

    def __init__(self, records: Records, outbox: Outbox, send: Send, clock: Clock) -> None:
        self._records = records
        self._filled = outbox.filled
        self._send = send
        self._clock = clock
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._swept: datetime | None = None

    def start(self) -> None:
        """Begin to deliver in the background."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float = 5.0) -> None:
        """End, after the attempt that is being made if it does not take long."""
        self._stopped.set()
        self._filled.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def deliver_due(self) -> int:
        """Try each delivery that is due; how many were tried.

        After a failure the webhook's other deliveries wait for the next round: a receiver that
        hangs holds up the others only once.
        """
        tried = 0
        for hook_id, deliveries in self._due().items():
            hook = self._records.webhooks.get(hook_id)
            for delivery in deliveries:
                if self._stopped.is_set():
                    return tried
                tried += 1
                if not self._try(hook, delivery):
                    break
        return tried

    def sweep(self) -> None:
        """Forget what was delivered or given up a while ago."""
        at = self._swept = self._clock()
        for state in ("delivered", "given_up"):
            for delivery in self._records.deliveries.find(state=state):
                if at - delivery.due_at > KEPT:
                    self._records.deliveries.remove(delivery.id)

    # --- inside ---------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._filled.clear()
            if self._stopped.is_set():  # between the two lines above
                return
            try:
                self.deliver_due()
                if self._swept is None or self._clock() - self._swept > SWEPT_EVERY:
                    self.sweep()
            except RecordsError as error:
                log_unexpected(error)  # it is all still there: the next round tries again
            except Exception as error:
                log_unexpected(error)
            self._filled.wait(LOOKED_EVERY_S)

    def _due(self) -> dict[str, list[Delivery]]:
        """By webhook, oldest first."""
        at = self._clock()
        found: dict[str, list[Delivery]] = defaultdict(list)
        waiting = self._records.deliveries.find(state="waiting")
        for delivery in sorted(waiting, key=lambda each: each.created_at):
            if delivery.due_at <= at:
                found[delivery.webhook].append(delivery)
        return found

    def _try(self, hook: Webhook | None, delivery: Delivery) -> bool:
        """Whether the next delivery of the same webhook may be tried right away."""
        at = self._clock()
        taken = claim_delivery(self._records, delivery.id, at, LEASE)
        if taken is None:  # another program has it, or it is gone
            return True
        problem = self._sent(hook, taken, at)
        self._records.deliveries.change(taken.id, lambda row: _after(row, problem, at))
        return problem is None

    def _sent(self, hook: Webhook | None, delivery: Delivery, at: datetime) -> str | None:
        """Why it could not be delivered; whatever it was, the attempt counts."""
        if hook is None or not hook.active:
            return "there is no such webhook"
        try:
            return self._send(hook, delivery, at)
        except Exception as error:
            log_unexpected(error)
            return f"failed with {type(error).__name__}"


def _after(row: Delivery | None, problem: str | None, at: datetime) -> Delivery | None:
    """The delivery after an attempt; one that was removed meanwhile stays removed."""
    if row is None:
        return None
    more: dict[str, object] = {"problem": problem, "due_at": at}
    if problem is None:
        more["state"] = "delivered"
    elif row.attempts >= ATTEMPTS:
        more["state"] = "given_up"
    else:
        more["due_at"] = at + PAUSES[row.attempts - 1]
    return row.model_copy(update=more)
