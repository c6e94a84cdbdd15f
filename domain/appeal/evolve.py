"""The appeal (4.4, +): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.appeal.events import (
    AppealDecided,
    AppealEvent,
    AppealFiled,
    AppealRefused,
    AppealResult,
)
from domain.case.dispute import Dispute, Pause, Phase
from domain.deadlines.effects import held_by
from domain.performance.duties import new_duties
from domain.roles import Party

APPEAL = "appeal"


def changes(dispute: Dispute, event: AppealEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case AppealFiled():
            return _appealed(dispute, event)
        case AppealRefused(by=by):
            return _refused(dispute, by)
        case AppealDecided():
            return _decided(dispute, event)
        case _:
            assert_never(event)


def _appealed(dispute: Dispute, event: AppealFiled) -> dict[str, Any]:
    # The second appeal finds everything standing still and keeps where it came from.
    first = dispute.phase is not Phase.APPEAL
    held = held_by(dispute.deadlines, event) if first else ()
    pause = Pause(cause=APPEAL, held=held, since=event.since)
    return {
        "phase": Phase.APPEAL,
        "before": dispute.phase if first else dispute.before,
        "pauses": (*dispute.pauses, pause) if first else dispute.pauses,
        "appealed": (*dispute.appealed, event.by),
        "appealing": (*dispute.appealing, event.by),
    }


def _refused(dispute: Dispute, by: Party) -> dict[str, Any]:
    """Return to where the case was, unless the other side's appeal is still open."""
    appealing = tuple(one for one in dispute.appealing if one is not by)
    return {"appealing": appealing} | ({} if appealing else _before_appeal(dispute))


def _before_appeal(dispute: Dispute) -> dict[str, Any]:
    """Return the case to where the appeal found it."""
    return {
        "phase": dispute.before or Phase.PERFORMING,
        "before": None,
        "pauses": tuple(one for one in dispute.pauses if one.cause != APPEAL),
    }


def _decided(dispute: Dispute, event: AppealDecided) -> dict[str, Any]:
    back = _before_appeal(dispute) | {"appealing": ()}
    if event.result is AppealResult.UPHELD:
        return back
    # 4.4: a decision on appeal is final: nobody appeals against the changed decision.
    back["appeal_over"] = True
    # Except of a refusal: the case is only taken now, so its ruling can be appealed by
    # both sides, and the person who refused it may decide about that.
    if dispute.refused:
        return back | {"appeal_over": False, "appealed": (), "decided_by": ()}
    return (
        back
        | new_duties(dispute, event.obligations)
        | {
            "phase": Phase.PERFORMING,
            "outcome": None,
            "granted": event.remedies,
        }
    )
