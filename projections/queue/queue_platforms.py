"""The platforms that have cases, by the cells of the queue: no case is read for it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

MOST = 100
"""More of them nobody chooses from a list."""


def queue_platforms(connection: Connection[Any]) -> tuple[str, ...]:
    """Return the platforms of the cases that the connection may see, by name."""
    query = "SELECT DISTINCT platform FROM queue_cells ORDER BY platform LIMIT %s"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return tuple(cursor.execute(query, (MOST,)).fetchall())
