"""evolve and fold: the state of a case from its events."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, assert_never

from msgspec.structs import replace

from domain.deadlines import Deadline
from domain.dispute import Dispute
from domain.endings import held_after, missed_after, still_open
from domain.events.any import (
    ClockEvent,
    DisputeEvent,
    FilingEvent,
    InvestigationEvent,
    NegotiationEvent,
    PerformanceEvent,
    PrivacyEvent,
    RulingEvent,
    SanctionEvent,
)
from domain.events.clocks import NoticeServed
from domain.events.ruling import HumanReviewRequested
from domain.evolve import (
    clocks,
    filing,
    investigation,
    negotiation,
    performance,
    privacy,
    ruling,
    sanctions,
)
from domain.notices import Notice, called_for


def evolve(dispute: Dispute, event: DisputeEvent) -> Dispute:
    """Apply one recorded fact. Never validates, never fails, never asks the time."""
    started: tuple[Deadline, ...] = getattr(event, "deadlines", ())
    dispute = replace(
        dispute,
        pauses=held_after(dispute.pauses, event),
        served=_served_before(dispute, event),
    )
    return replace(
        dispute,
        deadlines=(*still_open(dispute.deadlines, event), *started),
        missed=missed_after(dispute, event),
        notices=_unserved(dispute, event),
        **_changes(dispute, event),
    )


def fold(events: Iterable[DisputeEvent], start: Dispute | None = None) -> Dispute:
    """Apply facts in order."""
    return reduce(evolve, events, start or Dispute())


def _changes(dispute: Dispute, event: DisputeEvent) -> dict[str, Any]:
    if isinstance(event, FilingEvent):
        return filing.changes(dispute, event)
    if isinstance(event, NegotiationEvent):
        return negotiation.changes(dispute, event)
    if isinstance(event, InvestigationEvent):
        return investigation.changes(dispute, event)
    if isinstance(event, RulingEvent):
        return ruling.changes(dispute, event)
    if isinstance(event, PerformanceEvent):
        return performance.changes(dispute, event)
    if isinstance(event, ClockEvent):
        return clocks.changes(dispute, event)
    if isinstance(event, SanctionEvent):
        return sanctions.changes(dispute, event)
    if isinstance(event, PrivacyEvent):
        return privacy.changes(dispute, event)
    assert_never(event)


def _unserved(dispute: Dispute, event: DisputeEvent) -> tuple[Notice, ...]:
    if isinstance(event, NoticeServed):
        served = Notice(kind=event.notice, party=event.party)
        return tuple(notice for notice in dispute.notices if notice != served)
    kept = () if isinstance(event, HumanReviewRequested) else dispute.notices
    return (*kept, *called_for(event))


def _served_before(
    dispute: Dispute, event: DisputeEvent
) -> tuple[tuple[Notice, str], ...]:
    """Forget the service of a notice that is to be served again."""
    again = called_for(event)
    return tuple(one for one in dispute.served if one[0] not in again)
