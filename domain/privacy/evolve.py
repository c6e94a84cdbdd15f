"""What legal holds, restriction and erasure change."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Hold
from domain.privacy.events import (
    LegalHoldLifted,
    LegalHoldPlaced,
    PrivacyEvent,
    Restricted,
    RestrictionLifted,
    SubjectErased,
)
from domain.roles import Party


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
            return {"restricted": _without(dispute, party)}
        case SubjectErased(party=party):
            erased = (*dispute.erased, party)
            return {"erased": erased, "restricted": _without(dispute, party)}
        case _:
            assert_never(event)


def _without(dispute: Dispute, party: Party) -> tuple[Party, ...]:
    return tuple(one for one in dispute.restricted if one is not party)
