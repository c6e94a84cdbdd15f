"""Notices by mail and SMS that nobody could send, or that wait for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection

from projections.health.health_finding import Finding, Kind, Part, Severity

LATE = timedelta(minutes=15)
"""What waits longer is worth a look: limits begin with service."""

LASTING = timedelta(minutes=1)
"""A server or a gateway that fails for longer is not just being restarted."""

RECENT = timedelta(days=1)

# By channel: how many a server or a gateway could not be made to take, not for reasons
# of the address, and since when the oldest waits.
_QUERY = """
SELECT channel,
    count(*) FILTER (WHERE state = 'failed' AND ended_at > %(recent)s
        AND problem LIKE 'unreachable%%') AS failed,
    min(created_at) FILTER (WHERE state = 'waiting') AS oldest,
    min(created_at) FILTER (WHERE state = 'waiting' AND problem IS NOT NULL) AS tried,
    max(problem) FILTER (WHERE state = 'waiting') AS problem
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
        channel, failed, oldest, tried, problem = row.values()
        if failed:
            said = f"notices: {failed} could not be sent by {channel} in the last day"
            yield Finding(Part.NOTICES, Kind.DEAD, said, Severity.WARNING)
        if tried is not None and now - tried > LASTING:
            minutes = int((now - tried) / timedelta(minutes=1))
            said = f"notices: {channel} fails for {minutes} minutes: {problem}"
            yield Finding(Part.NOTICES, Kind.OVERDUE, said, Severity.WARNING)
        elif oldest is not None and now - oldest > LATE:
            minutes = int((now - oldest) / timedelta(minutes=1))
            said = f"notices: one waits to be sent by {channel} for {minutes} minutes"
            yield Finding(Part.NOTICES, Kind.OVERDUE, said, Severity.WARNING)
