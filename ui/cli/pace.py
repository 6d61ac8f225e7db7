"""How fast something goes, and how long the rest will take."""

import time
from collections.abc import Callable


class Pace:
    """Counts what is done, from now on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._done = 0

    def step(self) -> None:
        """One more is done."""
        self._done += 1

    def words(self, left: int | None) -> str:
        """`0.4 rows/s, about 3 min left`; without the rest where `left` is not known."""
        rate = self._done / max(self._clock() - self._since, 1e-6)
        if not self._done:
            return ""
        shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
        rest = "" if left is None else f", about {duration(left / rate)} left"
        return f"{shown} rows/s{rest}"


def duration(seconds: float) -> str:
    """A length of time as people say it: `40 s`, `12 min`, `3 h 10 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
