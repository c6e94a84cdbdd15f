"""What filing, admission and refusal change."""

from __future__ import annotations

from typing import Any, assert_never

from domain.dispute import Dispute, Phase
from domain.events.any import FilingEvent
from domain.events.filing import (
    Admitted,
    Filed,
    MediatorAssigned,
    MediatorRecused,
    ReferredToAuthority,
    Refused,
    Withdrawn,
)


def changes(dispute: Dispute, event: FilingEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Filed():
            return _filed(event)
        case Admitted():
            return {
                "phase": Phase.AWAITING_RESPONSE,
                "outcome": None,
                "refused": False,
            }
        case Refused(decided_by=by):
            return {"refused": True, "decided_by": (by,) if by else ()}
        case Withdrawn() | ReferredToAuthority():
            return {}
        case MediatorAssigned(mediator=mediator):
            return {"assignee": mediator}
        case MediatorRecused(mediator=mediator):
            still = None if dispute.assignee == mediator else dispute.assignee
            theirs = dispute.draft is not None and dispute.draft.by == mediator
            return {
                "recused": (*dispute.recused, mediator),
                "assignee": still,
                "draft": None if theirs else dispute.draft,
            }
        case _:
            assert_never(event)


def _filed(event: Filed) -> dict[str, Any]:
    return {
        "phase": Phase.FILED,
        "platform": event.platform,
        "policy": event.policy,
        "number": event.number,
        "buyer": event.buyer,
        "seller": event.seller,
        "category": event.category,
        "reason": event.reason,
        "claim": event.claim,
        "paid": event.paid,
    }
