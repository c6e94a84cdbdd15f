"""The state of a case that views make their rows of, event by event.

No view keeps it: it is evolved once for all views, or again from the events.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.record.envelope import Recorded
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.filing.events import Filed
from domain.filing.order_snapshot import OrderSnapshot
from domain.imports.events import Corrected
from domain.notices.events import ContactStated
from domain.performance.events import Closed
from domain.roles import Party
from projections.audit.case_facts import Fact, facts_after


class OrderListed(Struct, frozen=True, kw_only=True, gc=False):
    """What a filing says of the order line, as far as cases are found by it."""

    id: str | None = None
    line: str | None = None
    title: str | None = None
    sku: str | None = None
    shop: str | None = None


NO_ORDER = OrderListed()


class EvolvedCase(Struct, frozen=True, kw_only=True, gc=False):
    """A dispute, and what it does not keep of its events. Times are UTC.

    `version`: that of the last event in it. `seller_since`: the version with which the
    seller became part of the case. `language`: the one that the buyer asked to be
    written to in. `facts`: what its events have made true of it (`case_facts.py`).
    """

    version: int
    dispute: Dispute
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    order: OrderListed = NO_ORDER
    seller_since: int | None = None
    language: str | None = None
    facts: tuple[Fact, ...] = ()


def next_state(before: EvolvedCase | None, recorded: Recorded) -> EvolvedCase:
    """Fold an event; `before` is None for the first one of a case."""
    event = recorded.event
    dispute = evolve(before.dispute if before else Dispute(), event)
    # A case stays closed unless it is open again, and has no outcome then.
    closed_at = before.closed_at if before and dispute.outcome else None
    channel = before.channel if before else ""
    if isinstance(event, Corrected):
        channel, closed_at = _corrected(event, channel, closed_at)
    order = before.order if before else NO_ORDER
    since = before.seller_since if before else None
    return EvolvedCase(
        version=recorded.version,
        dispute=dispute,
        facts=facts_after(before.facts if before else (), recorded),
        channel=event.channel if isinstance(event, Filed) else channel,
        order=_order(event) if isinstance(event, Filed) else order,
        language=_language(before, event),
        seller_since=since if since or dispute.seller_unaware else recorded.version,
        opened_at=before.opened_at if before else recorded.at,
        closed_at=recorded.at if isinstance(event, Closed) else closed_at,
    )


def _corrected(
    event: Corrected, channel: str, closed_at: datetime | None
) -> tuple[str, datetime | None]:
    """Return the channel, and when the case was closed, after a correction."""
    for one in event.corrections:
        match event.kind, one.field, one.stated:
            case "filed", "channel", str(stated):
                channel = stated
            case "closed", "at", str(stated) if closed_at and isinstance(
                one.recorded, str
            ):
                recorded = datetime.fromisoformat(one.recorded)
                if closed_at == recorded:
                    closed_at = datetime.fromisoformat(stated)
            case _:
                continue
    return channel, closed_at


def _language(before: EvolvedCase | None, event: DisputeEvent) -> str | None:
    known = before.language if before else None
    if isinstance(event, ContactStated) and event.party is Party.BUYER:
        return event.language or known
    return known


def _order(event: Filed) -> OrderListed:
    shown = event.snapshot or OrderSnapshot()
    return OrderListed(
        id=event.order,
        line=event.line,
        title=shown.title,
        sku=shown.sku,
        shop=shown.shop,
    )
