"""How much of a core an audit takes: little while nothing is appended, else more.

While nothing is appended there is nothing new to compare; what is left to find are
changes by hand. So an installation that nobody uses costs next to nothing, however much
it has recorded, and what is new is compared soon.
"""

from __future__ import annotations

import math
import time
from typing import Any

from psycopg import Connection

BUSY_SHARE = 0.05
"""The share of one core that an audit takes while events come. The database's own work
counts, since it is waited for."""

QUIET_SECONDS = 60.0
"""How long after the last event an audit goes on as while they come."""

SAVED_SECONDS = 0.2
"""Seconds of a core that an audit may have saved up: a small record is compared within
seconds of a start, and again and again."""

MOST_REST = 200.0
"""Seconds of one rest: an audit that says nothing for five minutes counts as ended."""

LOOK_SECONDS = 1.0
"""How often it looks for new events at most: a step can be shorter than the look."""

_END = "SELECT coalesce(max(position), 0) AS last FROM ledger"


class AuditPace:
    """Says for how long an audit rests after each step.

    `quiet`: its share of one core while nothing is appended. `most`: seconds of one
    rest; a step that owes a longer one is rested for several times.
    """

    def __init__(self, quiet: float, most: float = MOST_REST) -> None:
        self._quiet, self._most = quiet, most
        self._end: int | None = None
        self._looked = self._busy_until = -math.inf
        self._is_alarmed = False
        self._saved, self._spent_at = SAVED_SECONDS, time.monotonic()
        self._owed = 0.0
        self.is_resting = False

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing was appended lately, and nothing else is suspicious."""
        return not self._is_alarmed and time.monotonic() >= self._busy_until

    def look(self, connection: Connection[Any]) -> None:
        """See whether events were appended. The first look sees none as new."""
        if (now := time.monotonic()) - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        row = connection.execute(_END.encode()).fetchone()
        end = (row["last"] if isinstance(row, dict) else row[0]) if row else 0
        if self._end not in {None, end}:
            self.hurry()
        self._end = end

    def hurry(self) -> None:
        """Go on as while events come, for a while."""
        self._wake()
        self._busy_until = time.monotonic() + QUIET_SECONDS

    def alarm(self) -> None:
        """Go on as while events come, until `calm`."""
        self._wake()
        self._is_alarmed = True

    def calm(self) -> None:
        """End an alarm: all has been looked at since."""
        self._is_alarmed = False

    def spend(self, seconds: float, least: float = 0.0) -> None:
        """Note how long a step took. `least`: how long is rested for in any case."""
        now = time.monotonic()
        earned = (now - self._spent_at) * self._quiet
        self._saved = min(SAVED_SECONDS, self._saved + earned)
        self._spent_at = now
        rest = seconds * (1 / BUSY_SHARE - 1)
        if self.is_quiet:
            self._saved -= seconds
            rest = max(rest, -self._saved / self._quiet)
        self._owed = max(least, rest)

    def rest(self) -> float:
        """Return how long to rest now, in seconds; `is_resting` while more is owed."""
        now = min(self._owed, self._most)
        self._owed -= now
        self.is_resting = self._owed > 0
        return now

    def _wake(self) -> None:
        # What is owed for a quiet time is forgotten.
        if self.is_quiet:
            self._owed, self.is_resting = 0.0, False
