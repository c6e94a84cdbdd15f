"""How the log has grown: the largest checkpoint of each day."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.log.sign.checkpoint_kind import Kind


class DayOfLog(Struct, frozen=True, kw_only=True):
    """A day (UTC), and how many entries the log had at its last known checkpoint."""

    day: date
    size: int


# The latest one is archived only if some minutes have passed since the one before.
_DAYS = """
SELECT (at AT TIME ZONE 'UTC')::date AS day, max(size) AS size
FROM (
    SELECT at, size FROM log_archive WHERE kind = %(kind)s
    UNION ALL
    SELECT at, size FROM log_checkpoints WHERE kind = %(kind)s
) AS known
GROUP BY 1 ORDER BY 1 DESC LIMIT %(days)s
"""


def daily_growth(
    connection: Connection[object], days: int, kind: Kind
) -> list[DayOfLog]:
    """Return the last days of which a checkpoint of a kind is kept, the latest first.

    A day without one is not there: nothing was published then.
    """
    with connection.cursor(row_factory=class_row(DayOfLog)) as cursor:
        return cursor.execute(_DAYS, {"kind": kind, "days": days}).fetchall()
