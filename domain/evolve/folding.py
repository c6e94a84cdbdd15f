"""evolve and fold: the state of a case from its events."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, assert_never

from msgspec.structs import replace

from domain.deadlines import Deadline
from domain.dispute import Dispute
from domain.endings import missed_after, still_open
from domain.events.any import (
    ClockEvent,
    DisputeEvent,
    FilingEvent,
    InvestigationEvent,
    NegotiationEvent,
    PerformanceEvent,
    RulingEvent,
    SanctionEvent,
)
from domain.events.clocks import NoticeServed
from domain.evolve import (
    clocks,
    filing,
    investigation,
    negotiation,
    performance,
    ruling,
    sanctions,
)
from domain.notices import Notice, called_for


def evolve(dispute: Dispute, event: DisputeEvent) -> Dispute:
    """Apply one recorded fact. Never validates, never fails, never asks the time."""
    started: tuple[Deadline, ...] = getattr(event, "deadlines", ())
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
    assert_never(event)


def _unserved(dispute: Dispute, event: DisputeEvent) -> tuple[Notice, ...]:
    if isinstance(event, NoticeServed):
        served = Notice(kind=event.notice, party=event.party)
        return tuple(notice for notice in dispute.notices if notice != served)
    return (*dispute.notices, *called_for(event))
