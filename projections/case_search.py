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
from psycopg import Connection
from psycopg.rows import scalar_row

from projections.case_conditions import (
    CELLULAR,
    DUE,
    OF_SOMEBODY,
    Filters,
    cell_conditions,
    conditions_of,
    given_values,
)
from projections.queue import QueueRow
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
SELECT page.* FROM heads CROSS JOIN LATERAL (
    SELECT * FROM queue q WHERE q.cell = heads.cell AND {where} {by} LIMIT %(limit)s
) page {by} LIMIT %(limit)s
"""
_BY_PLATFORM = """
WITH platforms AS MATERIALIZED (SELECT DISTINCT platform FROM queue_cells)
SELECT page.* FROM platforms CROSS JOIN LATERAL (
    SELECT * FROM queue q WHERE q.platform = platforms.platform AND {where} {by}
    LIMIT %(limit)s
) page {by} LIMIT %(limit)s
"""
_OF_PARTY = """
SELECT * FROM (
    (SELECT * FROM queue q WHERE buyer = %(party)s AND {where} {by} LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM queue q WHERE seller = %(party)s
        AND buyer IS DISTINCT FROM %(party)s AND {where} {by} LIMIT %(limit)s)
) page {by} LIMIT %(limit)s
"""
_PLAIN = "SELECT * FROM queue q WHERE {where} {by} LIMIT %(limit)s"


def listed(
    connection: Connection[Any],
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    after: Place | None = None,
) -> Sequence[QueueRow]:
    """List cases: the most urgent first, the last opened, or the longest unchanged.

    `after` is the place of the last row of the page before.
    """
    query, given = _page(filters, _ORDERS[sort], after)
    with connection.cursor(row_factory=struct_row(QueueRow)) as cursor:
        return cursor.execute(query.encode(), given | {"limit": limit}).fetchall()


def _page(
    filters: Filters, order: _Order, after: Place | None
) -> tuple[str, dict[str, Any]]:
    """Return the query for a page, by the index that serves it, and its values."""
    query, met = _way(filters, order)
    conditions, given = conditions_of(filters, without=met)
    if after is not None:
        conditions.append(order.beyond)
        given |= {"after_time": after[0] or "infinity", "after_case": after[1]}
    return (
        query.format(
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
    asked = given_values(filters).keys()
    if "party" in asked and not asked & {"buyer", "seller"}:
        return _OF_PARTY, frozenset({"party"})
    # What is overdue is read by its due, whatever it is sorted by.
    if asked & OF_SOMEBODY or (filters.overdue and order.key != DUE):
        return _PLAIN, frozenset()
    by_due = order.key == DUE and filters.live
    if asked & (CELLULAR - {"platform", "live"}) or (order.key == DUE and not by_due):
        return _BY_CELL, CELLULAR
    if filters.live is not None and not by_due:
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
        f"SELECT * FROM queue q WHERE {where} ORDER BY"
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
