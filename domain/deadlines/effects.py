"""Which events end which deadlines, and what stays awaited though missed."""

from __future__ import annotations

from msgspec.structs import replace

from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused, AppealResult
from domain.case.dispute import Dispute, Pause
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited, Deadline, Key
from domain.deadlines.events import (
    ClocksPaused,
    ClocksResumed,
    DeadlineExtended,
    DeadlineMissed,
)
from domain.deadlines.table import DEADLINES
from domain.enforcement.events import EnforcementExecuted, EnforcementFailed
from domain.escalation.events import Escalated
from domain.evidence.events import EvidenceClosed, EvidenceRequested
from domain.filing.events import Withdrawn
from domain.inquiries.events import InquiryAnswered
from domain.negotiation.events import (
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import (
    Closed,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionLifted, SanctionPublished
from domain.suspension.events import Resumed, Suspended, SuspensionProved

PERFORMING = frozenset({Awaited.PERFORMANCE, Awaited.VOLUNTARY, Awaited.ENFORCEMENT})
SUSPENDING = frozenset(
    {Awaited.SUSPENSION, Awaited.SUSPENSION_PROOF, Awaited.SUSPENSION_REVIEW}
)
APPEALS = frozenset({Awaited.APPEAL, Awaited.APPEAL_DECISION})
Pausing = ClocksPaused | Suspended | AppealFiled


def still_open(
    deadlines: tuple[Deadline, ...], event: DisputeEvent
) -> tuple[Deadline, ...]:
    """Return the deadlines that an event leaves running."""
    return tuple(deadline for deadline in deadlines if not ends(event, deadline.key))


def held_by(deadlines: tuple[Deadline, ...], event: Pausing) -> tuple[Deadline, ...]:
    """Return the deadlines that stand still because of an event.

    The right to appeal is used up by the appeal; it does not stand still.
    """
    used = {Awaited.APPEAL} if isinstance(event, AppealFiled) else set()
    return tuple(
        deadline
        for deadline in deadlines
        if ends(event, deadline.key) and deadline.awaited not in used
    )


def held_after(pauses: tuple[Pause, ...], event: DisputeEvent) -> tuple[Pause, ...]:
    """End what stands still and is without object now: it will not come back."""
    if isinstance(event, Pausing):
        return pauses
    return tuple(replace(one, held=still_open(one.held, event)) for one in pauses)


def missed_after(dispute: Dispute, event: DisputeEvent) -> tuple[Deadline, ...]:
    """Keep what was missed and is still awaited: lateness stays visible."""
    if isinstance(event, DeadlineMissed):
        now_missed = tuple(
            deadline
            for deadline in dispute.deadlines
            if ends(event, deadline.key) and DEADLINES[deadline.awaited].still_awaited
        )
        return (*dispute.missed, *now_missed)
    if isinstance(event, Pausing):
        return dispute.missed
    return still_open(dispute.missed, event)


def ends(event: DisputeEvent, key: Key) -> bool:
    """Tell whether an event ends a deadline: met, missed, held or without object."""
    awaited, party, item = key
    match event:
        case DeadlineMissed() | DeadlineExtended():
            return key == (event.awaited, event.party, event.item)
        case Admitted() | Refused():
            return awaited is Awaited.ADMISSION
        case SellerResponded():
            return awaited in {Awaited.RESPONSE, Awaited.ESCALATION}
        case (
            OfferMade(replaces=number)
            | OfferLapsed(number=number)
            | OfferDeclined(number=number)
        ):
            return awaited is Awaited.OFFER_ANSWER and item == number
        case OfferAccepted(settles=False, by=by, number=number):
            return key == (Awaited.OFFER_ANSWER, by, number)
        case EvidenceRequested(party=side):
            return awaited is Awaited.RULING or key[:2] == (Awaited.EVIDENCE, side)
        case EvidenceClosed(party=side):
            return awaited is Awaited.EVIDENCE and party is side
        case InquiryAnswered(number=number):
            return awaited is Awaited.INQUIRY and item == number
        case ClocksResumed(item=number):
            return awaited is Awaited.INSPECTION and item == number
        case Resumed():
            return awaited in SUSPENDING
        case AppealFiled(by=by):
            if awaited in APPEALS:
                return key[:2] == (Awaited.APPEAL, by)
            return not DEADLINES[awaited].unstopped
        case AppealRefused() | AppealDecided(result=AppealResult.UPHELD):
            return awaited is Awaited.APPEAL_DECISION
        case AppealDecided():
            return awaited is not Awaited.PUBLICATION
        case SanctionPublished(number=number) | SanctionLifted(number=number):
            return awaited is Awaited.PUBLICATION and item == number
        case _:
            return _ends_duty(event, key)


def _ends_duty(event: DisputeEvent, key: Key) -> bool:
    awaited, _, item = key
    match event:
        case SuspensionProved():
            return awaited is Awaited.SUSPENSION_PROOF
        case Fulfilled(obligation=number):
            return awaited in PERFORMING and item == number
        case FulfilmentContested(obligation=number):
            return awaited is Awaited.CONFIRMATION and item == number
        case ObligationConfirmed(obligation=number):
            return awaited in PERFORMING | {Awaited.CONFIRMATION} and item == number
        case EnforcementExecuted(obligation=number, discharges=True):
            return awaited in PERFORMING and item == number
        case EnforcementFailed(obligation=number, final=True):
            return awaited in PERFORMING and item == number
        case OfferAccepted() | Escalated() | Ruled() | HumanReviewRequested():
            return awaited is not Awaited.PUBLICATION
        case Suspended() | ReferredToAuthority():
            return awaited is not Awaited.PUBLICATION
        case Withdrawn() | Closed() | ClocksPaused():
            return not DEADLINES[awaited].unstopped
        case _:
            return False
