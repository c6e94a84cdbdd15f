"""One log line when the database is lost, and one when it is back, for each process.

A process has some twenty threads that all notice at once: each would say so by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

from msgspec import Struct

from application.record.sqlstates import Cause, cause_of

AGAIN_SECONDS = 60.0
"""How often an outage that goes on is told again, in seconds."""

LASTING_SECONDS = 0.5
"""What is over sooner, such as a connection that an earlier restart broke, is none."""

OUTAGES = frozenset({Cause.DOWN, Cause.EXHAUSTED, Cause.FULL, Cause.READ_ONLY})
"""What ends by itself, or by an operator, for everybody at once."""

_log = logging.getLogger(__name__)


class _Begun(Struct):
    since: float
    told: float | None = None


class OutageLog:
    """Tells of each kind of outage when it begins, once a minute, and when it ends.

    `clock` counts seconds monotonically.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[Cause, _Begun] = {}
        self._lock = Lock()

    def note(self, who: str, error: BaseException) -> Cause | None:
        """Tell of an error if it is an outage; return which kind, else None."""
        cause = cause_of(error)
        if cause not in OUTAGES:
            return None
        with self._lock:
            now = self._clock()
            begun = self._begun.setdefault(cause, _Begun(now))
            lasts = now - begun.since
            if begun.told is None and lasts >= LASTING_SECONDS:
                said = " ".join(str(error).split())
                _log.warning("database: %s, noticed by %s: %s", cause, who, said)
                begun.told = now
            elif begun.told is not None and now - begun.told >= AGAIN_SECONDS:
                _log.warning("database: %s, for %.0f s", cause, lasts)
                begun.told = now
        return cause

    def end(self, cause: Cause) -> None:
        """Tell that an outage is over; whoever noted it has just done its work."""
        with self._lock:
            begun = self._begun.pop(cause, None)
            if begun is not None and begun.told is not None:
                lasted = self._clock() - begun.since
                _log.warning("database: back, was %s for %.1f s", cause, lasted)


OUTAGE_LOG = OutageLog()
"""The one of this process: its threads share it, as they share the database."""
