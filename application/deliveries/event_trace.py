"""The trace of the event that a message tells of."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

_QUERY = """
SELECT e.state FROM ledger l JOIN events e USING (notification_id)
WHERE l.position = %s
"""


class _Traced(Struct, frozen=True):
    """What is read of an event; the rest is passed over."""

    trace: str | None = None


_decode = msgspec.json.Decoder(_Traced).decode


def event_trace(connection: Connection[Any], position: int | None) -> str | None:
    """Return the `traceparent` of the event at a position; None for none."""
    row = connection.execute(_QUERY, (position,)).fetchone()
    if row is None:
        return None
    return _decode(row["state"] if isinstance(row, dict) else row[0]).trace
