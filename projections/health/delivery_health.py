"""Messages to webhooks that were given up, or that wait for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from projections.health.health_finding import Finding, Kind, Part, Severity

LATE_SECONDS = 120.0
"""How long a message may be due before the worker counts as not sending."""

MOST = 10_000
"""Counted no further: the table can be long, and health is asked for often."""

# What waits for a paused endpoint, or for its next attempt, is as it should be.
_QUERY = f"""
SELECT
    (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = 'dead'
        LIMIT {MOST}) AS dead) AS dead,
    (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = 'waiting'
        LIMIT {MOST}) AS waiting) AS waiting,
    (SELECT created_at FROM deliveries WHERE state = 'waiting'
        ORDER BY created_at LIMIT 1) AS oldest,
    (SELECT min(d.next_at) FROM (SELECT webhook_id, next_at FROM deliveries
        WHERE state = 'waiting' AND tries = 0 ORDER BY created_at LIMIT {MOST}) AS d
        JOIN webhooks w USING (webhook_id)
        WHERE w.state = 'active' AND w.failing_since IS NULL) AS due,
    (SELECT count(*) FROM webhooks WHERE state = 'disabled') AS disabled
"""


class DeliveryHealth(Struct, frozen=True, kw_only=True):
    """How messages to webhooks stand.

    `dead`: given up after the last attempt; `waiting`: not delivered yet, the `oldest`
    since then. `due`: since when the first message to an endpoint that takes messages
    should have been sent. `disabled`: endpoints whose receivers said that they are
    gone. Counts go no further than 10,000; times are UTC.
    """

    dead: int
    waiting: int
    oldest: datetime | None
    due: datetime | None
    disabled: int

    @property
    def oldest_seconds(self) -> float:
        """Return for how long the oldest message has waited, 0.0 for none."""
        return _since(self.oldest)

    @property
    def late_seconds(self) -> float:
        """Return for how long a message has been due that nobody has sent."""
        return _since(self.due)


def delivery_health(connection: Connection[Any]) -> DeliveryHealth:
    """Count what was given up, and what waits."""
    with connection.cursor(row_factory=class_row(DeliveryHealth)) as cursor:
        found = cursor.execute(_QUERY.encode()).fetchone()
    if found is None:
        raise LookupError("a query without FROM has one row")
    return found


def delivery_findings(health: DeliveryHealth) -> Iterator[Finding]:
    """Yield what is wrong; a receiver's trouble is no fault of the installation."""
    if health.dead:
        more = " or more" if health.dead == MOST else ""
        said = (
            f"webhooks: {health.dead}{more} messages were given up: redress deliveries"
        )
        yield Finding(Part.WEBHOOKS, Kind.DEAD, said, Severity.WARNING)
    if health.disabled:
        said = f"webhooks: {health.disabled} are disabled: their receivers are gone"
        yield Finding(Part.WEBHOOKS, Kind.ENDED, said, Severity.WARNING)
    if health.late_seconds > LATE_SECONDS:
        said = f"webhooks: a message is due for {health.late_seconds:.0f} s"
        yield Finding(Part.WEBHOOKS, Kind.OVERDUE, said, Severity.WARNING)


def _since(moment: datetime | None) -> float:
    if moment is None:
        return 0.0
    return max(0.0, (datetime.now(UTC) - moment).total_seconds())
