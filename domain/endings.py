"""Which facts end which deadlines, and what stays awaited though missed."""

from __future__ import annotations

from domain.deadlines import STILL_AWAITED, Awaited, Deadline
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
    return tuple(deadline for deadline in deadlines if not ends(event, deadline))


def missed_after(dispute: Dispute, event: DisputeEvent) -> tuple[Deadline, ...]:
    """Keep what was missed and is still awaited: lateness stays visible."""
    if isinstance(event, DeadlineMissed):
        now_missed = tuple(
            deadline
            for deadline in dispute.deadlines
            if ends(event, deadline) and deadline.awaited in STILL_AWAITED
        )
        return (*dispute.missed, *now_missed)
    return still_open(dispute.missed, event)


def ends(event: DisputeEvent, deadline: Deadline) -> bool:
    """Tell whether a fact ends a deadline: met, missed or without object now."""
    awaited = deadline.awaited
    match event:
        case DeadlineMissed():
            return deadline.key == (event.awaited, event.party, event.item)
        case Admitted() | Refused():
            return awaited is Awaited.ADMISSION
        case SellerResponded():
            return awaited in {Awaited.RESPONSE, Awaited.ESCALATION}
        case OfferMade():
            return _replaces(event, deadline)
        case OfferDeclined():
            return awaited is Awaited.OFFER_ANSWER and deadline.item == event.number
        case OfferAccepted() | Escalated():
            return True
        case EvidenceClosed():
            return awaited is Awaited.EVIDENCE and deadline.party is event.party
        case Ruled():
            return awaited is Awaited.RULING
        case Fulfilled():
            return awaited is Awaited.PERFORMANCE and deadline.item == event.obligation
        case ObligationConfirmed():
            return awaited is Awaited.CONFIRMATION and deadline.item == event.obligation
        case Withdrawn() | Closed():
            return True
        case _:
            return False


def _replaces(event: OfferMade, deadline: Deadline) -> bool:
    """Tell whether the offer takes the place of the one awaiting this answer."""
    return deadline.awaited is Awaited.OFFER_ANSWER and deadline.party is not event.by
