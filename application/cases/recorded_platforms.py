"""The platforms of which a case was recorded, as far as a connection may see them."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

MOST = 100
"""More of them nobody reads in a list."""


def is_recorded(connection: Connection[Any], platform: str) -> bool:
    """Tell whether a case of a platform was recorded."""
    query = "SELECT EXISTS (SELECT 1 FROM case_parties WHERE platform = %s)"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(query, (platform,)).fetchone())


def recorded_platforms(connection: Connection[Any]) -> tuple[str, ...]:
    """Return the first of them, by name."""
    query = "SELECT DISTINCT platform FROM case_parties ORDER BY platform LIMIT %s"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return tuple(cursor.execute(query, (MOST,)).fetchall())
