"""Filing and withdrawal (4.1): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Phase
from domain.filing.events import Filed, FilingEvent, Withdrawn


def changes(_: Dispute, event: FilingEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Filed():
            return _filed(event)
        case Withdrawn():
            return {}
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
