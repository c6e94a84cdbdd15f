"""One good command of every kind, and a case brought to every phase by real facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from application.rulebook import Rulebooks
from domain.admission.commands import Admit, ReferOut, Refuse
from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.assignment.commands import Assign, Recuse
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.commands import ExtendDeadline, PassDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.timeouts import facts_of, overdue
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.evidence.commands import (
    AssessEvidence,
    AssignBurden,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.filing.commands import FileDispute, OrderLine, Reopen, Withdraw
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.money import Money
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.privacy.commands import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.roles import CLOCK, Actor, Party, Role
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.ruling.reasons import Reason, RuleCited
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import SuspensionCause
from domain.terms import Terms

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""

BOOKS = Rulebooks()
RULES = BOOKS["cn-default/1"]

BUYER = Actor(role=Role.BUYER, id="b-1")
SELLER = Actor(role=Role.SELLER, id="s-1")
MEDIATOR = Actor(role=Role.MEDIATOR, id="m-1")
SUPERVISOR = Actor(role=Role.SUPERVISOR, id="v-1")
PLATFORM = Actor(role=Role.PLATFORM, id="p-1")
ACTORS = {
    Role.BUYER: BUYER,
    Role.SELLER: SELLER,
    Role.MEDIATOR: MEDIATOR,
    Role.SUPERVISOR: SUPERVISOR,
    Role.CLOCK: CLOCK,
    Role.PLATFORM: PLATFORM,
    Role.AUDITOR: Actor(role=Role.AUDITOR, id="a-1"),
    Role.REGULATOR: Actor(role=Role.REGULATOR, id="r-1"),
    Role.ANALYST: Actor(role=Role.ANALYST, id="n-1"),
}

REFUND = Terms(kind="refund", amount=Money(12_900, "CNY"))
HALF = Terms(kind="refund", amount=Money(6_450, "CNY"))
ORDER = OrderLine(id="o-1", line="1", paid=Money(12_900, "CNY"))
FILE = FileDispute(
    platform="shop",
    channel="order-page",
    buyer="b-1",
    seller="s-1",
    order=ORDER,
    category="quality",
    reason="defect",
    claim=REFUND,
    facts="The kettle leaks.",
    contact="b1@example.com",
    evidence_note="Photos follow.",
)
REASON = Reason(
    issue="Was the kettle defective?",
    finding="The photos show the crack.",
    rule=RuleCited(id="quality", version="1", article="3"),
)
RULE = Rule(liability="seller", remedies=(REFUND,), reasons=(REASON,))

COMMANDS: dict[type[Command], Command] = {
    FileDispute: FILE,
    Admit: Admit(),
    Refuse: Refuse(ground="no-basis", explanation="No facts.", routes=("court",)),
    Withdraw: Withdraw(),
    RespondToClaim: RespondToClaim(position="contest", statement="It was fine."),
    MakeOffer: MakeOffer(terms=HALF),
    AcceptOffer: AcceptOffer(number=1),
    DeclineOffer: DeclineOffer(number=1),
    Escalate: Escalate(trigger=Trigger.NO_AGREEMENT),
    SubmitEvidence: SubmitEvidence(
        kind="photo", sha256="ab" * 32, size=10, media_type="image/png"
    ),
    Assign: Assign(mediator="m-1"),
    Rule: RULE,
    Fulfil: Fulfil(obligation=1),
    ConfirmFulfilment: ConfirmFulfilment(obligation=1),
    ContestFulfilment: ContestFulfilment(obligation=1, statement="Nothing came."),
    Reopen: Reopen(new_facts="A second crack appeared.", evidence_note="A photo."),
    ReferOut: ReferOut(authority="market-regulator", note="Unsafe goods."),
    Recuse: Recuse(conflict="I know the seller."),
    PostMessage: PostMessage(text="When will it be repaired?"),
    RequestEvidence: RequestEvidence(party=Party.BOTH, kinds=("video",)),
    HandInEvidence: HandInEvidence(number=2),
    AssessEvidence: AssessEvidence(number=1, authentic=True, relevant=True, legal=True),
    AssignBurden: AssignBurden(
        party=Party.SELLER, rule=RuleCited(id="proof", version="1"), why="Hidden."
    ),
    SendInquiry: SendInquiry(kind="carrier", addressee="SF", question="Where?"),
    AnswerInquiry: AnswerInquiry(number=1, answer="It was delivered."),
    DraftRuling: DraftRuling(liability="seller", remedies=(HALF,), reasons=(REASON,)),
    ApproveRuling: ApproveRuling(),
    RequestHumanReview: RequestHumanReview(statement="A human, please."),
    Appeal: Appeal(ground=AppealGround.ERROR, statement="The photo is another's."),
    RefuseAppeal: RefuseAppeal(explanation="It names no error."),
    DecideAppeal: DecideAppeal(result=AppealResult.UPHELD, reasons=(REASON,)),
    OrderEnforcement: OrderEnforcement(
        obligation=1, method="deduct-deposit", amount=REFUND.amount
    ),
    ExecuteEnforcement: ExecuteEnforcement(number=1),
    FailEnforcement: FailEnforcement(number=1, cause="insufficient-funds"),
    RecoverAdvance: RecoverAdvance(amount=Money(100, "CNY")),
    ImposeSanction: ImposeSanction(
        kind="warning", breach="refusal-to-perform", measure="Public warning."
    ),
    PublishSanction: PublishSanction(number=1),
    LiftSanction: LiftSanction(number=1, why="Mended."),
    ExtendDeadline: ExtendDeadline(
        awaited=Awaited.EVIDENCE, party=Party.BUYER, why="Abroad."
    ),
    Suspend: Suspend(cause=SuspensionCause.COURT, note="Filed at the court."),
    ProveSuspension: ProveSuspension(proof="Case 2026-7."),
    Resume: Resume(),
    PlaceHold: PlaceHold(basis="Order 2026-77."),
    LiftHold: LiftHold(number=1, basis="Order 2026-77 is settled."),
    Restrict: Restrict(party=Party.BUYER, basis="Request 2026-12."),
    LiftRestriction: LiftRestriction(party=Party.BUYER, basis="It was withdrawn."),
    EraseSubject: EraseSubject(
        erasure=UUID(int=1),
        party=Party.BUYER,
        basis="Request 2026-12.",
        approver="v-9",
        number=1,
        cases=1,
        closed_at=datetime(9000, 1, 1, tzinfo=UTC),
    ),
    ServeNotice: ServeNotice(
        notice=NoticeKind.ADMISSION, party=Party.SELLER, channel="in-site"
    ),
    PassDeadline: PassDeadline(
        awaited=Awaited.RESPONSE, party=Party.SELLER, due=NOW + timedelta(days=2)
    ),
}


def context(actor: Actor, now: datetime = NOW) -> Context:
    """Return what a decision of this actor may know."""
    return Context(actor=actor, now=now, rules=RULES)


Step: TypeAlias = tuple[Actor, Command] | timedelta
"""Somebody sends a command, or time passes."""


def play(*steps: Step) -> tuple[DisputeEvent, ...]:
    """Play commands and pauses through the real decisions; return all facts."""
    return play_until(*steps)[0]


def play_until(*steps: Step) -> tuple[tuple[DisputeEvent, ...], datetime]:
    """Play commands and pauses; return all facts, and the time at the end."""
    facts: tuple[DisputeEvent, ...] = ()
    now = NOW
    for step in steps:
        dispute = fold(facts)
        if isinstance(step, timedelta):
            now += step
            facts += facts_of(overdue(dispute, context(CLOCK, now)))
        else:
            actor, command = step
            facts += decide(command, dispute, context(actor, now))
    return facts, now


def serve(kind: NoticeKind, party: Party) -> tuple[Actor, ServeNotice]:
    """Return the step that serves a notice."""
    return CLOCK, ServeNotice(notice=kind, party=party, channel="in-site")


ASSESS = AssessEvidence(number=1, authentic=True, relevant=True, legal=True)

FILED = ((BUYER, FILE),)
ADMITTED = (
    *FILED,
    (MEDIATOR, Admit()),
    serve(NoticeKind.ADMISSION, Party.SELLER),
)
UNANSWERED = (*ADMITTED, timedelta(days=3))
NEGOTIATING = (
    *ADMITTED,
    (SELLER, RespondToClaim(position="contest", statement="It was fine.")),
)
OFFERED = (*NEGOTIATING, (SELLER, MakeOffer(terms=HALF)))
SETTLED = (*OFFERED, (BUYER, AcceptOffer(number=1)))
ESCALATED = (*NEGOTIATING, (BUYER, Escalate(trigger=Trigger.NO_AGREEMENT)))
TO_RULE = (*ESCALATED, timedelta(days=3))
RULED = (*TO_RULE, (MEDIATOR, RULE))
RULING_SERVED = (
    *RULED,
    serve(NoticeKind.RULING, Party.BUYER),
    serve(NoticeKind.RULING, Party.SELLER),
)
REPORTED = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)))
CLOSED = (*REPORTED, (BUYER, ConfirmFulfilment(obligation=1)))
ENFORCING = (*RULING_SERVED, timedelta(days=1), timedelta(days=1))
APPEALED = (
    *RULING_SERVED,
    (SELLER, Appeal(ground=AppealGround.ERROR, statement="Another's photo.")),
)
SUSPENDED = (
    *NEGOTIATING,
    (SELLER, Suspend(cause=SuspensionCause.COURT, note="At the court.")),
)

PHASES: dict[Phase, tuple[DisputeEvent, ...]] = {
    Phase.NONE: (),
    Phase.FILED: play(*FILED),
    Phase.AWAITING_RESPONSE: play(*ADMITTED),
    Phase.UNANSWERED: play(*UNANSWERED),
    Phase.NEGOTIATING: play(*OFFERED),
    Phase.EVIDENCE: play(*ESCALATED),
    Phase.RULING: play(*TO_RULE),
    Phase.PERFORMING: play(*REPORTED),
    Phase.ENFORCING: play(*ENFORCING),
    Phase.APPEAL: play(*APPEALED),
    Phase.SUSPENDED: play(*SUSPENDED),
    Phase.CLOSED: play(*CLOSED),
}


def in_phase(phase: Phase) -> Dispute:
    """Return a dispute that real facts brought to a phase."""
    return fold(PHASES[phase])
