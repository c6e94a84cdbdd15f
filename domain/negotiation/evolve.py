"""What answers, messages and offers change."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Offer, Phase
from domain.negotiation.events import (
    MessagePosted,
    NegotiationEvent,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    SellerResponded,
)
from domain.performance.duties import new_duties
from domain.terms import Obligation, Terms


def changes(dispute: Dispute, event: NegotiationEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case SellerResponded():
            return _responded(dispute, event)
        case MessagePosted(number=number):
            return {"messages": number}
        case OfferMade():
            return _offered(dispute, event)
        case OfferAccepted(settles=True):
            return settled(dispute, event.obligations, event.terms)
        case OfferAccepted():
            return {"offers": _agreed_by_one(dispute, event)}
        case OfferDeclined(number=number) | OfferLapsed(number=number):
            return {"offers": _without(dispute, number)}
        case _:
            assert_never(event)


def settled(
    dispute: Dispute, obligations: tuple[Obligation, ...], terms: Terms
) -> dict[str, Any]:
    """Return what an agreement changes: from now on it is to be performed."""
    return new_duties(dispute, obligations) | {
        "phase": Phase.PERFORMING,
        "settled": True,
        "granted": (terms,),
        "offers": (),
        "pauses": (),
        "pause_asked": (),
        "suspended": None,
        "before": None,
        "draft": None,
    }


def _responded(dispute: Dispute, event: SellerResponded) -> dict[str, Any]:
    if event.obligations and dispute.claim is not None:
        return settled(dispute, event.obligations, dispute.claim)
    return {"phase": Phase.NEGOTIATING}


def _offered(dispute: Dispute, event: OfferMade) -> dict[str, Any]:
    """Add an offer; it takes the place of the same side's earlier one."""
    offer = Offer(number=event.number, by=event.by, terms=event.terms)
    others = tuple(one for one in dispute.offers if one.by is not event.by)
    return {"offers": (*others, offer), "offers_made": event.number}


def _agreed_by_one(dispute: Dispute, event: OfferAccepted) -> tuple[Offer, ...]:
    return tuple(
        replace(one, accepted_by=(*one.accepted_by, event.by))
        if one.number == event.number
        else one
        for one in dispute.offers
    )


def _without(dispute: Dispute, number: int) -> tuple[Offer, ...]:
    return tuple(offer for offer in dispute.offers if offer.number != number)
