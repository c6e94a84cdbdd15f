"""The audit trail: every event of every case, with who, when and by which rule.

It keeps what events are searched by; the events themselves are read from the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.record.envelope import topic
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.evidence.events import BurdenAssigned
from domain.filing.events import Filed
from domain.negotiation.events import SellerResponded
from domain.roles import Actor
from domain.ruling.events import Ruled
from projections.barred_cases import hidden_from
from projections.read_model import CaseRow, OnPoison, Placed, View
from projections.typed_rows import struct_row
from projections.view_audit.view_rounds import check_sound
from projections.view_policies import of_case


class TrailRow(CaseRow, frozen=True, kw_only=True):
    """One event. `at`: when it happened; `recorded_at`: when it was recorded (UTC).

    `precision` says how exact an imported `at` is. `rules`: the limits that began with
    the event, and the rules or grounds that it cites. `platform`, the parties and
    `category` are set in the first row of a case only.
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
    request         text
);
CREATE UNIQUE INDEX audit_trail_case ON audit_trail (case_id, version);
CREATE INDEX audit_trail_actor ON audit_trail (actor_id, position);
CREATE INDEX audit_trail_type ON audit_trail (type, position);
CREATE INDEX audit_trail_request ON audit_trail (request) WHERE request IS NOT NULL;
CREATE INDEX audit_trail_buyer ON audit_trail (buyer) WHERE buyer IS NOT NULL;
CREATE INDEX audit_trail_seller ON audit_trail (seller) WHERE seller IS NOT NULL;
CREATE INDEX audit_trail_rules ON audit_trail USING gin (rules)
    WHERE rules <> '{}';
"""


def fold(rows: tuple[TrailRow, ...], placed: Placed) -> tuple[TrailRow, ...]:
    """Add one row for the event."""
    recorded, event = placed.recorded, placed.recorded.event
    filed = event if isinstance(event, Filed) else None
    missed = event if isinstance(event, DeadlineMissed) else None
    row = TrailRow(
        case_id=recorded.case,
        position=placed.position,
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
        rules=tuple(_rules(event, recorded.policy)),
        party=missed.party if missed else getattr(event, "by", None),
        due=missed.due if missed else None,
        platform=filed.platform if filed else None,
        buyer=filed.buyer if filed else None,
        seller=filed.seller if filed else None,
        category=f"{filed.category}/{filed.reason}" if filed else None,
        imported_from=recorded.imported.system if recorded.imported else None,
        imported_record=recorded.imported.record if recorded.imported else None,
        request=recorded.request,
    )
    return (*rows, row)


def _rules(event: DisputeEvent, policy: str | None) -> Iterator[str]:
    for deadline in getattr(event, "deadlines", ()):
        yield f"{policy}#{deadline.limit}"
    match event:
        case Ruled(reasons=reasons):
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case AppealDecided(reasons=reasons, result=result):
            yield f"appeal:{result}"
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case BurdenAssigned(rule=rule):
            yield f"{rule.id}/{rule.version}"
        case Refused(ground=ground, rule=rule_applied):
            yield f"ground:{ground}"
            if rule_applied:
                yield rule_applied
        case DeadlineMissed(awaited=awaited):
            yield f"missed:{awaited}"
        case SellerResponded(position=position):
            yield f"position:{position}"


AUDIT_TRAIL = View(
    "audit_trail",
    row=TrailRow,
    key=("position",),
    ddl=DDL,
    fold=fold,
    on_poison=OnPoison.HALT,
    grows=True,
    seen=of_case("audit_trail"),
)


class Search(Struct, frozen=True, kw_only=True):
    """Which events to find; None: any. Times are UTC, `until` excluded.

    `reader` is who looks for them: staff is not shown cases that staff may not read.
    `buyer` and `seller` find the events of their cases, `rule` those that cite a rule
    or began its limit, `late` the deadlines that this party missed, `request` what an
    HTTP request led to.
    """

    platform: str | None = None
    case_id: UUID | None = None
    buyer: str | None = None
    seller: str | None = None
    actor: str | None = None
    rule: str | None = None
    type: str | None = None
    category: str | None = None
    late: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    imported_from: str | None = None
    request: str | None = None
    reader: Actor | None = None


# Parties, platform and category are in the row of `Filed` alone, which is version 1.
_OF_CASES = "case_id IN (SELECT case_id FROM audit_trail WHERE version = 1 AND {})"
_CONDITIONS = {
    "platform": _OF_CASES.format("platform = %(platform)s"),
    "case_id": "case_id = %(case_id)s",
    "buyer": _OF_CASES.format("buyer = %(buyer)s"),
    "seller": _OF_CASES.format("seller = %(seller)s"),
    "category": _OF_CASES.format(
        "(category = %(category)s OR category LIKE %(category)s || '/%%')"
    ),
    "actor": "actor_id = %(actor)s",
    # The first part follows from the second, but is needed for the partial index.
    "rule": "rules <> '{}' AND rules @> ARRAY[%(rule)s]",
    "type": "type = %(type)s",
    "late": "type = 'deadline-missed' AND party = %(late)s",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "imported_from": "imported_from = %(imported_from)s",
    "request": "request = %(request)s",
}


def found(
    connection: Connection[Any], search: Search, *, limit: int, after: int = 0
) -> Sequence[TrailRow]:
    """Find events in the order of their positions, after position `after`.

    Raises ViewDiffers.
    """
    check_sound(connection, AUDIT_TRAIL.name)
    given = {
        name: value
        for name, value in msgspec.structs.asdict(search).items()
        if value is not None
    }
    reader = given.pop("reader", None)
    conditions = [_CONDITIONS[name] for name in given]
    conditions += hidden_from(reader, given, of="audit_trail")
    where = " AND ".join(["position > %(after)s", *conditions])
    query = f"SELECT * FROM audit_trail WHERE {where} ORDER BY position LIMIT %(limit)s"
    with connection.cursor(row_factory=struct_row(TrailRow)) as cursor:
        parameters = given | {"after": after, "limit": limit}
        return cursor.execute(query.encode(), parameters).fetchall()
