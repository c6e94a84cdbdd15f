"""One event of every kind, with the fields that views and texts are made from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

from domain.admission import events as admission
from domain.appeal import events as appeal
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines import events as deadlines
from domain.deadlines.deadline import Awaited
from domain.deadlines.time_limits import LimitName
from domain.enforcement import events as enforcement
from domain.escalation import events as escalation
from domain.evidence import events as evidence
from domain.filing import events as filing
from domain.imports.events import Corrected, Correction, ImportWithdrawn
from domain.inquiries import events as inquiries
from domain.mediators import events as mediators
from domain.money import Money
from domain.negotiation import events as negotiation
from domain.notices import events as notices
from domain.performance import events as performance
from domain.privacy import events as privacy
from domain.roles import Party, Role
from domain.ruling import events as ruling
from domain.ruling.reasons import Automation, Reason, RuleCited
from domain.sanctions import events as sanctions
from domain.suspension import events as suspension
from domain.terms import Obligation, Terms

BUYER, SELLER = Party.BUYER, Party.SELLER
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
FULL, HALF = Money(12_900, "CNY"), Money(6_450, "CNY")
REFUND = Terms(kind="refund", amount=FULL)
HALF_BACK = Terms(kind="refund", amount=HALF)
REPAIR = Terms(kind="repair")
REASON = Reason(
    issue="Was the kettle defective?",
    finding="The photos show the crack.",
    rule=RuleCited(id="sample-platform", version="1", article="3"),
)
PROOF = RuleCited(id="proof", version="1", article="visible-defect")

FILED = filing.Filed(
    platform="shop",
    channel="order-page",
    category="quality",
    reason="defect",
    policy="cn-default/1",
    buyer="b-1",
    seller="s-1",
    order="o-1",
    line="1",
    paid=FULL,
    claim=REFUND,
    facts="The kettle leaks.",
    contact="b1@example.com",
    evidence_note="Photos follow.",
)
CLOSED = performance.Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)

_SAMPLES: tuple[DisputeEvent, ...] = (
    FILED,
    filing.Withdrawn(reason="A new one came."),
    admission.Admitted(note="It can be taken."),
    admission.Refused(ground="abusive", routes=("court",), decided_by="m-1"),
    admission.ReferredToAuthority(authority="court", cause="referred", note="Pending."),
    mediators.MediatorAssigned(mediator="m-1"),
    mediators.MediatorRecused(mediator="m-1", conflict="I know the seller."),
    mediators.CaseTagged(tags=("carrier-strike",)),
    mediators.NoteAdded(text="The carrier lost a whole pallet that day."),
    notices.NoticeServed(
        notice=notices.NoticeKind.ADMISSION, party=SELLER, channel="in-site"
    ),
    notices.NoticeUndelivered(
        notice=notices.NoticeKind.RULING,
        party=BUYER,
        channels=("mail", "sms"),
        causes=("refused", "no-address"),
    ),
    notices.ContactStated(
        party=BUYER, mail="wang@example.com", phone="13800138000", language="zh-CN"
    ),
    negotiation.SellerResponded(position="contest", statement="It was fine."),
    negotiation.MessagePosted(number=1, by=BUYER, text="When will it be repaired?"),
    negotiation.OfferMade(number=1, by=SELLER, terms=HALF_BACK),
    negotiation.OfferAccepted(number=1, by=BUYER, terms=HALF_BACK, obligations=()),
    negotiation.OfferDeclined(number=1, by=BUYER),
    negotiation.OfferLapsed(number=1),
    escalation.Escalated(trigger=escalation.Trigger.NO_AGREEMENT, by=BUYER),
    evidence.EvidenceRequested(number=1, party=BUYER, kinds=("video",)),
    evidence.EvidenceSubmitted(
        number=1,
        by=BUYER,
        kind="photo",
        sha256="ab" * 32,
        size=10,
        media_type="image/png",
    ),
    evidence.EvidenceHandedIn(number=1, by=BUYER),
    evidence.EvidenceClosed(party=BUYER, items=1),
    evidence.EvidenceAssessed(
        number=1, authentic=True, relevant=True, legal=True, admitted=True
    ),
    evidence.BurdenAssigned(party=BUYER, rule=PROOF),
    inquiries.InquirySent(number=1, kind="carrier", addressee="SF", question="Where?"),
    inquiries.InquiryAnswered(number=1, answer="It was delivered."),
    ruling.RulingDrafted(
        by="m-1", liability="seller", remedies=(REFUND,), reasons=(REASON,)
    ),
    ruling.Ruled(
        liability="seller",
        remedies=(REPAIR, HALF_BACK),
        reasons=(REASON,),
        obligations=(
            Obligation(
                number=1,
                debtor=SELLER,
                duty="repair",
                limit=LimitName.PERFORMANCE_GOODS,
            ),
            Obligation(
                number=2,
                debtor=SELLER,
                duty="pay",
                limit=LimitName.PERFORMANCE_MONEY,
                amount=HALF,
            ),
        ),
        automation=Automation.ASSISTED,
        model="model-1",
    ),
    ruling.HumanReviewRequested(by=BUYER, statement="A human, please."),
    appeal.AppealFiled(
        by=SELLER,
        ground=appeal.AppealGround.ERROR,
        statement="The photo is another's.",
        since=START,
    ),
    appeal.AppealRefused(by=SELLER, explanation="It names no error."),
    appeal.AppealDecided(
        result=appeal.AppealResult.VARIED,
        reasons=(REASON,),
        liability="both",
        remedies=(HALF_BACK,),
    ),
    performance.Fulfilled(obligation=1, by=SELLER),
    performance.FulfilmentContested(obligation=1, by=BUYER, statement="Nothing came."),
    performance.ObligationConfirmed(obligation=1, by=BUYER),
    performance.Defaulted(obligation=1, party=SELLER),
    CLOSED,
    enforcement.EnforcementOrdered(number=1, obligation=1, method="advance"),
    enforcement.EnforcementExecuted(
        number=1, obligation=1, method="advance", amount=FULL
    ),
    enforcement.EnforcementFailed(
        number=1, obligation=1, method="advance", cause="insufficient-funds"
    ),
    enforcement.AdvanceRecovered(amount=HALF),
    deadlines.DeadlineMissed(
        awaited=Awaited.RESPONSE, party=SELLER, due=START + timedelta(days=2)
    ),
    deadlines.DeadlineExtended(awaited=Awaited.EVIDENCE, party=BUYER, why="Abroad."),
    deadlines.ClocksPaused(cause=deadlines.PauseCause.INSPECTION, item=1, since=START),
    deadlines.ClocksResumed(cause=deadlines.PauseCause.INSPECTION, item=1),
    suspension.SuspensionRequested(by=BUYER, days=10),
    suspension.Suspended(cause=suspension.SuspensionCause.COURT, by=BUYER, since=START),
    suspension.SuspensionProved(by=BUYER, proof="Case 2026-7."),
    suspension.Resumed(cause="asked"),
    sanctions.SanctionImposed(
        number=1,
        kind="warning",
        seller="s-1",
        breach="refusal-to-perform",
        measure="Public warning.",
    ),
    sanctions.SanctionPublished(number=1),
    sanctions.SanctionLifted(number=1, why="Mended."),
    privacy.LegalHoldPlaced(number=1, by=Role.REGULATOR, basis="Order 2026-77."),
    privacy.LegalHoldLifted(number=1, by=Role.REGULATOR, basis="It is settled."),
    privacy.Restricted(party=BUYER, basis="Request 2026-12."),
    privacy.RestrictionLifted(party=BUYER, basis="It was withdrawn."),
    privacy.SubjectErased(
        erasure=UUID(int=1),
        party=BUYER,
        subject="b-1",
        basis="Request 2026-12.",
        approver="v-2",
        number=1,
        cases=1,
    ),
    Corrected(
        corrects=1,
        kind="filed",
        corrections=(
            Correction(field="category", recorded="quality", stated="logistics"),
        ),
    ),
    ImportWithdrawn(
        run=UUID(int=2), basis="Minutes 12.", approver="v-2", number=1, cases=1
    ),
)
EVENTS: dict[type[Event], DisputeEvent] = {type(one): one for one in _SAMPLES}
KINDS: frozenset[type[Event]] = frozenset(get_args(DisputeEvent))
