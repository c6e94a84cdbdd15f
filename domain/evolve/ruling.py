"""What drafts, rulings, reviews and appeals change."""

from __future__ import annotations

from typing import Any, assert_never

from domain.dispute import Dispute, Duty, Pause, Phase
from domain.endings import held_by
from domain.events.any import RulingEvent
from domain.events.ruling import (
    AppealDecided,
    AppealFiled,
    AppealRefused,
    HumanReviewRequested,
    Ruled,
    RulingDrafted,
)
from domain.outcomes import AppealResult

APPEAL = "appeal"


def changes(dispute: Dispute, event: RulingEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case RulingDrafted():
            return {"draft": event}
        case Ruled():
            return _ruled(event)
        case HumanReviewRequested():
            return _reviewed()
        case AppealFiled():
            return _appealed(dispute, event)
        case AppealRefused():
            return _back(dispute)
        case AppealDecided():
            return _decided(dispute, event)
        case _:
            assert_never(event)


def _ruled(event: Ruled) -> dict[str, Any]:
    deciders = (event.decided_by, event.approved_by)
    return {
        "phase": Phase.PERFORMING,
        "granted": event.remedies if event.obligations else (),
        "duties": tuple(Duty(owed=owed) for owed in event.obligations),
        "offers": (),
        "draft": None,
        "pauses": (),
        "decided_by": tuple(one for one in deciders if one),
        "automation": event.automation,
    }


def _reviewed() -> dict[str, Any]:
    return {
        "phase": Phase.RULING,
        "granted": (),
        "duties": (),
        "enforcements": (),
        "notices": (),
    }


def _appealed(dispute: Dispute, event: AppealFiled) -> dict[str, Any]:
    first = dispute.phase is not Phase.APPEAL
    held = held_by(dispute.deadlines, event) if first else ()
    pause = Pause(cause=APPEAL, held=held, since=event.since)
    return {
        "phase": Phase.APPEAL,
        "before": dispute.phase if first else dispute.before,
        "pauses": (*dispute.pauses, pause) if first else dispute.pauses,
        "appealed": (*dispute.appealed, event.by),
    }


def _back(dispute: Dispute) -> dict[str, Any]:
    """Let the case go on where the appeal found it."""
    return {
        "phase": dispute.before or Phase.PERFORMING,
        "before": None,
        "pauses": tuple(one for one in dispute.pauses if one.cause != APPEAL),
    }


def _decided(dispute: Dispute, event: AppealDecided) -> dict[str, Any]:
    back = _back(dispute) | {"appeal_over": True}
    if event.result is AppealResult.UPHELD or dispute.refused:
        return back
    return back | {
        "phase": Phase.PERFORMING,
        "outcome": None,
        "granted": event.remedies,
        "duties": tuple(Duty(owed=owed) for owed in event.obligations),
        "enforcements": (),
    }
