"""Events that are recorded and not in the log yet: since when the first one waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

_UNORDERED = """
SELECT state FROM events WHERE notification_id >
    (SELECT coalesce(max(notification_id), 0) FROM ledger)
ORDER BY notification_id LIMIT 1
"""

_AFTER = """
SELECT state FROM ledger JOIN events USING (notification_id)
WHERE position > %s ORDER BY position LIMIT 1
"""


class _RecordedAt(Struct):
    recorded_at: datetime


def first_unordered(connection: Connection[Any]) -> datetime | None:
    """Return when the first event without a position was recorded."""
    return _recorded_at(connection, _UNORDERED)


def first_after(connection: Connection[Any], position: int) -> datetime | None:
    """Return when the first event after a position was recorded."""
    return _recorded_at(connection, _AFTER, (position,))


def first_unlogged(connection: Connection[Any], position: int) -> datetime | None:
    """Return since when an event waits, if the log ends at a position."""
    times = first_after(connection, position), first_unordered(connection)
    return min((one for one in times if one is not None), default=None)


def _recorded_at(
    connection: Connection[Any], query: str, values: tuple[int, ...] = ()
) -> datetime | None:
    """Return when the event that a query finds was recorded."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query.encode(), values).fetchone()
    if row is None:
        return None
    try:
        return msgspec.json.decode(row[0], type=_RecordedAt).recorded_at
    except msgspec.DecodeError:
        # Somebody changed the stored event. The audit finds and names that; here only
        # a time was asked for.
        return None
