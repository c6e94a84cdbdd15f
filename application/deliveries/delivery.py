"""A message that is sent to an endpoint: added, tried, moved on, sent again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.deliveries.guarded_http import Outcome
from application.deliveries.job_queue import QueuedJob, defer, with_jobs

TASK = "webhook"
TEST = "test"

_INSERT = """
INSERT INTO deliveries
    (delivery_id, webhook_id, position, case_id, topic, body, state, created_at,
     next_at)
VALUES (%s, %s, %s, %s, %s, %b, 'waiting', %s, %s)
"""


class DeliveryState(StrEnum):
    """How far a delivery is.

    WAITING: to be sent, or sent again. DEAD: given up. CANCELLED: its endpoint was
    deleted or disabled before.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    CANCELLED = "cancelled"


class NewDelivery(Struct, frozen=True, kw_only=True):
    """A message that is to be sent to an endpoint."""

    webhook_id: UUID
    position: int | None
    case_id: UUID | None
    topic: str
    body: bytes
    name: str

    @property
    def delivery_id(self) -> UUID:
        """Return the id: of one endpoint and one message, it is always the same."""
        return uuid5(self.webhook_id, self.name)


def queue_of(webhook_id: UUID) -> str:
    """Return the name of the queue of an endpoint's jobs."""
    # The library names a channel after it, which has 63 bytes at most with its own 23.
    return f"hook/{webhook_id.hex}"


def add(
    connection: Connection[Any], new: Sequence[NewDelivery], now: datetime
) -> list[QueuedJob]:
    """Store deliveries; return the jobs that send them."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT.encode(),
            [
                (
                    *(one.delivery_id, one.webhook_id, one.position, one.case_id),
                    *(one.topic, one.body, now, now),
                )
                for one in new
            ],
        )
    return [job(one.delivery_id, one.webhook_id, one.case_id) for one in new]


class TestMessage(Struct, frozen=True, kw_only=True):
    """What an endpoint is sent so that its receiver can be tried."""

    type: str = TEST
    platform: str
    webhook: UUID
    at: datetime


def send_test(
    connection: Connection[Any],
    webhook_id: UUID,
    platform: str,
    name: str,
    now: datetime,
) -> UUID:
    """Send an endpoint a test event; return the delivery. `name` tells it apart."""
    message = TestMessage(platform=platform, webhook=webhook_id, at=now)
    new = NewDelivery(
        webhook_id=webhook_id,
        position=None,
        case_id=None,
        topic=TEST,
        body=msgspec.json.encode(message),
        name=f"test/{name}",
    )
    with connection.transaction():
        jobs = add(connection, [new], now)
        with_jobs(connection)
        defer(connection, jobs)
    return new.delivery_id


def job(delivery_id: UUID, webhook_id: UUID, case_id: UUID | None) -> QueuedJob:
    """Return the job that sends a delivery."""
    # What an endpoint is told of one case reaches it in order; a test event has none.
    lane = case_id or delivery_id
    return QueuedJob(
        task=TASK,
        queue=queue_of(webhook_id),
        lock=f"{webhook_id}/{lane}",
        arguments={"delivery": str(delivery_id)},
    )


def note_attempt(
    connection: Connection[Any], delivery_id: UUID, outcome: Outcome
) -> None:
    """Store an attempt, with the next number: a dead letter has more of them."""
    connection.execute(
        "INSERT INTO delivery_attempts"
        " SELECT %s, coalesce(max(number), 0) + 1, %s, %s, %s, %s"
        " FROM delivery_attempts WHERE delivery_id = %s",
        (
            *(delivery_id, outcome.at, outcome.milliseconds),
            *(outcome.status, outcome.problem, delivery_id),
        ),
    )


def move_on(
    connection: Connection[Any],
    delivery_id: UUID,
    tries: int,
    state: DeliveryState,
    at: datetime,
) -> None:
    """Store where a delivery stands: `at` is when it is sent again, or ended."""
    waits = state is DeliveryState.WAITING
    connection.execute(
        "UPDATE deliveries SET state = %s, tries = %s, next_at = %s, ended_at = %s"
        " WHERE delivery_id = %s AND state = 'waiting'",
        (state, tries, at if waits else None, None if waits else at, delivery_id),
    )


def send_again(
    connection: Connection[Any], webhook_id: UUID, which: UUID | None, now: datetime
) -> int:
    """Let dead letters of an endpoint wait again; return how many.

    `which`: one of them, None for all. They come behind what waits of their cases.
    """
    with connection.transaction(), connection.cursor() as cursor:
        rows = cursor.execute(
            "UPDATE deliveries SET state = 'waiting', tries = 0, next_at = %s,"
            " ended_at = NULL WHERE webhook_id = %s AND state = 'dead'"
            " AND (%s::uuid IS NULL OR delivery_id = %s)"
            " RETURNING delivery_id, case_id, position",
            (now, webhook_id, which, which),
        ).fetchall()
        plain = [tuple(one.values() if isinstance(one, dict) else one) for one in rows]
        plain.sort(key=lambda one: one[2] or 0)
        with_jobs(connection)
        defer(connection, [job(one, webhook_id, case) for one, case, _ in plain])
    return len(plain)
