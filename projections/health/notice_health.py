"""Notices by mail and SMS that nobody could send, or that wait for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection

from projections.health.health_finding import Finding, Kind, Part, Severity

LATE = timedelta(minutes=15)
"""A server that is away for longer is worth a look: limits begin with service."""

RECENT = timedelta(days=1)

# By channel: how many a server or a gateway could not be made to take, not for reasons
# of the address, and since when the oldest waits.
_QUERY = """
SELECT channel,
    count(*) FILTER (WHERE state = 'failed' AND ended_at > %(recent)s
        AND problem LIKE 'unreachable%%') AS failed,
    min(created_at) FILTER (WHERE state = 'waiting') AS oldest
FROM notice_deliveries
WHERE state = 'waiting' OR state = 'failed' AND ended_at > %(recent)s
GROUP BY channel ORDER BY channel
"""


def notice_findings(connection: Connection[Any]) -> Iterator[Finding]:
    """Yield a finding for each channel that does not take what it is given.

    They are warnings: the parties still read their cases.
    """
    now = datetime.now(UTC)
    rows = connection.execute(_QUERY.encode(), {"recent": now - RECENT}).fetchall()
    for row in rows:
        channel, failed, oldest = row.values()
        if failed:
            said = f"notices: {failed} could not be sent by {channel} in the last day"
            yield Finding(Part.NOTICES, Kind.DEAD, said, Severity.WARNING)
        if oldest is not None and now - oldest > LATE:
            minutes = int((now - oldest) / timedelta(minutes=1))
            said = f"notices: one waits to be sent by {channel} for {minutes} minutes"
            yield Finding(Part.NOTICES, Kind.OVERDUE, said, Severity.WARNING)
