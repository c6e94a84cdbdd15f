"""The union of all events, by which they are stored and read."""

from __future__ import annotations

from typing import TypeAlias

from domain.admission.events import AdmissionEvent
from domain.appeal.events import AppealEvent
from domain.deadlines.events import DeadlineEvent
from domain.enforcement.events import EnforcementEvent
from domain.escalation.events import EscalationEvent
from domain.evidence.events import EvidenceEvent
from domain.filing.events import FilingEvent
from domain.imports.events import ImportEvent
from domain.inquiries.events import InquiryEvent
from domain.mediators.events import MediatorEvent
from domain.negotiation.events import NegotiationEvent
from domain.notices.events import NoticeEvent
from domain.performance.events import PerformanceEvent
from domain.privacy.events import PrivacyEvent
from domain.ruling.events import RulingEvent
from domain.sanctions.events import SanctionEvent
from domain.suspension.events import SuspensionEvent

DisputeEvent: TypeAlias = (
    FilingEvent
    | AdmissionEvent
    | MediatorEvent
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
    | ImportEvent
)
