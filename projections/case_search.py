"""Lists the cases that filters find, page by page, and draws samples of them.

A page never reads many cases in vain, however many there are. Where filters name what
the cases of a cell have in common, each of those cells is asked for its first cases;
where they name a person, that person's cases are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import scalar_row

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from projections.barred_rows import barred_rows
from projections.case_conditions import (
    CELLULAR,
    DUE,
    OF_SOMEBODY,
    Filters,
    cell_conditions,
    conditions_of,
    given_values,
)
from projections.queue import COLUMNS, QueueRow
from projections.typed_rows import struct_row

Sort = Literal["due", "opened", "changed"]
Place = tuple[datetime | None, UUID]
"""What a row is sorted by: its due, opening or last change, and its case."""


class _Order(Struct, frozen=True):
    """How a list is sorted: by what, and in which direction."""

    key: str
    direction: str = ""

    @property
    def beyond(self) -> str:
        """Return the condition for rows after a place."""
        # A page begins after a row and not after a number of rows: cases come and go
        # meanwhile.
        sign = "<" if self.direction else ">"
        place = "(%(after_time)s::timestamptz, %(after_case)s)"
        return f"({self.key}, case_id) {sign} {place}"

    @property
    def by(self) -> str:
        """Return how rows are sorted."""
        return f"ORDER BY {self.key}{self.direction}, case_id{self.direction}"


_ORDERS = {
    "due": _Order(DUE),
    "opened": _Order("opened_at", " DESC"),
    "changed": _Order("changed_at"),
}

# Of all cells' first cases, those of the `limit` first cells are enough: the page has
# no others. So a list of hundreds of cells reads one case of most of them.
_BY_CELL = """
WITH cells AS MATERIALIZED (SELECT cell FROM queue_cells WHERE {cells}),
heads AS MATERIALIZED (
    SELECT c.cell, h.key FROM cells c CROSS JOIN LATERAL (
        SELECT {key} AS key, case_id FROM queue q
        WHERE q.cell = c.cell AND {where} {by} LIMIT 1) h
    ORDER BY h.key{direction}, h.case_id{direction} LIMIT %(limit)s)
SELECT {columns} FROM (
    SELECT p.* FROM heads CROSS JOIN LATERAL (
        SELECT * FROM queue q WHERE q.cell = heads.cell AND {where} {by}
        LIMIT %(limit)s) p) page
{by} LIMIT %(limit)s
"""
_BY_PLATFORM = """
WITH platforms AS MATERIALIZED (SELECT DISTINCT platform FROM queue_cells)
SELECT {columns} FROM (
    SELECT p.* FROM platforms CROSS JOIN LATERAL (
        SELECT * FROM queue q WHERE q.platform = platforms.platform AND {where} {by}
        LIMIT %(limit)s) p) page
{by} LIMIT %(limit)s
"""
_OF_PARTY = """
SELECT {columns} FROM (
    (SELECT * FROM queue q WHERE buyer = %(party)s AND {where} {by} LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM queue q WHERE seller = %(party)s
        AND buyer IS DISTINCT FROM %(party)s AND {where} {by} LIMIT %(limit)s)
) page {by} LIMIT %(limit)s
"""
_PLAIN = "SELECT {columns} FROM queue q WHERE {where} {by} LIMIT %(limit)s"


# Read in the index alone; the rows follow under the reader's own row security.
_OVERDUE = """
SELECT o.case_id FROM queue_cells c CROSS JOIN LATERAL (
    SELECT case_id, {key} AS key FROM queue q
    WHERE q.cell = c.cell AND {where} AND case_id <> ALL(%(barred)s)) o
WHERE {cells} ORDER BY o.key{direction}, o.case_id{direction} LIMIT %(limit)s
"""
_OF_CASES = "SELECT {columns} FROM queue q WHERE case_id = ANY(%(cases)s) {by}"


def listed(
    database: Database,
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    after: Place | None = None,
) -> Sequence[QueueRow]:
    """List cases: the most urgent first, the last opened, or the longest unchanged.

    `after` is the place of the last row of the page before.
    """
    order = _ORDERS[sort]
    query, given = _page(filters, order, after)
    given |= {"limit": limit}
    if _is_of_overdue(filters, order):
        given |= {"cases": _overdue(database, filters, query, given)}
        query = _OF_CASES.format(columns=COLUMNS, by=order.by)
    with (
        database.get_connection() as connection,
        connection.cursor(row_factory=struct_row(QueueRow)) as cursor,
    ):
        return cursor.execute(query.encode(), given).fetchall()


def _overdue(
    database: Database, filters: Filters, query: str, given: dict[str, Any]
) -> Sequence[UUID]:
    """Return the cases of a page of overdue ones, which are sorted by something else.

    All that is overdue has to be looked at, since nothing else says what is.
    """
    barred = [row.case_id for row in barred_rows(database, filters)]
    with (
        beyond(Beyond.OVERDUE),
        database.get_connection() as connection,
        connection.cursor(row_factory=scalar_row) as cursor,
    ):
        return cursor.execute(query.encode(), given | {"barred": barred}).fetchall()


def _is_of_overdue(filters: Filters, order: _Order) -> bool:
    asked = given_values(filters).keys() - {"now", "overdue"}
    return bool(filters.overdue) and order.key != DUE and asked <= CELLULAR


def _page(
    filters: Filters, order: _Order, after: Place | None
) -> tuple[str, dict[str, Any]]:
    """Return the query for a page, by the index that serves it, and its values."""
    query, met = _way(filters, order)
    of_cells = replace(filters, reader=None) if query == _OVERDUE else filters
    conditions, given = conditions_of(of_cells, without=met)
    if after is not None:
        conditions.append(order.beyond)
        given |= {"after_time": after[0] or "infinity", "after_case": after[1]}
    return (
        query.format(
            columns=COLUMNS,
            cells=" AND ".join(cell_conditions(filters)),
            where=" AND ".join(conditions) or "true",
            key=order.key,
            by=order.by,
            direction=order.direction,
        ),
        given,
    )


def _way(filters: Filters, order: _Order) -> tuple[str, frozenset[str]]:
    """Return how a page is found, and which of the filters are met by that."""
    given = given_values(filters)
    asked = given.keys()
    if "party" in asked and not asked & {"buyer", "seller"}:
        return _OF_PARTY, frozenset({"party"})
    if _is_of_overdue(filters, order):
        return _OVERDUE, CELLULAR
    if asked & OF_SOMEBODY:
        return _PLAIN, frozenset()
    by_due = order.key == DUE and given.get("live")
    if asked & (CELLULAR - {"platform", "live"}) or (order.key == DUE and not by_due):
        return _BY_CELL, CELLULAR
    if "live" in asked and not by_due:
        return _BY_CELL, CELLULAR
    if filters.platform is None:
        return _BY_PLATFORM, frozenset()
    return _PLAIN, frozenset()


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


def place(row: QueueRow, sort: Sort) -> Place:
    """Return the place after which the next page begins, if this row ends a page."""
    times = {"opened": row.opened_at, "changed": row.changed_at, "due": row.due}
    return times[sort], row.case_id
