"""The audit trail: every event of every case, with who, when and by which rule.

It keeps what events are searched by (`audit_search.py`); the events themselves are read
from the record.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application.record.envelope import Recorded, topic
from domain.deadlines.events import DeadlineMissed
from domain.filing.events import Filed
from domain.performance.events import Closed
from projections.audit.audit_terms import terms
from projections.audit.case_facts import deciders, rules
from projections.read_model import CaseRow, OnPoison, Placed, View
from projections.tables.view_policies import of_case


class TrailRow(CaseRow, frozen=True, kw_only=True):
    """One event. `at`: when it happened; `recorded_at`: when it was recorded (UTC).

    `precision` says how exact an imported `at` is. `rules`: the limits that began with
    the event, and the rules or grounds that it cites. `platform`, the parties,
    `category` and `order_id` are set in the first row of a case only. `terms`: what the
    row is found by, see `audit_terms.py`.
    """

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
    terms: tuple[int, ...] = ()


DDL = """
CREATE TABLE audit_trail (
    position        bigint PRIMARY KEY,
    case_id         uuid NOT NULL,
    version         bigint NOT NULL,
    type            text NOT NULL,
    at              timestamptz NOT NULL,
    precision       text NOT NULL,
    recorded_at     timestamptz NOT NULL,
    actor_role      text NOT NULL,
    actor_id        text,
    on_behalf_of    text,
    for_id          text,
    command_id      uuid NOT NULL,
    policy          text,
    rules           text[] NOT NULL,
    party           text,
    due             timestamptz,
    platform        text,
    buyer           text,
    seller          text,
    category        text,
    imported_from   text,
    imported_record text,
    request         text,
    order_id        text,
    outcome         text,
    deciders        text[] NOT NULL,
    terms           bigint[] NOT NULL
);
CREATE UNIQUE INDEX audit_trail_case ON audit_trail (case_id, version);
CREATE INDEX audit_trail_terms ON audit_trail USING gin (terms)
    WITH (fastupdate = off);
CREATE INDEX audit_trail_times ON audit_trail ((position >> 12), at);
CREATE INDEX audit_trail_buyer ON audit_trail (buyer) WHERE buyer IS NOT NULL;
CREATE INDEX audit_trail_order ON audit_trail (order_id) WHERE order_id IS NOT NULL;
"""


def fold(rows: tuple[TrailRow, ...], placed: Placed) -> tuple[TrailRow, ...]:
    """Add one row for the event, with what it is found by."""
    row = trail_row(placed.position, placed.recorded)
    found_by = terms(placed.position, placed.recorded, placed.after, row.rules)
    return (*rows, replace(row, terms=found_by))


def trail_row(position: int, recorded: Recorded) -> TrailRow:
    """Return the row of an event by itself: all of it that is shown."""
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
        rules=tuple(rules(event, recorded.policy)),
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


AUDIT_TRAIL = View(
    "audit_trail",
    row=TrailRow,
    key=("position",),
    ddl=DDL,
    fold=fold,
    on_poison=OnPoison.HALT,
    edition=2,
    grows=True,
    seen=of_case("audit_trail"),
)
