"""Time that stood still is counted on: new ends for what was held."""

from __future__ import annotations

from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Pause
from domain.deadlines import time_limits
from domain.deadlines.deadline import Deadline


def resumed(pause: Pause, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines that a pause held, with what was left of each from now."""
    return tuple(_from_now(deadline, pause, context) for deadline in pause.held)


def _from_now(deadline: Deadline, pause: Pause, context: Context) -> Deadline:
    limit = time_limits.parse_limit(deadline.length.partition(" + ")[0])
    due = time_limits.resumed(
        deadline.due, limit, pause.since, context.now, context.rules.calendar
    )
    return replace(deadline, due=due)
