"""The state of a case that views make their rows of, event by event.

No view keeps it: it is evolved once for all views, or again from the events.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.record.envelope import Recorded
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.deadlines.events import DeadlineMissed
from domain.filing.events import Filed
from domain.filing.order_snapshot import OrderSnapshot
from domain.notices.events import ContactStated
from domain.performance.events import Closed
from domain.roles import Party
from domain.ruling.events import Ruled


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
    written to in. `late`: the sides that have missed a limit. `deciders`: who refused,
    ruled, approved or decided an appeal.
    """

    version: int
    dispute: Dispute
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    order: OrderListed = NO_ORDER
    seller_since: int | None = None
    language: str | None = None
    late: tuple[Party, ...] = ()
    deciders: tuple[str, ...] = ()


def next_state(before: EvolvedCase | None, recorded: Recorded) -> EvolvedCase:
    """Fold an event; `before` is None for the first one of a case."""
    event = recorded.event
    dispute = evolve(before.dispute if before else Dispute(), event)
    # A case stays closed unless it is open again, and has no outcome then.
    closed_at = before.closed_at if before and dispute.outcome else None
    channel = before.channel if before else ""
    order = before.order if before else NO_ORDER
    since = before.seller_since if before else None
    return EvolvedCase(
        version=recorded.version,
        dispute=dispute,
        channel=event.channel if isinstance(event, Filed) else channel,
        order=_order(event) if isinstance(event, Filed) else order,
        language=_language(before, event),
        late=_late(before, event),
        deciders=_deciders(before, recorded),
        seller_since=since if since or dispute.seller_unaware else recorded.version,
        opened_at=before.opened_at if before else recorded.at,
        closed_at=recorded.at if isinstance(event, Closed) else closed_at,
    )


def deciders(recorded: Recorded) -> tuple[str, ...]:
    """Return who decided, if an event is a decision: also who approved it."""
    event = recorded.event
    match event:
        case Ruled(decided_by=decider, approved_by=approver):
            named = (decider or recorded.actor.id, approver)
        case AppealDecided(decided_by=decider) | Refused(decided_by=decider):
            named = (decider or recorded.actor.id, None)
        case _:
            return ()
    return tuple(dict.fromkeys(one for one in named if one))


def _late(before: EvolvedCase | None, event: DisputeEvent) -> tuple[Party, ...]:
    known = before.late if before else ()
    if isinstance(event, DeadlineMissed) and event.party not in known:
        return (*known, event.party)
    return known


def _deciders(before: EvolvedCase | None, recorded: Recorded) -> tuple[str, ...]:
    known = before.deciders if before else ()
    new = deciders(recorded)
    return tuple(dict.fromkeys((*known, *new))) if new else known


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
