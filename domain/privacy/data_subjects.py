"""Whose personal data an event holds: the party under whose key it is sealed."""

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
from domain.notices.events import ContactStated
from domain.performance.events import Fulfilled, FulfilmentContested
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested
from domain.suspension.events import Suspended, SuspensionProved


def data_subject(event: DisputeEvent) -> Party:
    """Return the party whose words or data the personal texts of an event are."""
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
            | ContactStated(party=by)
        ):
            return Party.SELLER if by is Party.SELLER else Party.BUYER
        # What the platform writes in a case, such as a refusal or findings, is about
        # the buyer, whose erasure has to reach it.
        case _:
            return Party.BUYER
