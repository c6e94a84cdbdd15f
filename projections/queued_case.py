"""What the queue's row of a case is made of, event by event."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.record.envelope import Recorded
from domain.case.dispute import Dispute
from domain.case.evolve import evolve
from domain.filing.events import Filed
from domain.performance.events import Closed


class QueuedCase(Struct, frozen=True, kw_only=True):
    """A dispute, and what it does not keep of its events. Times are UTC."""

    dispute: Dispute
    channel: str
    opened_at: datetime
    closed_at: datetime | None


def next_state(before: QueuedCase | None, recorded: Recorded) -> QueuedCase:
    """Fold an event; `before` is None for the first one of a case."""
    event = recorded.event
    dispute = evolve(before.dispute if before else Dispute(), event)
    # A case stays closed unless it is open again, and has no outcome then.
    closed_at = before.closed_at if before and dispute.outcome else None
    channel = before.channel if before else ""
    return QueuedCase(
        dispute=dispute,
        channel=event.channel if isinstance(event, Filed) else channel,
        opened_at=before.opened_at if before else recorded.at,
        closed_at=recorded.at if isinstance(event, Closed) else closed_at,
    )
