"""The view of a case: all that its events tell of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from projections.case_view.decisions import AppealShown, DraftShown, Review, RulingShown
from projections.case_view.filing import OrderShown, Referral, Refusal, Withdrawal
from projections.case_view.investigation import (
    BurdenShown,
    EscalationShown,
    Evidence,
    EvidenceRequestShown,
    InquiryShown,
)
from projections.case_view.negotiation import Message, OfferShown, ResponseShown
from projections.case_view.performance import (
    EnforcementShown,
    SanctionShown,
    SuspensionShown,
)
from projections.case_view.shown_values import TermsShown


class CaseView(Struct, frozen=True, kw_only=True):
    """A case as its events tell it, all of it; `for_reader` leaves out the unseen.

    `ruled_in` and `appeals_decided_in` are the versions of the events that decided, by
    which the words of a decision are found; None where nobody has decided.
    """

    platform: str = ""
    channel: str = ""
    category: str = ""
    reason: str = ""
    buyer: str | None = None
    seller: str | None = None
    order: OrderShown = OrderShown()
    claim: TermsShown | None = None
    facts: str | None = None
    contact: str | None = None
    evidence_note: str | None = None
    policy: str | None = None
    opened_at: datetime | None = None
    opened_precision: str | None = None
    reopens: UUID | None = None
    new_facts: str | None = None
    imported: dict[str, str] | None = None
    admission_note: str | None = None
    refusal: Refusal | None = None
    withdrawal: Withdrawal | None = None
    referral: Referral | None = None
    recused: tuple[str, ...] = ()
    response: ResponseShown | None = None
    offers: tuple[OfferShown, ...] = ()
    messages: tuple[Message, ...] = ()
    escalation: EscalationShown | None = None
    evidence: tuple[Evidence, ...] = ()
    evidence_requests: tuple[EvidenceRequestShown, ...] = ()
    burden: BurdenShown | None = None
    inquiries: tuple[InquiryShown, ...] = ()
    draft: DraftShown | None = None
    ruling: RulingShown | None = None
    ruled_in: int | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    review: Review | None = None
    appeals: tuple[AppealShown, ...] = ()
    appeals_decided_in: tuple[int | None, ...] = ()
    suspension: SuspensionShown | None = None
    enforcement: tuple[EnforcementShown, ...] = ()
    sanctions: tuple[SanctionShown, ...] = ()
    closed_at: datetime | None = None
    closed_precision: str | None = None
    outcome: str | None = None
    claim_result: str | None = None
