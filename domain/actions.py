"""What a caller can do with a case now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from domain.commands.clocks import (
    ExtendDeadline,
    ProveSuspension,
    Resume,
    ServeNotice,
    Suspend,
)
from domain.commands.command import Command
from domain.commands.filing import Admit, Assign, Refuse, Reopen, Withdraw
from domain.commands.investigation import (
    AnswerInquiry,
    AssessEvidence,
    Escalate,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    RespondToClaim,
)
from domain.commands.performance import (
    ConfirmFulfilment,
    ContestFulfilment,
    ExecuteEnforcement,
    FailEnforcement,
    Fulfil,
    ImposeSanction,
    LiftSanction,
    OrderEnforcement,
    PublishSanction,
    RecoverAdvance,
)
from domain.commands.privacy import EraseSubject, LiftHold, LiftRestriction
from domain.commands.ruling import (
    Appeal,
    ApproveRuling,
    DecideAppeal,
    DraftRuling,
    RequestHumanReview,
    Rule,
)
from domain.context import Context
from domain.deadlines import Awaited
from domain.decide import (
    admission,
    appeal,
    enforcement,
    escalation,
    evidence,
    inquiries,
    negotiation,
    performance,
    privacy,
    reopening,
    ruling,
    sanctions,
    suspension,
)
from domain.dispute import Dispute
from domain.lifecycle import LIFECYCLE
from domain.relations import is_concerned, relations
from domain.roles import Party


class Action(Struct, frozen=True):
    """A command that neither its time, its author nor the state of the case forbids.

    `item` numbers the offer, obligation … it is about; `due` is when the time for it
    ends (UTC), where it has an end.
    """

    command: type[Command]
    item: int | None = None
    due: datetime | None = None


AWAITED_BY: Mapping[type[Command], Awaited] = {
    Admit: Awaited.ADMISSION,
    Refuse: Awaited.ADMISSION,
    RespondToClaim: Awaited.RESPONSE,
    MakeOffer: Awaited.NEGOTIATION,
    AcceptOffer: Awaited.OFFER_ANSWER,
    DeclineOffer: Awaited.OFFER_ANSWER,
    Escalate: Awaited.ESCALATION,
    SubmitEvidence: Awaited.EVIDENCE,
    HandInEvidence: Awaited.EVIDENCE,
    AnswerInquiry: Awaited.INQUIRY,
    Rule: Awaited.RULING,
    DraftRuling: Awaited.RULING,
    ApproveRuling: Awaited.RULING,
    RequestHumanReview: Awaited.APPEAL,
    Appeal: Awaited.APPEAL,
    DecideAppeal: Awaited.APPEAL_DECISION,
    Fulfil: Awaited.PERFORMANCE,
    ConfirmFulfilment: Awaited.CONFIRMATION,
    ContestFulfilment: Awaited.CONFIRMATION,
    OrderEnforcement: Awaited.ENFORCEMENT,
    PublishSanction: Awaited.PUBLICATION,
    ProveSuspension: Awaited.SUSPENSION_PROOF,
    Resume: Awaited.SUSPENSION_REVIEW,
}

Items = Callable[[Dispute, Context], tuple[int | None, ...]]


def _once_if(open_now: Callable[[Dispute, Context], object]) -> Items:
    return lambda dispute, context: (None,) if open_now(dispute, context) else ()


def _unserved(dispute: Dispute, _: Context) -> bool:
    return not dispute.notices


def _to_serve(dispute: Dispute, _: Context) -> bool:
    return bool(dispute.notices)


def _running(dispute: Dispute, _: Context) -> bool:
    return not dispute.pauses


def _extendable(dispute: Dispute, context: Context) -> bool:
    return any(suspension.extendable_deadlines(dispute, context))


ITEMS: Mapping[type[Command], Items] = {
    AcceptOffer: negotiation.answerable_offers,
    AnswerInquiry: inquiries.unanswered,
    Appeal: _once_if(appeal.may_appeal),
    ApproveRuling: _once_if(ruling.approvable),
    AssessEvidence: evidence.assessable,
    Assign: _once_if(admission.may_assign),
    ConfirmFulfilment: performance.confirmable,
    ContestFulfilment: performance.confirmable,
    DecideAppeal: _once_if(ruling.can_decide),
    DeclineOffer: negotiation.answerable_offers,
    DraftRuling: _once_if(ruling.can_decide),
    EraseSubject: _once_if(privacy.never),
    Escalate: _once_if(escalation.triggers),
    ExecuteEnforcement: enforcement.pending,
    ExtendDeadline: _once_if(_extendable),
    FailEnforcement: enforcement.pending,
    Fulfil: performance.reportable,
    HandInEvidence: evidence.drafts,
    ImposeSanction: _once_if(sanctions.has_seller),
    LiftHold: privacy.liftable,
    LiftRestriction: _once_if(privacy.is_restricted),
    LiftSanction: sanctions.liftable,
    OrderEnforcement: enforcement.enforceable,
    ProveSuspension: _once_if(suspension.provable),
    PublishSanction: sanctions.publishable,
    RecoverAdvance: _once_if(enforcement.recoverable),
    Reopen: _once_if(reopening.may_reopen),
    RequestEvidence: _once_if(_running),
    RequestHumanReview: _once_if(ruling.reviewable),
    Resume: _once_if(suspension.may_resume),
    Rule: _once_if(ruling.can_decide),
    SubmitEvidence: _once_if(evidence.may_submit),
    ServeNotice: _once_if(_to_serve),
    Suspend: _once_if(_unserved),
    Withdraw: _once_if(admission.may_withdraw),
}


def possible(dispute: Dispute, context: Context) -> tuple[Action, ...]:
    """List what the caller may do now, once for each thing it can be done to."""
    actor = context.actor
    if not is_concerned(actor, dispute):
        return ()
    held = relations(actor, dispute)
    return tuple(
        Action(kind, item, _due(kind, item, dispute, context))
        for kind, row in LIFECYCLE.items()
        if actor.acts_as in row.roles
        and dispute.phase in row.phases
        and not held & row.barred
        for item in (ITEMS[kind](dispute, context) if kind in ITEMS else (None,))
    )


def _due(
    kind: type[Command], item: int | None, dispute: Dispute, context: Context
) -> datetime | None:
    awaited = AWAITED_BY.get(kind)
    ends = (
        deadline.due
        for deadline in dispute.deadlines
        if deadline.awaited is awaited
        and deadline.party in {context.actor.party, Party.BOTH}
        and (item is None or deadline.item in {None, item})
    )
    return min(ends, default=None)
