"""Suspension and resumption (4.4, +): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Pause, Phase
from domain.deadlines.effects import held_by
from domain.suspension.events import (
    Resumed,
    Suspended,
    SuspensionEvent,
    SuspensionProved,
    SuspensionRequested,
)

SUSPENSION = "suspension"


def changes(dispute: Dispute, event: SuspensionEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case SuspensionRequested(by=by, days=days):
            return {"pause_asked": (*_others(dispute, event), (by, days))}
        case Suspended():
            return _suspended(dispute, event)
        case SuspensionProved():
            return {"proved": True}
        case Resumed():
            return _resumed(dispute)
        case _:
            assert_never(event)


def _others(dispute: Dispute, event: SuspensionRequested) -> tuple[Any, ...]:
    return tuple(one for one in dispute.pause_asked if one[0] is not event.by)


def _suspended(dispute: Dispute, event: Suspended) -> dict[str, Any]:
    held = held_by(dispute.deadlines, event)
    pause = Pause(cause=SUSPENSION, held=held, since=event.since)
    return {
        "phase": Phase.SUSPENDED,
        # Never SUSPENDED or APPEAL itself: a case in these cannot be suspended.
        "before": dispute.phase,
        "suspended": event.cause,
        "proved": False,
        "pause_asked": (),
        "pauses": (*dispute.pauses, pause),
    }


def _resumed(dispute: Dispute) -> dict[str, Any]:
    return {
        "phase": dispute.before or dispute.phase,
        "before": None,
        "suspended": None,
        "pauses": tuple(one for one in dispute.pauses if one.cause != SUSPENSION),
    }
