"""Whose personal data a fact holds: under that party's key it is sealed."""

from __future__ import annotations

from domain.events.any import DisputeEvent
from domain.events.clocks import Suspended, SuspensionProved
from domain.events.investigation import Escalated, EvidenceSubmitted
from domain.events.negotiation import (
    MessagePosted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.events.performance import Fulfilled, FulfilmentContested
from domain.events.ruling import AppealFiled, HumanReviewRequested
from domain.roles import Party


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
