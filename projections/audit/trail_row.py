"""An event as the audit trail shows it: who, when and by which rule.

It is read from the record each time; `audit_trail.py` keeps only what finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.record.envelope import Recorded, decode, topic
from domain.deadlines.events import DeadlineMissed
from domain.filing.events import Filed
from domain.performance.events import Closed
from projections.audit.case_facts import deciders, rules

_EVENTS = """
SELECT l.position, e.state FROM ledger l JOIN events e USING (notification_id)
WHERE l.position = ANY (%s) ORDER BY l.position
"""


class TrailRow(Struct, frozen=True, kw_only=True):
    """One event. `at`: when it happened; `recorded_at`: when it was recorded (UTC).

    `precision` says how exact an imported `at` is. `rules`: the limits that began with
    the event, and the rules or grounds that it cites. `platform`, the parties,
    `category` and `order_id` are set for the first event of a case only.
    """

    case_id: UUID
    position: int
    version: int
    type: str
    at: datetime
    precision: str
    recorded_at: datetime
    actor_role: str
    actor_id: str | None
    on_behalf_of: str | None
    for_id: str | None
    command_id: UUID
    policy: str | None
    rules: tuple[str, ...]
    party: str | None
    due: datetime | None
    platform: str | None
    buyer: str | None
    seller: str | None
    category: str | None
    imported_from: str | None
    imported_record: str | None
    request: str | None
    order_id: str | None = None
    outcome: str | None = None
    deciders: tuple[str, ...] = ()


def trail_row(position: int, recorded: Recorded) -> TrailRow:
    """Return an event as it is shown."""
    event = recorded.event
    filed = event if isinstance(event, Filed) else None
    missed = event if isinstance(event, DeadlineMissed) else None
    return TrailRow(
        case_id=recorded.case,
        position=position,
        version=recorded.version,
        type=topic(event),
        at=recorded.at,
        precision=recorded.imported.precision if recorded.imported else "exact",
        recorded_at=recorded.recorded_at,
        actor_role=recorded.actor.role,
        actor_id=recorded.actor.id,
        on_behalf_of=recorded.actor.on_behalf_of,
        for_id=recorded.actor.for_id,
        command_id=recorded.command_id,
        policy=recorded.policy,
        rules=tuple(rules(recorded.event, recorded.policy)),
        party=missed.party if missed else getattr(event, "by", None),
        due=missed.due if missed else None,
        platform=filed.platform if filed else None,
        buyer=filed.buyer if filed else None,
        seller=filed.seller if filed else None,
        category=f"{filed.category}/{filed.reason}" if filed else None,
        imported_from=recorded.imported.system if recorded.imported else None,
        imported_record=recorded.imported.record if recorded.imported else None,
        request=recorded.request,
        order_id=filed.order if filed else None,
        outcome=event.outcome if isinstance(event, Closed) else None,
        deciders=deciders(recorded),
    )


def rows_at(connection: Connection[Any], places: Sequence[int]) -> Sequence[TrailRow]:
    """Read the events at positions of the ledger, in the order of these."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        rows = cursor.execute(_EVENTS.encode(), (list(places),), prepare=True)
        return [trail_row(position, decode(state)) for position, state in rows]
