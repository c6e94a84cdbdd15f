"""Lists the cases that filters find, page by page, and draws samples of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import scalar_row, tuple_row

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from projections.queue.barred_rows import barred_rows
from projections.queue.case_conditions import Filters, conditions_of
from projections.queue.case_pages import (
    ListSort,
    PageQuery,
    Place,
    page_query,
    rows_query,
)
from projections.queue.queue_view import COLUMNS, QueueRow
from projections.tables.typed_rows import struct_row


def listed(
    database: Database,
    filters: Filters,
    *,
    sort: ListSort,
    limit: int,
    after: Place | None = None,
) -> Sequence[QueueRow]:
    """List cases: the most urgent, the last opened, longest unchanged or last closed.

    `after` is the place of the last row of the page before.
    """
    page = page_query(filters, sort, after)
    query, values = page.text, page.values | {"limit": limit}
    if page.finds_cases:
        values |= {"cases": _found(database, filters, page, limit)}
        query = rows_query(sort)
    with (
        database.get_connection() as connection,
        connection.cursor(row_factory=struct_row(QueueRow)) as cursor,
    ):
        return cursor.execute(query.encode(), values).fetchall()


def _found(
    database: Database, filters: Filters, page: PageQuery, limit: int
) -> Sequence[UUID]:
    """Return the cases of a page. Their rows are read as the reader may read them."""
    # Left out here, and not only by row security: a page would else be too short.
    barred = [row.case_id for row in barred_rows(database, filters)]
    values = page.values | {"limit": limit, "barred": barred}
    with (
        beyond(Beyond.PAGES),
        database.get_connection() as connection,
        connection.cursor(row_factory=scalar_row) as cursor,
    ):
        return cursor.execute(page.text.encode(), values).fetchall()


def case_numbers(connection: Connection[Any], cases: Sequence[UUID]) -> dict[UUID, str]:
    """Return the numbers of the cases that the reader may see, by their ids."""
    query = "SELECT case_id, case_number FROM queue WHERE case_id = ANY(%s)"
    with connection.cursor(row_factory=tuple_row) as cursor:
        return dict(cursor.execute(query.encode(), (list(cases),)).fetchall())


def drawn(
    connection: Connection[Any], filters: Filters, *, size: int, seed: str
) -> tuple[int, Sequence[QueueRow]]:
    """Draw cases at random, the same for one seed; return of how many, and the cases.

    A case keeps its place in the draw whatever other cases come, so that a sample that
    is drawn again later differs only by those.
    """
    conditions, given = conditions_of(filters)
    where = " AND ".join(conditions) or "true"
    query = (
        f"SELECT {COLUMNS} FROM queue q WHERE {where} ORDER BY"
        " sha256(convert_to(%(seed)s || ':' || case_id::text, 'UTF8')) LIMIT %(size)s"
    )
    number = f"SELECT count(*) FROM queue q WHERE {where}"
    with connection.transaction():
        # Both see one state of the queue.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with connection.cursor(row_factory=scalar_row) as cursor:
            population = cursor.execute(number.encode(), given).fetchone()
        with connection.cursor(row_factory=struct_row(QueueRow)) as rows:
            more = {"seed": seed, "size": size}
            found = rows.execute(query.encode(), given | more).fetchall()
    return population or 0, found


def drawn_from(connection: Connection[Any], filters: Filters) -> tuple[int, str]:
    """Return of how many cases is drawn, and the SHA-256 (hex) of their ids.

    Of all ids in their order, with a line feed after each.
    """
    conditions, given = conditions_of(filters)
    where = " AND ".join(conditions) or "true"
    query = (
        "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg("
        "case_id::text || E'\\n', '' ORDER BY case_id), ''), 'UTF8')), 'hex')"
        f" FROM queue q WHERE {where}"
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        size, digest = cursor.execute(query.encode(), given).fetchone() or (0, "")
    return size, digest


def ids_drawn_from(connection: Connection[Any], filters: Filters) -> Sequence[UUID]:
    """Return the ids of which is drawn, in their order."""
    conditions, given = conditions_of(filters)
    where = " AND ".join(conditions) or "true"
    query = f"SELECT case_id FROM queue q WHERE {where} ORDER BY case_id"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query.encode(), given).fetchall()


def place(row: QueueRow, sort: ListSort) -> Place:
    """Return the place after which the next page begins, if this row ends a page."""
    times = {
        "opened": row.opened_at,
        "changed": row.changed_at,
        "due": row.due,
        "closed": row.closed_at,
    }
    return times[sort], row.case_id
