"""What was sent to endpoints: each delivery, and every attempt at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row, kwargs_row

from application.deliveries.delivery import DeliveryState

_COLUMNS = (
    "delivery_id, webhook_id, position, case_id, topic, state, tries, created_at,"
    " next_at, ended_at"
)

Place = tuple[datetime, UUID]


class Delivery(Struct, frozen=True, kw_only=True):
    """One message to one endpoint.

    `position` None: a test event. `next_at`: when it is sent, or sent again; None when
    it has ended.
    """

    delivery_id: UUID
    webhook_id: UUID
    position: int | None
    case_id: UUID | None
    topic: str
    state: DeliveryState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt: when, how long it took, what was answered, what was wrong."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    problem: str | None


def deliveries(
    connection: Connection[Any],
    webhook_id: UUID,
    state: DeliveryState | None,
    limit: int,
    after: Place | None = None,
) -> Sequence[Delivery]:
    """List an endpoint's deliveries, the last first."""
    at, delivery_id = after or (None, None)
    return _select(
        connection,
        "webhook_id = %s AND (%s::text IS NULL OR state = %s)"
        " AND (%s::timestamptz IS NULL OR (created_at, delivery_id) < (%s, %s))"
        " ORDER BY created_at DESC, delivery_id DESC LIMIT %s",
        (webhook_id, state, state, at, at, delivery_id, limit),
    )


def find_delivery(
    connection: Connection[Any], webhook_id: UUID, delivery_id: UUID
) -> Delivery | None:
    """Return a delivery of an endpoint."""
    where = "webhook_id = %s AND delivery_id = %s"
    found = _select(connection, where, (webhook_id, delivery_id))
    return found[0] if found else None


def attempts(connection: Connection[Any], delivery_id: UUID) -> Sequence[Attempt]:
    """Return the attempts at a delivery, the first one first."""
    with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(
            "SELECT number, at, milliseconds, status, problem FROM delivery_attempts"
            " WHERE delivery_id = %s ORDER BY number",
            (delivery_id,),
        ).fetchall()


def _select(
    connection: Connection[Any], where: str, parameters: tuple[Any, ...]
) -> Sequence[Delivery]:
    query = f"SELECT {_COLUMNS} FROM deliveries WHERE {where}"
    with connection.cursor(row_factory=kwargs_row(_row)) as cursor:
        return cursor.execute(query.encode(), parameters).fetchall()


def _row(**row: Any) -> Delivery:
    return Delivery(**row | {"state": DeliveryState(row["state"])})
