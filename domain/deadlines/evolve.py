"""Deadlines, and clocks that stand still (5): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Pause, Phase
from domain.deadlines.deadline import Awaited
from domain.deadlines.effects import held_by
from domain.deadlines.events import (
    ClocksPaused,
    ClocksResumed,
    DeadlineEvent,
    DeadlineExtended,
    DeadlineMissed,
)


def changes(dispute: Dispute, event: DeadlineEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case DeadlineMissed():
            return _missed(dispute, event)
        case DeadlineExtended():
            key = (event.awaited, event.party, event.item)
            return {"extended": (*dispute.extended, key)}
        case ClocksPaused():
            return _paused(dispute, event)
        case ClocksResumed(item=item):
            return {"pauses": tuple(one for one in dispute.pauses if one.item != item)}
        case _:
            assert_never(event)


def _missed(dispute: Dispute, event: DeadlineMissed) -> dict[str, Any]:
    match event.awaited:
        # 4.1.3: silence lets the buyer escalate.
        case Awaited.RESPONSE:
            return {"phase": Phase.UNANSWERED}
        # 4.4.3: after the voluntary period the platform executes.
        case Awaited.VOLUNTARY:
            return {"phase": Phase.ENFORCING}
        # 4.4: who did not prove it cannot suspend the case on the same claim again.
        case Awaited.SUSPENSION_PROOF:
            return {"unproved": (*dispute.unproved, event.party)}
        case _:
            return {}


def _paused(dispute: Dispute, event: ClocksPaused) -> dict[str, Any]:
    held = held_by(dispute.deadlines, event)
    pause = Pause(cause=event.cause, held=held, since=event.since, item=event.item)
    return {"pauses": (*dispute.pauses, pause)}
