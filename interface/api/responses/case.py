"""A case as each role is shown it.

Redaction is another Struct and not an `if`: a new field is unseen until it is added.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from application.record.envelope import Precision
from domain.case.dispute import Hold, Phase
from domain.case.outcome import ClaimResult, Outcome
from interface.api.responses.case_parts import (
    ActionShown,
    DeadlineShown,
    EvidenceShown,
    MessageShown,
    MoneyTold,
    ObligationShown,
    OfferShown,
    OrderLineShown,
    RefusalShown,
    RequirementShown,
    WaitingShown,
)
from projections.case_view.corrections import CorrectionShown
from projections.case_view.decisions import (
    AppealShown,
    DraftShown,
    ReviewShown,
    RulingShown,
)
from projections.case_view.desk import HandoverShown, NoteShown
from projections.case_view.filing import OrderShown, ReferralShown, WithdrawalShown
from projections.case_view.investigation import (
    BurdenShown,
    EscalationShown,
    EvidenceRequestShown,
    InquiryShown,
)
from projections.case_view.negotiation import ResponseShown
from projections.case_view.notices import ContactShown, ServiceShown, UndeliveredShown
from projections.case_view.performance import (
    EnforcementShown,
    SanctionShown,
    SuspensionShown,
)
from projections.case_view.shown_values import Shown, TermsShown


class CaseShown(Shown, frozen=True, kw_only=True):
    """A case as its reader is shown it; `view` tells which of these it is."""

    id: UUID
    case_number: str
    version: int
    phase: Phase
    words: dict[str, str]
    platform: str
    channel: str
    category: str
    reason: str
    seller: str | None = None
    buyer: str | None = None
    order: OrderShown
    order_line: OrderLineShown | None = None
    claim: TermsShown | None = None
    facts: str | None = None
    evidence_note: str | None = None
    policy: str | None = None
    opened_at: datetime
    opened_precision: Precision | None = None
    closed_at: datetime | None = None
    closed_precision: Precision | None = None
    outcome: Outcome | None = None
    claim_result: ClaimResult | None = None
    refusal: RefusalShown | None = None
    withdrawal: WithdrawalShown | None = None
    response: ResponseShown | None = None
    offers: tuple[OfferShown, ...] = ()
    escalation: EscalationShown | None = None
    evidence: tuple[EvidenceShown, ...] = ()
    requirements: tuple[RequirementShown, ...] = ()
    evidence_requests: tuple[EvidenceRequestShown, ...] = ()
    burden: BurdenShown | None = None
    inquiries: tuple[InquiryShown, ...] = ()
    messages: tuple[MessageShown, ...] = ()
    ruling: RulingShown | None = None
    review: ReviewShown | None = None
    appeals: tuple[AppealShown, ...] = ()
    suspension: SuspensionShown | None = None
    enforcement: tuple[EnforcementShown, ...] = ()
    sanctions: tuple[SanctionShown, ...] = ()
    money: MoneyTold | None = None
    referral: ReferralShown | None = None
    reopens: UUID | None = None
    new_facts: str | None = None
    obligations: tuple[ObligationShown, ...] = ()
    restricted: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    deadlines: tuple[DeadlineShown, ...] = ()
    waiting_on: WaitingShown | None = None
    actions: tuple[ActionShown, ...] = ()
    contacts: tuple[ContactShown, ...] = ()
    served: tuple[ServiceShown, ...] = ()


class SellerCase(CaseShown, frozen=True, kw_only=True, tag_field="view", tag="seller"):
    """A case as its seller is shown it."""


class BuyerCase(CaseShown, frozen=True, kw_only=True, tag_field="view", tag="buyer"):
    """A case as its buyer is shown it: with the contact that the buyer gave."""

    contact: str | None = None


class StaffCase(CaseShown, frozen=True, kw_only=True, tag_field="view", tag="staff"):
    """A case as staff, auditors and regulators are shown it: all of it."""

    contact: str | None = None
    assignee: str | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    recused: tuple[str, ...] = ()
    notes: tuple[NoteShown, ...] = ()
    tags: tuple[str, ...] = ()
    handovers: tuple[HandoverShown, ...] = ()
    draft: DraftShown | None = None
    admission_note: str | None = None
    legal_holds: tuple[Hold, ...] = ()
    imported: dict[str, str] | None = None
    corrections: tuple[CorrectionShown, ...] = ()
    undelivered: tuple[UndeliveredShown, ...] = ()
