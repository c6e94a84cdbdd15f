"""The values that cases of the record have, for those who narrow a report."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from projections.reports.known_values import DISTINCT, Known


def known_values(connection: Connection[Any]) -> Known:
    """Return what finds the values of a column of the figures' rows."""

    def known(column: str) -> list[str]:
        with connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(DISTINCT.format(column=column)).fetchall()

    return known
