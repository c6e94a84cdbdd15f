"""Which events end which deadlines, and what stays awaited after it was missed."""

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
from domain.imports.events import ImportWithdrawn
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
    """Return the deadlines that stand still because of an event."""
    # The appeal uses up its party's right to appeal, so that one does not come back.
    used = {Awaited.APPEAL} if isinstance(event, AppealFiled) else set()
    return tuple(
        deadline
        for deadline in deadlines
        if ends(event, deadline.key) and deadline.awaited not in used
    )


def held_after(pauses: tuple[Pause, ...], event: DisputeEvent) -> tuple[Pause, ...]:
    """Drop from the pauses what is without object now: it will not come back.

    An offer that was answered during a pause must not lapse after it.
    """
    # `ends` says of an event that pauses which running deadlines it holds. What an
    # earlier pause holds already, such as an inspection's in a suspension, stays held.
    if isinstance(event, Pausing):
        return pauses
    return tuple(replace(one, held=still_open(one.held, event)) for one in pauses)


def missed_after(dispute: Dispute, event: DisputeEvent) -> tuple[Deadline, ...]:
    """Return what was missed and is still awaited, so that lateness stays visible."""
    if isinstance(event, DeadlineMissed):
        now_missed = tuple(
            deadline
            for deadline in dispute.deadlines
            if ends(event, deadline.key) and DEADLINES[deadline.awaited].still_awaited
        )
        return (*dispute.missed, *now_missed)
    # A pause holds what runs. What is late already stays late, and is still to be done.
    if isinstance(event, Pausing):
        return dispute.missed
    return still_open(dispute.missed, event)


def ends(event: DisputeEvent, key: Key) -> bool:
    """Tell whether an event ends a deadline: met, missed, held or without object."""
    awaited, party, item = key
    match event:
        # An extension starts the deadline again under the same key, with its new end.
        case DeadlineMissed() | DeadlineExtended():
            return key == (event.awaited, event.party, event.item)
        # 3.1, 3.2: to refuse the case is an answer in time as much as to take it.
        case Admitted() | Refused():
            return awaited is Awaited.ADMISSION
        # 4.1.3: a late answer opens negotiation, so the buyer's time to escalate for
        # silence is without object.
        case SellerResponded():
            return awaited in {Awaited.RESPONSE, Awaited.ESCALATION}
        # 4.2: of any party. What the platform proposes is gone for both parties once
        # one of them declines it, and a new offer takes the place of its side's last.
        case (
            OfferMade(replaces=number)
            | OfferLapsed(number=number)
            | OfferDeclined(number=number)
        ):
            return awaited is Awaited.OFFER_ANSWER and item == number
        # 4.2: both confirm. One has agreed to a proposal; the other's time runs on.
        case OfferAccepted(settles=False, by=by, number=number):
            return key == (Awaited.OFFER_ANSWER, by, number)
        # 4.3.2: nobody can rule while evidence is due; the time to rule starts again
        # when it closes. The side that is asked gets a new date in place of the old.
        case EvidenceRequested(party=side):
            return awaited is Awaited.RULING or key[:2] == (Awaited.EVIDENCE, side)
        case EvidenceClosed(party=side):
            return awaited is Awaited.EVIDENCE and party is side
        case InquiryAnswered(number=number):
            return awaited is Awaited.INQUIRY and item == number
        # 4.3.3: the cap on an inspection's pause is needed no longer.
        case ClocksResumed(item=number):
            return awaited is Awaited.INSPECTION and item == number
        case _:
            return _ends_after_decision(event, key)


def _ends_after_decision(event: DisputeEvent, key: Key) -> bool:
    """Tell the same of performance, enforcement, appeals and sanctions."""
    awaited, _, item = key
    match event:
        # 4.4.2: the debtor has done it; from now on the creditor has to confirm.
        case Fulfilled(obligation=number):
            return awaited in PERFORMING and item == number
        # 4.4.2: either answer of the creditor ends the time to answer.
        case FulfilmentContested(obligation=number):
            return awaited is Awaited.CONFIRMATION and item == number
        case ObligationConfirmed(obligation=number):
            return awaited in PERFORMING | {Awaited.CONFIRMATION} and item == number
        # 4.4.3: after a part was executed the rest is still due, and after a failure
        # another method may be tried, unless it was final.
        case EnforcementExecuted(obligation=number, discharges=True):
            return awaited in PERFORMING and item == number
        case EnforcementFailed(obligation=number, final=True):
            return awaited in PERFORMING and item == number
        # 4.4: each side may appeal once, so an appeal uses up one side's right alone.
        # A second appeal joins the first, whose decision is due as before. What else
        # runs stands still, except a publication, which the public waits for.
        case AppealFiled(by=by):
            if awaited in APPEALS:
                return key[:2] == (Awaited.APPEAL, by)
            return not DEADLINES[awaited].unstopped
        # 4.4: the decision stands, so the other side keeps its time to appeal.
        case AppealRefused() | AppealDecided(result=AppealResult.UPHELD):
            return awaited is Awaited.APPEAL_DECISION
        # 4.4: what was due under the old decision is gone with it. That the seller was
        # sanctioned, or is no longer, has to be published all the same.
        case AppealDecided():
            return awaited is not Awaited.PUBLICATION
        # 4.4: a sanction that is lifted before it was published has one date, the new.
        case SanctionPublished(number=number) | SanctionLifted(number=number):
            return awaited is Awaited.PUBLICATION and item == number
        case _:
            return _ends_step(event, key)


def _ends_step(event: DisputeEvent, key: Key) -> bool:
    """Tell the same of events that move or stop the case as a whole."""
    awaited, _, _ = key
    match event:
        # 4.4: proof within seven working days, or else the case goes on.
        case SuspensionProved():
            return awaited is Awaited.SUSPENSION_PROOF
        # 4.4: whatever bounded the suspension: its agreed end, proof or review.
        case Resumed():
            return awaited in SUSPENDING
        # Each of these begins another step of the flow, in which nothing that was
        # awaited in the last one matters. The time to appeal is among it: the next
        # decision brings its own.
        case OfferAccepted() | Escalated() | Ruled() | HumanReviewRequested():
            return awaited is not Awaited.PUBLICATION
        # A suspended case counts no time against anyone, so the time to appeal stands
        # still too. A case that was given to an authority is not appealed here.
        case Suspended() | ReferredToAuthority():
            return awaited is not Awaited.PUBLICATION
        # 4.4: a case closed by a decision can still be appealed within its time.
        # Nothing is awaited in a case that is none any more.
        case ImportWithdrawn():
            return True
        case Withdrawn() | Closed() | ClocksPaused():
            return not DEADLINES[awaited].unstopped
        case _:
            return False
