"""The ruling, and its review by a human (4.3.4): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Phase
from domain.performance.duties import new_duties
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted, RulingEvent


def changes(dispute: Dispute, event: RulingEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case RulingDrafted():
            return {"draft": event}
        case Ruled():
            return _ruled(dispute, event)
        case HumanReviewRequested():
            return _reviewed(dispute)
        case _:
            assert_never(event)


def _ruled(dispute: Dispute, event: Ruled) -> dict[str, Any]:
    # Neither of the two may decide an appeal.
    deciders = (event.decided_by, event.approved_by)
    return new_duties(dispute, event.obligations) | {
        "phase": Phase.PERFORMING,
        "granted": event.remedies,
        "offers": (),
        "draft": None,
        "pauses": (),
        "decided_by": tuple(one for one in deciders if one),
        "automation": event.automation,
    }


def _reviewed(dispute: Dispute) -> dict[str, Any]:
    return new_duties(dispute, ()) | {
        "phase": Phase.RULING,
        "granted": (),
        "outcome": None,
    }
