"""evolve and fold: the state of a case from its events."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, assert_never

from msgspec.structs import replace

from domain.admission import evolve as admission
from domain.admission.events import AdmissionEvent
from domain.admission.seller_awareness import unaware_after
from domain.appeal import evolve as appeal
from domain.appeal.events import AppealDecided, AppealEvent
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines import evolve as deadlines
from domain.deadlines.deadline import Deadline
from domain.deadlines.effects import held_after, missed_after, still_open
from domain.deadlines.events import DeadlineEvent
from domain.enforcement import evolve as enforcement
from domain.enforcement.events import EnforcementEvent
from domain.escalation import evolve as escalation
from domain.escalation.events import EscalationEvent
from domain.evidence import evolve as evidence
from domain.evidence.events import EvidenceEvent
from domain.filing import evolve as filing
from domain.filing.events import FilingEvent
from domain.imports import evolve as imports
from domain.imports.events import ImportEvent
from domain.inquiries import evolve as inquiries
from domain.inquiries.events import InquiryEvent
from domain.mediators import evolve as mediators
from domain.mediators.events import MediatorEvent
from domain.negotiation import evolve as negotiation
from domain.negotiation.events import NegotiationEvent
from domain.notices import evolve as notices
from domain.notices.events import NoticeEvent, NoticeServed
from domain.notices.notice import Notice, called_for
from domain.performance import evolve as performance
from domain.performance.events import PerformanceEvent
from domain.privacy import evolve as privacy
from domain.privacy.events import PrivacyEvent
from domain.roles import Party
from domain.ruling import evolve as ruling
from domain.ruling.events import HumanReviewRequested, RulingEvent
from domain.sanctions import evolve as sanctions
from domain.sanctions.events import SanctionEvent
from domain.suspension import evolve as suspension
from domain.suspension.events import SuspensionEvent


def evolve(dispute: Dispute, event: DisputeEvent) -> Dispute:
    """Apply one event. Never validates, never fails, never asks the time."""
    started: tuple[Deadline, ...] = getattr(event, "deadlines", ())
    # These two first: the event's own step reads and extends them, or drops a pause.
    dispute = replace(
        dispute,
        pauses=held_after(dispute.pauses, event),
        served=_served_before(dispute, event),
    )
    return replace(
        dispute,
        # Ended before started: an event that moves a deadline ends the old one and
        # starts the new one under the same key. The step below still sees the old
        # ones, because a pause holds what was running.
        deadlines=(*still_open(dispute.deadlines, event), *started),
        missed=missed_after(dispute, event),
        notices=_notices_left(dispute, event),
        seller_unaware=unaware_after(event, before=dispute.seller_unaware),
        **_changes(dispute, event),
    )


def fold(events: Iterable[DisputeEvent], start: Dispute | None = None) -> Dispute:
    """Apply events in order."""
    return reduce(evolve, events, start or Dispute())


def _changes(dispute: Dispute, event: DisputeEvent) -> dict[str, Any]:
    if isinstance(event, FilingEvent):
        return filing.changes(dispute, event)
    if isinstance(event, AdmissionEvent):
        return admission.changes(dispute, event)
    if isinstance(event, MediatorEvent):
        return mediators.changes(dispute, event)
    if isinstance(event, NoticeEvent):
        return notices.changes(dispute, event)
    if isinstance(event, NegotiationEvent):
        return negotiation.changes(dispute, event)
    if isinstance(event, EscalationEvent):
        return escalation.changes(dispute, event)
    if isinstance(event, EvidenceEvent):
        return evidence.changes(dispute, event)
    if isinstance(event, InquiryEvent):
        return inquiries.changes(dispute, event)
    if isinstance(event, RulingEvent):
        return ruling.changes(dispute, event)
    if isinstance(event, AppealEvent):
        return appeal.changes(dispute, event)
    if isinstance(event, PerformanceEvent):
        return performance.changes(dispute, event)
    if isinstance(event, EnforcementEvent):
        return enforcement.changes(dispute, event)
    if isinstance(event, DeadlineEvent):
        return deadlines.changes(dispute, event)
    if isinstance(event, SuspensionEvent):
        return suspension.changes(dispute, event)
    if isinstance(event, SanctionEvent):
        return sanctions.changes(dispute, event)
    if isinstance(event, PrivacyEvent):
        return privacy.changes(dispute, event)
    if isinstance(event, ImportEvent):
        return imports.changes(dispute, event)
    assert_never(event)


def _notices_left(dispute: Dispute, event: DisputeEvent) -> tuple[Notice, ...]:
    if isinstance(event, NoticeServed):
        served = Notice(kind=event.notice, party=event.party)
        return tuple(notice for notice in dispute.notices if notice != served)
    # A ruling that a human decides again is not served any more.
    kept = () if isinstance(event, HumanReviewRequested) else dispute.notices
    called = called_for(event)
    # An appeal against a refusal is between buyer and platform.
    if dispute.seller_unaware and isinstance(event, AppealDecided):
        called = tuple(one for one in called if one.party is not Party.SELLER)
    return (*kept, *called)


def _served_before(
    dispute: Dispute, event: DisputeEvent
) -> tuple[tuple[Notice, str], ...]:
    """Forget the service of a notice that has to be served again.

    Otherwise its old channels would count as served, and a second ruling could not be
    served over the channel of the first.
    """
    again = called_for(event)
    return tuple(one for one in dispute.served if one[0] not in again)
