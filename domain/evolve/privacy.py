"""What legal holds, restriction and erasure change."""

from __future__ import annotations

from typing import Any, assert_never

from domain.dispute import Dispute, Hold
from domain.events.any import PrivacyEvent
from domain.events.privacy import (
    LegalHoldLifted,
    LegalHoldPlaced,
    Restricted,
    RestrictionLifted,
    SubjectErased,
)


def changes(dispute: Dispute, event: PrivacyEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case LegalHoldPlaced(number=number, by=by, basis=basis):
            hold = Hold(number=number, by=by, basis=basis)
            return {"holds": (*dispute.holds, hold), "holds_placed": number}
        case LegalHoldLifted(number=number):
            left = (one for one in dispute.holds if one.number != number)
            return {"holds": tuple(left)}
        case Restricted(party=party):
            return {"restricted": (*dispute.restricted, party)}
        case RestrictionLifted(party=party):
            left_in = (one for one in dispute.restricted if one is not party)
            return {"restricted": tuple(left_in)}
        case SubjectErased(party=party):
            return {"erased": (*dispute.erased, party)}
        case _:
            assert_never(event)
