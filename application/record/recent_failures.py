"""What a server has only just refused to write, for reasons of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

from application.record.sqlstates import Cause, cause_of

RECENT_SECONDS = 15.0
"""How long a process that could not write counts as not ready, in seconds."""

_NOTED = frozenset({Cause.EXHAUSTED, Cause.FULL, Cause.READ_ONLY})


class RecentFailures:
    """The last failure that reading does not show: reads go on, and nothing is written.

    A server that cannot be reached at all is found out by asking it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: tuple[float, Cause] | None = None

    def note(self, error: BaseException) -> None:
        """Remember an error, if it says that nobody can write now."""
        cause = cause_of(error)
        if cause in _NOTED:
            self._last = (self._clock(), cause)

    def recent(self) -> Cause | None:
        """Return the cause of a failure that was only just noted."""
        # Read once: another thread may note the next one meanwhile.
        last = self._last
        if last is None or self._clock() - last[0] > RECENT_SECONDS:
            return None
        return last[1]
