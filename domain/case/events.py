"""The union of all events, by which they are stored and read."""

from __future__ import annotations

from typing import TypeAlias

from domain.admission import events as admission
from domain.appeal import events as appeal
from domain.assignment import events as assignment
from domain.deadlines import events as deadlines
from domain.enforcement import events as enforcement
from domain.escalation import events as escalation
from domain.evidence import events as evidence
from domain.filing import events as filing
from domain.inquiries import events as inquiries
from domain.negotiation import events as negotiation
from domain.notices import events as notices
from domain.performance import events as performance
from domain.privacy import events as privacy
from domain.ruling import events as ruling
from domain.sanctions import events as sanctions
from domain.suspension import events as suspension

FilingEvent: TypeAlias = filing.Filed | filing.Withdrawn
AdmissionEvent: TypeAlias = (
    admission.Admitted | admission.Refused | admission.ReferredToAuthority
)
AssignmentEvent: TypeAlias = assignment.MediatorAssigned | assignment.MediatorRecused
NoticeEvent: TypeAlias = notices.NoticeServed
NegotiationEvent: TypeAlias = (
    negotiation.SellerResponded
    | negotiation.MessagePosted
    | negotiation.OfferMade
    | negotiation.OfferAccepted
    | negotiation.OfferDeclined
    | negotiation.OfferLapsed
)
EscalationEvent: TypeAlias = escalation.Escalated
EvidenceEvent: TypeAlias = (
    evidence.EvidenceRequested
    | evidence.EvidenceSubmitted
    | evidence.EvidenceHandedIn
    | evidence.EvidenceClosed
    | evidence.EvidenceAssessed
    | evidence.BurdenAssigned
)
InquiryEvent: TypeAlias = inquiries.InquirySent | inquiries.InquiryAnswered
RulingEvent: TypeAlias = (
    ruling.RulingDrafted | ruling.Ruled | ruling.HumanReviewRequested
)
AppealEvent: TypeAlias = (
    appeal.AppealFiled | appeal.AppealRefused | appeal.AppealDecided
)
PerformanceEvent: TypeAlias = (
    performance.Fulfilled
    | performance.FulfilmentContested
    | performance.ObligationConfirmed
    | performance.Defaulted
    | performance.Closed
)
EnforcementEvent: TypeAlias = (
    enforcement.EnforcementOrdered
    | enforcement.EnforcementExecuted
    | enforcement.EnforcementFailed
    | enforcement.AdvanceRecovered
)
DeadlineEvent: TypeAlias = (
    deadlines.DeadlineMissed
    | deadlines.DeadlineExtended
    | deadlines.ClocksPaused
    | deadlines.ClocksResumed
)
SuspensionEvent: TypeAlias = (
    suspension.SuspensionRequested
    | suspension.Suspended
    | suspension.SuspensionProved
    | suspension.Resumed
)
SanctionEvent: TypeAlias = (
    sanctions.SanctionImposed | sanctions.SanctionPublished | sanctions.SanctionLifted
)
PrivacyEvent: TypeAlias = (
    privacy.LegalHoldPlaced
    | privacy.LegalHoldLifted
    | privacy.Restricted
    | privacy.RestrictionLifted
    | privacy.SubjectErased
)

DisputeEvent: TypeAlias = (
    FilingEvent
    | AdmissionEvent
    | AssignmentEvent
    | NoticeEvent
    | NegotiationEvent
    | EscalationEvent
    | EvidenceEvent
    | InquiryEvent
    | RulingEvent
    | AppealEvent
    | PerformanceEvent
    | EnforcementEvent
    | DeadlineEvent
    | SuspensionEvent
    | SanctionEvent
    | PrivacyEvent
)
