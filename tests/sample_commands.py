"""One good command of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.admission.commands import Admit, ReferOut, Refuse
from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.case.command import Command
from domain.deadlines.commands import ExtendDeadline, PassDeadline
from domain.deadlines.deadline import Awaited
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
from domain.filing.commands import FileDispute, Reopen, Withdraw
from domain.imports.commands import WithdrawImport
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.mediators.commands import AddNote, Assign, Recuse, TagCase
from domain.money import Money
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.notices.commands import ReportUndelivered, ServeNotice, StateContact
from domain.notices.events import NoticeKind
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.privacy.commands import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.roles import Party
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.ruling.reasons import RuleCited
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import SuspensionCause
from tests.samples import FILE, HALF, NOW, REASON, REFUND, RULE

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
    TagCase: TagCase(add=("carrier-strike",)),
    AddNote: AddNote(text="The carrier lost a whole pallet that day."),
    PostMessage: PostMessage(text="When will it be repaired?"),
    RequestEvidence: RequestEvidence(party=Party.BOTH, kinds=("video",)),
    HandInEvidence: HandInEvidence(number=2),
    AssessEvidence: AssessEvidence(number=1, authentic=True, relevant=True, legal=True),
    AssignBurden: AssignBurden(
        party=Party.SELLER,
        rule=RuleCited(id="proof", version="1", article="hidden-defect"),
        why="Hidden.",
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
    ExecuteEnforcement: ExecuteEnforcement(number=1, reference="dep-77"),
    FailEnforcement: FailEnforcement(number=1, cause="insufficient-funds"),
    RecoverAdvance: RecoverAdvance(amount=Money(100, "CNY"), reference="set-9"),
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
    WithdrawImport: WithdrawImport(
        run=UUID(int=2),
        basis="Minutes 2026-12.",
        approver="v-9",
        number=1,
        cases=1,
    ),
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
    ReportUndelivered: ReportUndelivered(
        notice=NoticeKind.ADMISSION,
        party=Party.SELLER,
        channels=("mail",),
        causes=("no-address",),
    ),
    StateContact: StateContact(mail="wang@example.com"),
    PassDeadline: PassDeadline(
        awaited=Awaited.RESPONSE, party=Party.SELLER, due=NOW + timedelta(days=2)
    ),
}
