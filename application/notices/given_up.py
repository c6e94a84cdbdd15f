"""Sends again what was given up: messages to webhooks, and notices to the parties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from application.deliveries import delivery
from application.deliveries.delivery_log import Undelivered
from application.deliveries.job_queue import defer, with_jobs
from application.deliveries.webhook import State
from application.notices.notice_delivery import NoticeDelivery, NoticeState, send_again


def messages_again(connection: Connection[Any], found: Iterable[Undelivered]) -> int:
    """Let the messages that endpoints have not taken wait again; return how many."""
    now = datetime.now(UTC)
    # What waits for a disabled one is cancelled: the dead letters would be lost.
    return sum(
        delivery.send_again(connection, one.webhook_id, None, now)
        for one in found
        if one.state != State.DISABLED
    )


def notices_again(connection: Connection[Any], found: Sequence[NoticeDelivery]) -> int:
    """Let notices that were given up wait again; return how many."""
    with connection.transaction():
        now = datetime.now(UTC)
        lost = (one for one in found if one.state is NoticeState.FAILED)
        waiting = [send_again(connection, one.delivery_id, now) for one in lost]
        jobs = [one.job for one in waiting if one is not None]
        with_jobs(connection)
        defer(connection, jobs)
    return len(jobs)
