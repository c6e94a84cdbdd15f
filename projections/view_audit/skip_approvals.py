"""Holds the positions that views pass over against the access log.

Whoever approves that a view passes over an event is recorded there, in entries that are
chained and sealed into the record. A row that was put into the table has no such entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from application.access.access_log import decode_entry
from application.jobs.view_skips import skips
from domain.access_events import PositionSkipped
from projections.view_audit.view_difference import ViewDifference


def unapproved(connection: Connection[Any]) -> Iterator[ViewDifference]:
    """Yield the positions that are passed over without two people having said so."""
    approved = [one for one in skips(connection) if one.approved_by is not None]
    if not approved:
        return
    said = {
        (entry.event.view, entry.event.position, entry.event.proposed_by, approver)
        for entry in _entries(connection)
        if isinstance(entry.event, PositionSkipped)
        and (approver := entry.event.approved_by)
    }
    for one in approved:
        who = one.follower, one.position, one.proposed_by, one.approved_by
        if who not in said:
            words = "it passes over a position, which nobody has approved on record"
            yield ViewDifference(
                view=one.follower, key=f"position {one.position}", said=words
            )


def _entries(connection: Connection[Any]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        rows = cursor.execute(
            "SELECT entry AS entry FROM access_log WHERE what = 'position-skipped'"
        ).fetchall()
    for row in rows:
        yield decode_entry(row["entry"] if isinstance(row, dict) else row[0])
