"""Which facts end which deadlines, and what stays awaited though missed."""

from __future__ import annotations

from domain.deadlines import STILL_AWAITED, Awaited, Deadline, Key
from domain.dispute import Dispute
from domain.events import (
    Admitted,
    Closed,
    DeadlineMissed,
    DisputeEvent,
    Escalated,
    EvidenceClosed,
    Fulfilled,
    ObligationConfirmed,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    Refused,
    Ruled,
    SellerResponded,
    Withdrawn,
)


def still_open(
    deadlines: tuple[Deadline, ...], event: DisputeEvent
) -> tuple[Deadline, ...]:
    """Return the deadlines that a fact leaves running."""
    return tuple(deadline for deadline in deadlines if not ends(event, deadline.key))


def missed_after(dispute: Dispute, event: DisputeEvent) -> tuple[Deadline, ...]:
    """Keep what was missed and is still awaited: lateness stays visible."""
    if isinstance(event, DeadlineMissed):
        now_missed = tuple(
            deadline
            for deadline in dispute.deadlines
            if ends(event, deadline.key) and deadline.awaited in STILL_AWAITED
        )
        return (*dispute.missed, *now_missed)
    return still_open(dispute.missed, event)


def ends(event: DisputeEvent, key: Key) -> bool:
    """Tell whether a fact ends a deadline: met, missed or without object now."""
    awaited, party, item = key
    match event:
        case DeadlineMissed():
            return key == (event.awaited, event.party, event.item)
        case Admitted() | Refused():
            return awaited is Awaited.ADMISSION
        case SellerResponded():
            return awaited in {Awaited.RESPONSE, Awaited.ESCALATION}
        case OfferMade(by=by):
            # It takes the place of the same side's last offer, awaiting the other.
            return awaited is Awaited.OFFER_ANSWER and party is not by
        case OfferDeclined(number=number):
            return awaited is Awaited.OFFER_ANSWER and item == number
        case OfferAccepted() | Escalated():
            return True
        case EvidenceClosed(party=side):
            return awaited is Awaited.EVIDENCE and party is side
        case Ruled():
            return awaited is Awaited.RULING
        case Fulfilled(obligation=number):
            return awaited is Awaited.PERFORMANCE and item == number
        case ObligationConfirmed(obligation=number):
            return awaited is Awaited.CONFIRMATION and item == number
        case Withdrawn() | Closed():
            return True
        case _:
            return False
