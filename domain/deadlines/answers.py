"""Which facts are what was awaited, not merely what made it void."""

from __future__ import annotations

from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited

_ANSWERS: dict[Awaited, frozenset[str]] = {
    Awaited.ADMISSION: frozenset({"Admitted", "Refused"}),
    Awaited.RESPONSE: frozenset({"SellerResponded"}),
    Awaited.NEGOTIATION: frozenset({"OfferAccepted"}),
    Awaited.ESCALATION: frozenset({"Escalated"}),
    Awaited.OFFER_ANSWER: frozenset({"OfferAccepted", "OfferDeclined"}),
    Awaited.EVIDENCE: frozenset({"EvidenceClosed"}),
    Awaited.INQUIRY: frozenset({"InquiryAnswered"}),
    Awaited.INSPECTION: frozenset({"ClocksResumed"}),
    Awaited.RULING: frozenset({"Ruled"}),
    Awaited.PERFORMANCE: frozenset({"Fulfilled", "ObligationConfirmed"}),
    Awaited.VOLUNTARY: frozenset({"Fulfilled", "ObligationConfirmed"}),
    Awaited.CONFIRMATION: frozenset({"ObligationConfirmed", "FulfilmentContested"}),
    Awaited.ENFORCEMENT: frozenset(
        {"EnforcementExecuted", "EnforcementFailed", "Fulfilled"}
    ),
    Awaited.APPEAL: frozenset({"AppealFiled"}),
    Awaited.APPEAL_DECISION: frozenset({"AppealDecided", "AppealRefused"}),
    Awaited.SUSPENSION: frozenset({"Resumed"}),
    Awaited.SUSPENSION_PROOF: frozenset({"SuspensionProved"}),
    Awaited.SUSPENSION_REVIEW: frozenset({"Resumed", "ReferredToAuthority"}),
    Awaited.PUBLICATION: frozenset({"SanctionPublished"}),
}


def answers(event: DisputeEvent, awaited: Awaited) -> bool:
    """Tell whether a fact is what was awaited."""
    return type(event).__name__ in _ANSWERS.get(awaited, frozenset())
