"""Which recorded acts are still possible where a draft has led a case elsewhere."""

from __future__ import annotations

from application.record.envelope import Recorded, topic
from domain.appeal.events import AppealFiled
from domain.case.dispute import Dispute
from domain.case.event_order import EVENT_ORDER
from domain.case.lifecycle import EXAMINING, PARTIES
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineExtended
from domain.evidence.events import EvidenceHandedIn, EvidenceSubmitted
from domain.negotiation.events import OfferAccepted, OfferDeclined
from domain.performance.events import (
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)


def is_possible(recorded: Recorded, dispute: Dispute) -> bool:
    """Tell whether the rules would still take an act as it was recorded.

    It asks for the phase and for what silence may have ended: offers, rights, dates.
    """
    event = recorded.event
    if dispute.phase not in EVENT_ORDER[topic(event)].phases:
        return False
    match event:
        case OfferAccepted(number=number) | OfferDeclined(number=number):
            return any(one.number == number for one in dispute.offers)
        case AppealFiled(by=by):
            return any(
                (one.awaited, one.party) == (Awaited.APPEAL, by)
                for one in dispute.deadlines
            )
        case DeadlineExtended(awaited=awaited, party=party, item=item):
            key = awaited, party, item
            return any(one.key == key for one in dispute.deadlines)
        case EvidenceSubmitted(by=by) | EvidenceHandedIn(by=by):
            is_over = by in dispute.evidence_over and dispute.phase in EXAMINING
            return not (is_over and recorded.actor.role in PARTIES)
        case (
            Fulfilled(obligation=number)
            | FulfilmentContested(obligation=number)
            | ObligationConfirmed(obligation=number)
        ):
            return not any(
                one.owed.number == number and one.is_over for one in dispute.duties
            )
        case _:
            return True
