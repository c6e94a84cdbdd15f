"""The cases that filters find and that their reader may not read: mostly none."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from domain.roles import STAFF
from projections.queue.case_conditions import Filters, conditions_of
from projections.queue.queue_view import COLUMNS, QueueRow
from projections.tables.typed_rows import struct_row


def barred_rows(database: Database, filters: Filters) -> Sequence[QueueRow]:
    """Return the cases that the filters find, and that their reader may not read."""
    reader = filters.reader
    if reader is None or reader.role not in STAFF:
        return ()
    conditions, given = conditions_of(
        replace(filters, reader=None), without={"overdue"}
    )
    where = " AND ".join(conditions) or "true"
    # By the person's own indexes: the filters then look at a few rows only.
    query = (
        f"SELECT {COLUMNS} FROM queue q WHERE {where} AND case_id IN ("
        "SELECT case_id FROM queue WHERE buyer = %(staff)s"
        " UNION ALL SELECT case_id FROM queue WHERE seller = %(staff)s"
        " UNION ALL SELECT case_id FROM case_recusals WHERE person = %(staff)s)"
    )
    with (
        beyond(Beyond.COUNTS),
        database.get_connection() as connection,
        connection.cursor(row_factory=struct_row(QueueRow)) as cursor,
    ):
        return cursor.execute(query.encode(), given | {"staff": reader.id}).fetchall()
