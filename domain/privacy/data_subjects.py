"""Whose personal data an event holds: under that party's key it is sealed."""

from __future__ import annotations

from domain.appeal.events import AppealFiled
from domain.case.events import DisputeEvent
from domain.escalation.events import Escalated
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.events import (
    MessagePosted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import Fulfilled, FulfilmentContested
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested
from domain.suspension.events import Suspended, SuspensionProved


def data_subject(event: DisputeEvent) -> Party:
    """Return the party whose words or data the personal texts of an event are.

    What the platform writes about a case (refusal, findings) concerns the buyer.
    """
    match event:
        case SellerResponded():
            return Party.SELLER
        case (
            MessagePosted(by=by)
            | OfferMade(by=by)
            | OfferDeclined(by=by)
            | Escalated(by=by)
            | EvidenceSubmitted(by=by)
            | Fulfilled(by=by)
            | FulfilmentContested(by=by)
            | HumanReviewRequested(by=by)
            | AppealFiled(by=by)
            | Suspended(by=by)
            | SuspensionProved(by=by)
        ):
            return Party.SELLER if by is Party.SELLER else Party.BUYER
        case _:
            return Party.BUYER
