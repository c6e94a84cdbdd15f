"""For how long a case has stood still until each of its milestones.

A case stands still while it is suspended as a whole, and while its clocks are paused,
such as for an inspection. Several pauses at once are one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from application.record.envelope import Recorded
from domain.deadlines.events import ClocksPaused, ClocksResumed
from domain.performance.events import Closed
from domain.suspension.events import Resumed, Suspended
from projections.figures.case_figures import Figures

MICROSECOND = timedelta(microseconds=1)
PAUSED_AT = {
    "admission_at": "admission_paused",
    "notified_at": "notified_paused",
    "answered_at": "answered_paused",
    "agreed_at": "agreed_paused",
    "escalated_at": "escalated_paused",
    "ruled_at": "ruled_paused",
    "appealed_at": "appealed_paused",
    "appeal_decided_at": "appeal_decided_paused",
    "closed_at": "closed_paused",
}
"""The milestones at which a stage begins or ends, and where the time is kept."""


def with_pauses(
    before: Figures, changed: dict[str, Any], recorded: Recorded
) -> dict[str, Any]:
    """Add to what an event changes: what it does to pauses, and their time so far."""
    at = recorded.at
    for milestone in PAUSED_AT.keys() & changed.keys():
        if changed[milestone] is not None:
            changed = changed | {PAUSED_AT[milestone]: _until(before, at)}
    match recorded.event:
        case Suspended(since=since) | ClocksPaused(since=since):
            begun = before.paused_since or since
            more = {"pauses": before.pauses + 1, "paused_since": begun}
        case Resumed() | ClocksResumed() if before.pauses > 1:
            more = {"pauses": before.pauses - 1}
        case Resumed() | ClocksResumed() | Closed() if before.pauses:
            ended = {"pauses": 0, "paused_since": None}
            more = {**ended, "paused": _until(before, at)}
        case _:
            return changed
    return changed | more


def _until(before: Figures, at: datetime) -> int | None:
    """Return for how many microseconds a case has stood still; None for not at all."""
    paused = before.paused or 0
    if before.paused_since is not None:
        paused += max(0, (at - before.paused_since) // MICROSECOND)
    return paused or None
