"""Up to which event the figures go."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from projections.tables.view_presence import ViewMissing


def position_of(connection: Connection[Any]) -> int:
    """Return the last event that the figures know of. Raises ViewMissing."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT position FROM followers WHERE name = 'transparency'"
        position = cursor.execute(query).fetchone()
    if position is None:
        raise ViewMissing("transparency")
    return int(position)
