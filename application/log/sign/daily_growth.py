"""How the log has grown: the largest checkpoint of each day."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.log.sign.checkpoint_kind import Kind


class DayOfLog(Struct, frozen=True, kw_only=True):
    """A day (UTC), and how many entries the log had at its last archived checkpoint."""

    day: date
    size: int


def daily_growth(connection: Connection[object], days: int) -> list[DayOfLog]:
    """Return the last days of which a signed checkpoint is archived, the latest first.

    A day without one is not there: nothing was signed then.
    """
    with connection.cursor(row_factory=class_row(DayOfLog)) as cursor:
        return cursor.execute(
            "SELECT (at AT TIME ZONE 'UTC')::date AS day, max(size) AS size"
            " FROM log_archive WHERE kind = %s GROUP BY 1 ORDER BY 1 DESC LIMIT %s",
            (Kind.SIGNED, days),
        ).fetchall()
