"""Admission, refusal and referral (3.1, 3.2): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.admission.events import (
    AdmissionEvent,
    Admitted,
    ReferredToAuthority,
    Refused,
)
from domain.case.dispute import Dispute, Phase


def changes(_: Dispute, event: AdmissionEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        # Also after an appeal against the refusal, which had closed the case.
        case Admitted():
            return {
                "phase": Phase.AWAITING_RESPONSE,
                "outcome": None,
                "refused": False,
            }
        case Refused(decided_by=by):
            return {"refused": True, "decided_by": (by,) if by else ()}
        # `Closed` follows in the same decision and says the outcome.
        case ReferredToAuthority():
            return {}
        case _:
            assert_never(event)
