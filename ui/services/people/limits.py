"""How often a login may be tried: per login and per address, over all programs and restarts."""

import math
from datetime import datetime, timedelta

from records import Records
from records.doors import count_failure, login_key
from records.people import FailedLogins
from ui.services.clock import Clock
from ui.services.errors import TooManyTries

WINDOW = timedelta(minutes=15)
PER_LOGIN = 10
PER_ADDRESS = 60
"""A whole office may share an address."""


class Limits:
    """Counts tries. A try counts before it is known to fail, so that many at once gain nothing."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def begin(self, login: str, address: str) -> None:
        """Count a try; raises `TooManyTries` when there were too many in the last while."""
        at = self._clock()
        for key, most in ((address_key(address), PER_ADDRESS), (login_key(login), PER_LOGIN)):
            counted = count_failure(self._records, key, at, WINDOW)
            if counted.count > most:
                raise TooManyTries(_minutes_left(counted, at), counted.count == most + 1)

    def succeeded(self, login: str, address: str) -> None:
        """Take the try back: it was a good one."""
        self._records.failures.remove(login_key(login))
        self._records.failures.change(address_key(address), _one_less)

    def sweep(self) -> None:
        """Forget what no longer counts."""
        at = self._clock()
        for failed in self._records.failures.find():
            if at - failed.since > WINDOW:
                self._records.failures.remove(failed.key)


def address_key(address: str) -> str:
    """Where a try came from."""
    return f"address:{address}"


def _one_less(failed: FailedLogins | None) -> FailedLogins | None:
    if failed is None or failed.count <= 1:
        return None
    return failed.model_copy(update={"count": failed.count - 1})


def _minutes_left(failed: FailedLogins, at: datetime) -> int:
    return max(1, math.ceil((failed.since + WINDOW - at) / timedelta(minutes=1)))
