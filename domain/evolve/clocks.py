"""What notices, missed and moved deadlines, and standing still change."""

from __future__ import annotations

from typing import Any, assert_never

from domain.deadlines import Awaited
from domain.dispute import Dispute, Pause, Phase
from domain.endings import held_by
from domain.events.any import ClockEvent
from domain.events.clocks import (
    ClocksPaused,
    ClocksResumed,
    DeadlineExtended,
    DeadlineMissed,
    NoticeServed,
    Resumed,
    Suspended,
    SuspensionProved,
    SuspensionRequested,
)
from domain.notices import Notice
from domain.outcomes import NoticeKind

SUSPENSION = "suspension"


def changes(dispute: Dispute, event: ClockEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case NoticeServed():
            return _served(dispute, event)
        case DeadlineMissed():
            return _silent(dispute, event)
        case DeadlineExtended():
            key = (event.awaited, event.party, event.item)
            return {"extended": (*dispute.extended, key)}
        case ClocksPaused():
            return _paused(dispute, event)
        case ClocksResumed(item=item):
            return {"pauses": tuple(one for one in dispute.pauses if one.item != item)}
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


def _served(dispute: Dispute, event: NoticeServed) -> dict[str, Any]:
    notice = Notice(kind=event.notice, party=event.party)
    served = {"served": (*dispute.served, (notice, event.channel))}
    first = event.notice is NoticeKind.ADMISSION
    known_now = first and dispute.phase is Phase.FILED
    return served | ({"phase": Phase.AWAITING_RESPONSE} if known_now else {})


def _silent(dispute: Dispute, event: DeadlineMissed) -> dict[str, Any]:
    match event.awaited:
        case Awaited.RESPONSE:
            return {"phase": Phase.UNANSWERED}
        case Awaited.VOLUNTARY:
            return {"phase": Phase.ENFORCING}
        case Awaited.SUSPENSION_PROOF:
            return {"unproved": (*dispute.unproved, event.party)}
        case _:
            return {}


def _paused(dispute: Dispute, event: ClocksPaused) -> dict[str, Any]:
    held = held_by(dispute.deadlines, event)
    pause = Pause(cause=event.cause, held=held, since=event.since, item=event.item)
    return {"pauses": (*dispute.pauses, pause)}


def _others(dispute: Dispute, event: SuspensionRequested) -> tuple[Any, ...]:
    return tuple(one for one in dispute.pause_asked if one[0] is not event.by)


def _suspended(dispute: Dispute, event: Suspended) -> dict[str, Any]:
    held = held_by(dispute.deadlines, event)
    pause = Pause(cause=SUSPENSION, held=held, since=event.since)
    return {
        "phase": Phase.SUSPENDED,
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
