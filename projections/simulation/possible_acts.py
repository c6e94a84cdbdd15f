"""Which recorded acts are still possible where a draft has led a case elsewhere."""

from __future__ import annotations

from application.record.envelope import Recorded, topic
from domain.appeal.events import AppealFiled
from domain.case.dispute import Dispute
from domain.case.event_order import EVENT_ORDER
from domain.case.events import DisputeEvent
from domain.case.lifecycle import EXAMINING, PARTIES
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineExtended
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.evidence.events import (
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceSubmitted,
)
from domain.inquiries.events import InquiryAnswered
from domain.negotiation.events import OfferAccepted, OfferDeclined
from domain.notices.events import NoticeServed
from domain.notices.notice import Notice
from domain.performance.events import (
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.sanctions.events import SanctionLifted, SanctionPublished


def is_possible(recorded: Recorded, dispute: Dispute) -> bool:
    """Tell whether the rules would still take an act as it was recorded.

    It asks for the phase and for what silence may have ended: offers, rights, dates.
    """
    event = recorded.event
    if dispute.phase not in EVENT_ORDER[topic(event)].phases:
        return False
    return _is_open(event, dispute) and _is_in_time(recorded, dispute)


def _is_open(event: DisputeEvent, dispute: Dispute) -> bool:
    """Tell whether what an act is about is there, and still waits for it."""
    match event:
        case NoticeServed(notice=kind, party=party):
            notice = Notice(kind=kind, party=party)
            # A second channel is served after the first, when nothing waits any more.
            served = {one for one, _ in dispute.served}
            return notice in {*dispute.notices, *served}
        case OfferAccepted(number=number) | OfferDeclined(number=number):
            return any(one.number == number for one in dispute.offers)
        case EvidenceAssessed(number=number) | EvidenceHandedIn(number=number):
            return any(one.number == number for one in dispute.exhibits)
        case InquiryAnswered(number=number):
            return any(one.number == number for one in dispute.inquiries)
        case EnforcementExecuted(number=number) | EnforcementFailed(number=number):
            return any(
                one.number == number and one.pending for one in dispute.enforcements
            )
        case SanctionPublished(number=number) | SanctionLifted(number=number):
            return any(one.number == number for one in dispute.sanctions)
        case (
            Fulfilled(obligation=number)
            | FulfilmentContested(obligation=number)
            | ObligationConfirmed(obligation=number)
            | EnforcementOrdered(obligation=number)
        ):
            return any(
                one.owed.number == number and not one.is_over for one in dispute.duties
            )
        case _:
            return True


def _is_in_time(recorded: Recorded, dispute: Dispute) -> bool:
    """Tell whether an act uses a right that still runs, or none that could end."""
    match recorded.event:
        case AppealFiled(by=by):
            return any(
                (one.awaited, one.party) == (Awaited.APPEAL, by)
                for one in dispute.deadlines
            )
        case DeadlineExtended(awaited=awaited, party=party, item=item):
            key = awaited, party, item
            return any(one.key == key for one in dispute.deadlines)
        case EvidenceSubmitted(by=by) | EvidenceHandedIn(by=by):
            # The platform's client reports logistics until the ruling.
            is_over = by in dispute.evidence_over and dispute.phase in EXAMINING
            return not (is_over and recorded.actor.role in PARTIES)
        case _:
            return True
