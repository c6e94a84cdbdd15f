"""What the buyer of a case has been paid, and what is still owed to them."""

from __future__ import annotations

from typing import Any

from domain.appeal.events import AppealDecided
from domain.case.dispute import Dispute
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.events import EnforcementExecuted, EnforcementFailed
from domain.enforcement.money_movements import PAYING, left_of
from domain.escalation.events import Escalated
from domain.negotiation.events import OfferAccepted, SellerResponded
from domain.performance.events import ObligationConfirmed
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled
from projections.placed_events import Placed

MOVING = (
    *(SellerResponded, OfferAccepted, Ruled, AppealDecided),
    *(ObligationConfirmed, EnforcementExecuted, EnforcementFailed),
    *(Escalated, HumanReviewRequested),
)
"""The events after which something else is owed, or has been paid.

An agreement that failed and a ruling that is reviewed are owed no more.
"""


def money(placed: Placed) -> dict[str, Any]:
    """Return what an event changes, from the state of the case after it."""
    if not isinstance(placed.recorded.event, MOVING):
        return {}
    # Duties know what an execution has paid in part, which no event says.
    dispute = placed.after.dispute
    return {
        "paid": max(0, balance(dispute.postings, Account.BUYER)),
        "unpaid": _unpaid(dispute),
    }


def _unpaid(dispute: Dispute) -> int:
    return sum(
        left_of(duty.owed, duty.paid)
        for duty in dispute.duties
        if duty.owed.debtor is Party.SELLER and duty.owed.duty in PAYING
        # What failed is given up here, and owed all the same.
        if not duty.confirmed and not duty.enforced
    )
