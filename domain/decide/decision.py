"""decide: from a request to facts, or to a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from domain.commands.any import DisputeCommand
from domain.commands.clocks import (
    ExtendDeadline,
    PassDeadline,
    ProveSuspension,
    Resume,
    ServeNotice,
    Suspend,
)
from domain.commands.command import Command
from domain.commands.filing import (
    Admit,
    Assign,
    FileDispute,
    Recuse,
    ReferOut,
    Refuse,
    Reopen,
    Withdraw,
)
from domain.commands.investigation import (
    AnswerInquiry,
    AssessEvidence,
    AssignBurden,
    Escalate,
    HandInEvidence,
    RequestEvidence,
    SendInquiry,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
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
from domain.commands.privacy import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.commands.ruling import (
    Appeal,
    ApproveRuling,
    DecideAppeal,
    DraftRuling,
    RefuseAppeal,
    RequestHumanReview,
    Rule,
)
from domain.context import Context
from domain.decide import (
    admission,
    appeal,
    enforcement,
    escalation,
    evidence,
    filing,
    inquiries,
    negotiation,
    notices,
    performance,
    privacy,
    reopening,
    ruling,
    sanctions,
    silence,
    suspension,
)
from domain.dispute import Dispute
from domain.events.any import DisputeEvent
from domain.lifecycle import guard

Decide: TypeAlias = Callable[[Any, Dispute, Context], tuple[DisputeEvent, ...]]


def _pass(_: PassDeadline, dispute: Dispute, context: Context) -> tuple[Any, ...]:
    return silence.facts_of(silence.overdue(dispute, context))


DECISIONS: Mapping[type[Command], Decide] = {
    FileDispute: filing.file,
    Reopen: reopening.reopen,
    Admit: admission.admit,
    Refuse: admission.refuse,
    ReferOut: admission.refer_out,
    Withdraw: admission.withdraw,
    Assign: admission.assign,
    Recuse: admission.recuse,
    RespondToClaim: negotiation.respond,
    PostMessage: negotiation.post,
    MakeOffer: negotiation.make_offer,
    AcceptOffer: negotiation.accept_offer,
    DeclineOffer: negotiation.decline_offer,
    Escalate: escalation.escalate,
    RequestEvidence: evidence.request_evidence,
    SubmitEvidence: evidence.submit_evidence,
    HandInEvidence: evidence.hand_in,
    AssessEvidence: evidence.assess,
    AssignBurden: evidence.assign_burden,
    SendInquiry: inquiries.send_inquiry,
    AnswerInquiry: inquiries.answer_inquiry,
    Rule: ruling.rule,
    DraftRuling: ruling.draft,
    ApproveRuling: ruling.approve,
    RequestHumanReview: ruling.request_review,
    Appeal: appeal.appeal,
    RefuseAppeal: appeal.refuse_appeal,
    DecideAppeal: appeal.decide_appeal,
    Fulfil: performance.fulfil,
    ConfirmFulfilment: performance.confirm,
    ContestFulfilment: performance.contest,
    OrderEnforcement: enforcement.order,
    ExecuteEnforcement: enforcement.execute,
    FailEnforcement: enforcement.fail,
    RecoverAdvance: enforcement.recover,
    ImposeSanction: sanctions.impose,
    PublishSanction: sanctions.publish,
    LiftSanction: sanctions.lift,
    ServeNotice: notices.serve,
    PassDeadline: _pass,
    ExtendDeadline: suspension.extend,
    Suspend: suspension.suspend,
    ProveSuspension: suspension.prove,
    Resume: suspension.resume,
    PlaceHold: privacy.place_hold,
    LiftHold: privacy.lift_hold,
    Restrict: privacy.restrict,
    LiftRestriction: privacy.lift_restriction,
    EraseSubject: privacy.erase,
}
"""Which decision answers which command; a test holds it against the lifecycle."""


def decide(
    command: DisputeCommand, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Return the facts that follow from a request; none if it is already so.

    Raises a Refusal that says what is wrong and records nothing.
    """
    guard(type(command), dispute, context)
    return DECISIONS[type(command)](command, dispute, context)
