"""Folds a case's recorded events into its view; every event is named.

The events' personal texts have to be opened first, as far as the reader may see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, assert_never

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.admission.events import AdmissionEvent
from domain.appeal.events import AppealEvent
from domain.deadlines.events import DeadlineEvent
from domain.enforcement.events import EnforcementEvent
from domain.escalation.events import EscalationEvent
from domain.evidence.events import EvidenceEvent
from domain.filing.events import FilingEvent
from domain.imports.events import Corrected, ImportWithdrawn
from domain.inquiries.events import InquiryEvent
from domain.mediators.events import MediatorEvent
from domain.negotiation.events import NegotiationEvent
from domain.notices.events import NoticeEvent
from domain.performance.events import PerformanceEvent
from domain.privacy.events import PrivacyEvent
from domain.roles import READERS, Actor, Party, Role
from domain.ruling.events import RulingEvent
from domain.sanctions.events import SanctionEvent
from domain.suspension.events import SuspensionEvent
from projections.case_view import (
    corrections,
    decisions,
    filing,
    investigation,
    negotiation,
    notices,
    performance,
)
from projections.case_view.corrections import CorrectionsView


class CaseView(CorrectionsView, frozen=True, kw_only=True):
    """All of a case; `for_reader` leaves out what a reader may not see."""


SEES_DRAFTS = READERS - {Role.MEDIATOR, Role.SUPERVISOR, Role.PLATFORM}
"""Roles that read the record see all drafts of evidence. Those that decide see none: a
draft may never be handed in, and must not influence the decision."""


def fold(events: Iterable[Recorded]) -> CaseView:
    """Return the view of a case after all of its recorded events."""
    return reduce(evolve, events, CaseView())


def evolve(view: CaseView, recorded: Recorded) -> CaseView:
    """Apply one recorded event."""
    return replace(view, **_changes(view, recorded))


def for_reader(view: CaseView, reader: Actor) -> CaseView:
    """Return what a reader may see: no drafts and no addresses of others."""
    seen = (
        item for item in view.evidence if sees(reader, by=item.by, is_draft=item.draft)
    )
    own = {reader.party} if reader.role in {Role.BUYER, Role.SELLER} else set(Party)
    return replace(
        view,
        evidence=tuple(seen),
        contacts=tuple(one for one in view.contacts if one.party in own),
        served=tuple(one for one in view.served if one.party in own),
    )


def sees(reader: Actor, *, by: str, is_draft: bool) -> bool:
    """Tell whether a reader may see an item: any that is no draft, and their own."""
    return not is_draft or by == reader.party or reader.role in SEES_DRAFTS


def _changes(view: CaseView, recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    if isinstance(event, FilingEvent | AdmissionEvent):
        return filing.changes(event, recorded)
    if isinstance(event, NegotiationEvent):
        return negotiation.changes(view, event, recorded)
    if isinstance(event, EscalationEvent | EvidenceEvent | InquiryEvent):
        return investigation.changes(view, event, recorded)
    if isinstance(event, RulingEvent | AppealEvent | MediatorEvent):
        return decisions.changes(view, event, recorded)
    if isinstance(event, PerformanceEvent | EnforcementEvent | SanctionEvent):
        return performance.changes(view, event, recorded)
    if isinstance(event, DeadlineEvent | SuspensionEvent):
        return performance.standstill_changes(view, event, recorded)
    if isinstance(event, NoticeEvent):
        return notices.changes(view, event, recorded)
    if isinstance(event, Corrected):
        return corrections.changes(view, event, recorded)
    if isinstance(event, PrivacyEvent | ImportWithdrawn):
        # Holds, restrictions and what is set aside are shown from the dispute's state.
        return {}
    assert_never(event)
