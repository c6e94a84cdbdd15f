"""New ends for the deadlines that a pause held."""

from __future__ import annotations

from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Pause
from domain.deadlines import time_limits
from domain.deadlines.deadline import Deadline


def resumed(pause: Pause, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines that a pause held; each has what it had left, from now."""
    return tuple(_from_now(deadline, pause, context) for deadline in pause.held)


def _from_now(deadline: Deadline, pause: Pause, context: Context) -> Deadline:
    # The length that was stored, not the policy's, which may say another one by now.
    # Of an extended one ("3 days + 2 days") the first part is enough: both have the
    # same clock, as the policy's validation demands, and only the unit is needed.
    limit = time_limits.parse_limit(deadline.length.partition(" + ")[0])
    due = time_limits.resumed(
        deadline.due, limit, pause.since, context.now, context.rules.calendar
    )
    return replace(deadline, due=due)
