"""When a message that was not taken is sent again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom

SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400)
)
"""After each attempt that failed; after the last of them, one more attempt is made."""

JITTER = 0.1
"""By what share a pause is shortened or prolonged at random, so that what failed at the
same moment does not come back as one."""

LONGEST_WAIT = timedelta(hours=24)
"""The longest pause that a receiver can ask for (`Retry-After`)."""

_random = SystemRandom()


def next_attempt(
    schedule: tuple[timedelta, ...],
    tries: int,
    now: datetime,
    asked: timedelta | None = None,
) -> datetime | None:
    """Return when to send again after `tries` attempts, None to give up.

    `asked` is the pause that the receiver asked for: the longer of the two counts.
    """
    if tries > len(schedule):
        return None
    pause = schedule[tries - 1] * _random.uniform(1 - JITTER, 1 + JITTER)
    if asked is not None:
        pause = max(pause, min(asked, LONGEST_WAIT))
    return now + pause
