"""The history of one case, as the audit trail shows it, from the record itself.

What is shown as evidence rests on the record and the ledger alone: the trail may be
behind, may have halted, or may lack a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from application.record.envelope import Recorded
from projections.audit.trail_row import TrailRow, trail_row


def history(
    connection: Connection[Any], case: UUID, events: Sequence[Recorded]
) -> tuple[TrailRow, ...]:
    """Return a row for each event of a case; position 0: it has none yet."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        query = (
            "SELECT originator_version, position FROM ledger WHERE originator_id = %s"
        )
        positions: dict[int, int] = dict(cursor.execute(query, (case,)).fetchall())
    return tuple(
        trail_row(positions.get(recorded.version, 0), recorded) for recorded in events
    )
