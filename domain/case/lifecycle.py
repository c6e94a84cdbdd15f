"""The lifecycle: which command is possible in which phases, for which roles.

This one table drives the guard, the actions that a case offers, the diagram in the
documentation and a test over every command, phase and role. A row also names the
relations to the case that bar a person of the platform from the command.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.admission import decide as admission
from domain.admission.commands import Admit, ReferOut, Refuse
from domain.appeal import decide as appeal
from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.lifecycle_row import IN_CONFLICT, Row, row
from domain.conflicts_of_interest import Relation
from domain.deadlines import decide as deadlines
from domain.deadlines import timeouts
from domain.deadlines.commands import ExtendDeadline, PassDeadline
from domain.deadlines.deadline import Awaited
from domain.enforcement import decide as enforcement
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.escalation import decide as escalation
from domain.escalation.commands import Escalate
from domain.evidence import decide as evidence
from domain.evidence.commands import (
    AssessEvidence,
    AssignBurden,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.filing import decide as filing
from domain.filing import reopening, withdrawal
from domain.filing.commands import FileDispute, Reopen, Withdraw
from domain.imports import decide as imports
from domain.imports.commands import WithdrawImport
from domain.inquiries import decide as inquiries
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.mediators import decide as mediators
from domain.mediators.commands import AddNote, Assign, Recuse, TagCase
from domain.negotiation import decide as negotiation
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.notices import decide as notices
from domain.notices.commands import ReportUndelivered, ServeNotice, StateContact
from domain.performance import decide as performance
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.privacy import decide as privacy
from domain.privacy.commands import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.roles import STAFF, Role
from domain.ruling import decide as ruling
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.sanctions import decide as sanctions
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.suspension import decide as suspension
from domain.suspension.commands import ProveSuspension, Resume, Suspend


def _nothing_to_serve(dispute: Dispute, _: Context) -> bool:
    return not dispute.notices


def _to_serve(dispute: Dispute, _: Context) -> bool:
    return bool(dispute.notices)


def _running(dispute: Dispute, _: Context) -> bool:
    return not dispute.pauses


def _extendable(dispute: Dispute, context: Context) -> bool:
    return any(deadlines.extendable_deadlines(dispute, context))


LIVE = tuple(phase for phase in Phase if phase not in {Phase.NONE, Phase.CLOSED})
OWING = (Phase.PERFORMING, Phase.ENFORCING)
# 4: a case may be withdrawn until it is decided or settled. A suspended case counts as
# undecided here; `may_withdraw` looks at the phase that it was suspended from.
UNDECIDED = tuple(one for one in LIVE if one not in {*OWING, Phase.APPEAL})
# 4.3.2: parties may bring evidence before the platform steps in, and until their date.
PROVING = tuple(one for one in UNDECIDED if one not in {Phase.RULING, Phase.SUSPENDED})
EXAMINING = (Phase.EVIDENCE, Phase.RULING)
# 1: negotiation comes first, so a case can still be settled until it is ruled, and
# while it is suspended.
BARGAINING = (Phase.NEGOTIATING, *EXAMINING, Phase.SUSPENDED)
# The phases that a case can be suspended from. Before admission the seller does not
# know of it, and during an appeal or a suspension everything stands still already.
ADMITTED = tuple(
    one for one in LIVE if one not in {Phase.FILED, Phase.APPEAL, Phase.SUSPENDED}
)
# Some things outlive a case: notices and publications that are due, advances that are
# recovered later, and legal holds.
EVER = (*LIVE, Phase.CLOSED)
# 4.1.3: silence lets the buyer escalate, but a late answer still opens negotiation.
ANSWERABLE = (Phase.AWAITING_RESPONSE, Phase.UNANSWERED)
# A dismissal closes the case as soon as it is served, so a decided case may be closed.
DECIDED = (*OWING, Phase.CLOSED)
# 4.4: each side may appeal once, so one side may while the other's appeal is open.
APPEALABLE = (*OWING, Phase.APPEAL, Phase.CLOSED)
PARTIES = frozenset({Role.BUYER, Role.SELLER})
SUPERVISOR = frozenset({Role.SUPERVISOR})
CLIENT = frozenset({Role.PLATFORM})
HOLDERS = frozenset({Role.REGULATOR, Role.SUPERVISOR})
BUYER = frozenset({Role.BUYER})
SELLER = frozenset({Role.SELLER})
CLOCK = frozenset({Role.CLOCK})
EVERYBODY = PARTIES | STAFF
# The four-eyes rule: the person who drafted a ruling is not the second person.
DRAFTERS = IN_CONFLICT | {Relation.DRAFTER}
# 2: the person who decided first may not decide the appeal, nor refuse to take it.
DECIDERS = IN_CONFLICT | {Relation.DECIDER}

# fmt: off
# Two lines a row: formatted one argument a line, the table could not be read as one.
LIFECYCLE: Mapping[type[Command], Row] = {
    FileDispute: row(filing.file, Phase.NONE, by=BUYER | STAFF),
    Reopen: row(reopening.reopen, Phase.CLOSED, by=BUYER, when=reopening.may_reopen),
    Admit: row(admission.admit, Phase.FILED, by=STAFF, awaited=Awaited.ADMISSION),
    Refuse: row(admission.refuse, Phase.FILED, by=STAFF, awaited=Awaited.ADMISSION),
    ReferOut: row(admission.refer_out, *LIVE, by=STAFF,
        also={Awaited.SUSPENSION_REVIEW}),
    Withdraw: row(withdrawal.withdraw, *UNDECIDED, by=BUYER,
        when=withdrawal.may_withdraw),
    Assign: row(mediators.assign, *LIVE, by=STAFF, shared=True),
    # Nobody is barred: a person in conflict has to be able to say so.
    Recuse: row(mediators.recuse, *LIVE, by=STAFF, barred=frozenset(), shared=True),
    AddNote: row(mediators.add_note, *EVER, by=STAFF, shared=True),
    TagCase: row(mediators.tag, *EVER, by=STAFF, shared=True),
    # The worker serves in-site messages; the platform's client reports SMS and mail.
    # EVER because a refusal closes the case before its notice is served.
    ServeNotice: row(notices.serve, *EVER, by=CLOCK | CLIENT,
        when=_to_serve, also={"service"}),
    ReportUndelivered: row(notices.report_undelivered, *EVER, by=CLOCK,
        when=_to_serve),
    StateContact: row(notices.state_contact, *EVER, by=PARTIES,
        when=notices.can_be_reached),
    # The times to appeal and to publish a sanction run on after closing.
    PassDeadline: row(timeouts.pass_deadline, *EVER, by=CLOCK),
    ExtendDeadline: row(deadlines.extend, *LIVE, by=SUPERVISOR, when=_extendable),
    RespondToClaim: row(negotiation.respond, *ANSWERABLE, by=SELLER,
        awaited=Awaited.RESPONSE),
    PostMessage: row(negotiation.post, *LIVE, by=EVERYBODY),
    MakeOffer: row(negotiation.make_offer, *BARGAINING, by=EVERYBODY,
        awaited=Awaited.NEGOTIATION),
    AcceptOffer: row(negotiation.accept_offer, *BARGAINING, by=PARTIES,
        items=negotiation.acceptable_offers, awaited=Awaited.OFFER_ANSWER,
        also={Awaited.NEGOTIATION}),
    DeclineOffer: row(negotiation.decline_offer, *BARGAINING, by=PARTIES,
        items=negotiation.answerable_offers, awaited=Awaited.OFFER_ANSWER),
    # OWING because a settlement that is not performed goes to the platform.
    Escalate: row(escalation.escalate,
        *ANSWERABLE, Phase.NEGOTIATING, *OWING, by=EVERYBODY, when=escalation.triggers,
        awaited=Awaited.ESCALATION, also={Awaited.RESPONSE, Awaited.NEGOTIATION}),
    RequestEvidence: row(evidence.request_evidence, *EXAMINING, by=STAFF,
        when=_running),
    # RULING for the platform's client, which reports logistics until the ruling, and
    # APPEAL because new evidence is a ground of appeal.
    SubmitEvidence: row(evidence.submit_evidence,
        *PROVING, Phase.RULING, Phase.APPEAL, by=PARTIES | CLIENT,
        when=evidence.may_submit, awaited=Awaited.EVIDENCE),
    HandInEvidence: row(evidence.hand_in,
        *PROVING, Phase.RULING, Phase.APPEAL, by=PARTIES, items=evidence.drafts,
        awaited=Awaited.EVIDENCE),
    AssessEvidence: row(evidence.assess, *EXAMINING, Phase.APPEAL, by=STAFF,
        items=evidence.assessable, also={Awaited.RULING}),
    AssignBurden: row(evidence.assign_burden, *EXAMINING, by=STAFF),
    SendInquiry: row(inquiries.send_inquiry, *EXAMINING, by=STAFF),
    AnswerInquiry: row(inquiries.answer_inquiry, *EXAMINING, by=STAFF | CLIENT,
        items=inquiries.unanswered, awaited=Awaited.INQUIRY, also={Awaited.INSPECTION}),
    Rule: row(ruling.rule, Phase.RULING, by=STAFF,
        when=ruling.can_decide, awaited=Awaited.RULING),
    DraftRuling: row(ruling.draft, Phase.RULING, by=STAFF,
        when=ruling.can_decide, awaited=Awaited.RULING),
    ApproveRuling: row(ruling.approve, Phase.RULING, by=STAFF,
        barred=DRAFTERS, when=ruling.approvable, awaited=Awaited.RULING, shared=True),
    RequestHumanReview: row(ruling.request_review, *DECIDED, by=PARTIES,
        when=ruling.reviewable, awaited=Awaited.APPEAL),
    Appeal: row(appeal.appeal, *APPEALABLE, by=PARTIES,
        when=appeal.may_appeal, awaited=Awaited.APPEAL),
    RefuseAppeal: row(appeal.refuse_appeal, Phase.APPEAL, by=SUPERVISOR,
        barred=DECIDERS, also={Awaited.APPEAL_DECISION}),
    DecideAppeal: row(appeal.decide_appeal, Phase.APPEAL, by=SUPERVISOR,
        barred=DECIDERS, when=ruling.can_decide, awaited=Awaited.APPEAL_DECISION),
    # Service starts time limits, and none may start while the case stands still.
    Suspend: row(suspension.suspend, *ADMITTED, by=PARTIES | SUPERVISOR,
        when=_nothing_to_serve),
    ProveSuspension: row(suspension.prove, Phase.SUSPENDED, by=PARTIES,
        when=suspension.provable, awaited=Awaited.SUSPENSION_PROOF),
    Resume: row(suspension.resume, Phase.SUSPENDED, by=PARTIES | SUPERVISOR,
        when=suspension.may_resume, awaited=Awaited.SUSPENSION_REVIEW,
        also={Awaited.SUSPENSION, Awaited.SUSPENSION_PROOF}),
    # ENFORCING too: until the platform has executed it, the debtor may still perform.
    Fulfil: row(performance.fulfil, *OWING, by=PARTIES | CLIENT,
        items=performance.reportable, awaited=Awaited.PERFORMANCE,
        also={Awaited.VOLUNTARY}),
    ConfirmFulfilment: row(performance.confirm, *OWING, by=PARTIES,
        items=performance.confirmable, awaited=Awaited.CONFIRMATION),
    ContestFulfilment: row(performance.contest, *OWING, by=PARTIES,
        items=performance.confirmable, awaited=Awaited.CONFIRMATION),
    OrderEnforcement: row(enforcement.order, Phase.ENFORCING, by=STAFF,
        items=enforcement.enforceable, awaited=Awaited.ENFORCEMENT),
    ExecuteEnforcement: row(enforcement.execute, Phase.ENFORCING, by=STAFF | CLIENT,
        items=enforcement.pending, also={Awaited.ENFORCEMENT}),
    FailEnforcement: row(enforcement.fail, Phase.ENFORCING, by=STAFF | CLIENT,
        items=enforcement.pending, also={Awaited.ENFORCEMENT}),
    RecoverAdvance: row(enforcement.recover, *EVER, by=STAFF | CLIENT,
        when=enforcement.recoverable, shared=True),
    ImposeSanction: row(sanctions.impose, *DECIDED, by=SUPERVISOR,
        when=sanctions.has_seller),
    PublishSanction: row(sanctions.publish, *EVER, by=STAFF | CLIENT,
        items=sanctions.publishable, awaited=Awaited.PUBLICATION, shared=True),
    LiftSanction: row(sanctions.lift, *EVER, by=SUPERVISOR, items=sanctions.liftable),
    PlaceHold: row(privacy.place_hold, *EVER, by=HOLDERS),
    LiftHold: row(privacy.lift_hold, *EVER, by=HOLDERS, items=privacy.liftable),
    # A live case cannot be decided without its texts. A closed one can become live
    # again by an appeal, so a restriction can be lifted at any time.
    Restrict: row(privacy.restrict, Phase.CLOSED, by=SUPERVISOR),
    LiftRestriction: row(privacy.lift_restriction, *EVER, by=SUPERVISOR,
        when=privacy.is_restricted),
    EraseSubject: row(privacy.erase, Phase.CLOSED, by=SUPERVISOR, when=privacy.never),
    WithdrawImport: row(imports.withdraw, *EVER, by=SUPERVISOR, when=imports.never),
}
# fmt: on
