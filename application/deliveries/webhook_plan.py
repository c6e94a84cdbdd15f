"""What endpoints are told of events: one delivery for each endpoint and event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from application.deliveries.delivery import NewDelivery, add
from application.deliveries.dispatch import DispatchedEvent
from application.deliveries.job_queue import QueuedJob
from application.deliveries.webhook import told
from application.feed.event_message import encode, event_message


def webhook_plan(
    connection: Connection[Any], events: Sequence[DispatchedEvent]
) -> Sequence[QueuedJob]:
    """Store what each endpoint is told of events; return the jobs that send it."""
    endpoints = told(connection)
    new = []
    for one in events:
        message = event_message(one.position, one.recorded, one.case)
        body = encode(message)
        new += [
            NewDelivery(
                webhook_id=endpoint.webhook_id,
                position=one.position,
                case_id=one.recorded.case,
                topic=message.type,
                body=body,
                name=f"event/{one.position}",
            )
            for endpoint in endpoints
            if endpoint.platform == message.platform
            and endpoint.after < one.position
            and endpoint.wants(message.type)
        ]
    return add(connection, new, datetime.now(UTC)) if new else ()
