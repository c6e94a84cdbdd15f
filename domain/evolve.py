"""From facts to state: what each event changes in a dispute."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, assert_never

from msgspec.structs import replace

from domain.deadlines import Awaited, Deadline
from domain.dispute import Dispute, Duty, Exhibit, Offer, Phase
from domain.endings import missed_after, still_open
from domain.events import (
    Admitted,
    Closed,
    DeadlineMissed,
    DisputeEvent,
    Escalated,
    EvidenceClosed,
    EvidenceSubmitted,
    Filed,
    Fulfilled,
    MediatorAssigned,
    NoticeServed,
    ObligationConfirmed,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    Refused,
    Ruled,
    SellerResponded,
    Withdrawn,
)
from domain.notices import Notice, called_for
from domain.outcomes import NoticeKind
from domain.roles import Party
from domain.terms import Obligation, Terms


def evolve(dispute: Dispute, event: DisputeEvent) -> Dispute:
    """Apply one recorded fact. Never validates, never fails, never asks the time."""
    started: tuple[Deadline, ...] = getattr(event, "deadlines", ())
    return replace(
        dispute,
        deadlines=(*still_open(dispute.deadlines, event), *started),
        missed=missed_after(dispute, event),
        notices=_unserved(dispute, event),
        **_changes(dispute, event),
    )


def fold(events: Iterable[DisputeEvent], start: Dispute | None = None) -> Dispute:
    """Apply facts in order."""
    return reduce(evolve, events, start or Dispute())


def _changes(dispute: Dispute, event: DisputeEvent) -> dict[str, Any]:
    match event:
        case Filed():
            return _filed(event)
        case Admitted():
            return {"phase": Phase.AWAITING_RESPONSE}
        case Refused() | Withdrawn():
            return {}
        case NoticeServed():
            first = event.notice is NoticeKind.ADMISSION
            known_now = first and dispute.phase is Phase.FILED
            return {"phase": Phase.AWAITING_RESPONSE} if known_now else {}
        case SellerResponded():
            return _responded(dispute, event)
        case OfferMade():
            return _offered(dispute, event)
        case OfferAccepted():
            return _settled(event.obligations, event.terms)
        case OfferDeclined():
            return {"offers": _offers_without(dispute, event.number)}
        case Escalated():
            return _escalated()
        case EvidenceSubmitted(number=number, by=by, sha256=sha256):
            exhibit = Exhibit(number=number, by=by, sha256=sha256)
            return {"exhibits": (*dispute.exhibits, exhibit)}
        case EvidenceClosed():
            return _evidence_closed(dispute, event.party)
        case MediatorAssigned():
            return {"assignee": event.mediator}
        case Ruled():
            return _ruled(event)
        case Fulfilled():
            return {"duties": _duties_with(dispute, event.obligation, reported=True)}
        case ObligationConfirmed():
            return {"duties": _duties_with(dispute, event.obligation, confirmed=True)}
        case DeadlineMissed():
            return _silent(dispute, event)
        case Closed():
            return {"phase": Phase.CLOSED, "offers": ()}
        case _:
            assert_never(event)


def _filed(event: Filed) -> dict[str, Any]:
    return {
        "phase": Phase.FILED,
        "platform": event.platform,
        "policy": event.policy,
        "buyer": event.buyer,
        "seller": event.seller,
        "category": event.category,
        "reason": event.reason,
        "claim": event.claim,
        "paid": event.paid,
    }


def _unserved(dispute: Dispute, event: DisputeEvent) -> tuple[Notice, ...]:
    if isinstance(event, NoticeServed):
        served = Notice(kind=event.notice, party=event.party)
        return tuple(notice for notice in dispute.notices if notice != served)
    return (*dispute.notices, *called_for(event))


def _responded(dispute: Dispute, event: SellerResponded) -> dict[str, Any]:
    if event.obligations and dispute.claim is not None:
        return _settled(event.obligations, dispute.claim)
    return {"phase": Phase.NEGOTIATING}


def _offered(dispute: Dispute, event: OfferMade) -> dict[str, Any]:
    """Add an offer; it takes the place of the same party's earlier one."""
    offer = Offer(number=event.number, by=event.by, terms=event.terms)
    others = tuple(one for one in dispute.offers if one.by is not event.by)
    return {"offers": (*others, offer), "offers_made": event.number}


def _offers_without(dispute: Dispute, number: int | None) -> tuple[Offer, ...]:
    return tuple(offer for offer in dispute.offers if offer.number != number)


def _settled(obligations: tuple[Obligation, ...], terms: Terms) -> dict[str, Any]:
    return {
        "phase": Phase.PERFORMING,
        "settled": True,
        "granted": (terms,),
        "duties": tuple(Duty(owed=owed) for owed in obligations),
        "offers": (),
    }


def _escalated() -> dict[str, Any]:
    return {
        "phase": Phase.EVIDENCE,
        "offers": (),
        "settled": False,
        "granted": (),
        "duties": (),
    }


def _evidence_closed(dispute: Dispute, party: Party) -> dict[str, Any]:
    over = (*dispute.evidence_over, party)
    both = {Party.BUYER, Party.SELLER} <= set(over)
    return {"evidence_over": over, "phase": Phase.RULING if both else dispute.phase}


def _ruled(event: Ruled) -> dict[str, Any]:
    return {
        "phase": Phase.PERFORMING,
        "granted": event.remedies if event.obligations else (),
        "duties": tuple(Duty(owed=owed) for owed in event.obligations),
    }


def _duties_with(dispute: Dispute, number: int, **how_far: bool) -> tuple[Duty, ...]:
    return tuple(
        replace(duty, **how_far) if duty.owed.number == number else duty
        for duty in dispute.duties
    )


def _silent(dispute: Dispute, event: DeadlineMissed) -> dict[str, Any]:
    match event.awaited:
        case Awaited.RESPONSE:
            return {"phase": Phase.UNANSWERED}
        case Awaited.OFFER_ANSWER:
            return {"offers": _offers_without(dispute, event.item)}
        case _:
            return {}
