"""The query for a page of a list, by the index that serves it.

No page reads many cases in vain, however many there are. Where filters name what the
cases of a cell have in common, each of those cells is asked for its first cases, in an
index alone; where they name a person or an order, those cases are read.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from projections.queue.case_conditions import (
    CELLULAR,
    DUE,
    OF_SOMEBODY,
    Filters,
    cell_conditions,
    conditions_of,
    given_values,
)
from projections.queue.queue_view import COLUMNS

Sort = Literal["due", "opened", "changed"]
ListSort = Sort | Literal["closed"]
"""How pages sort lists; `closed` lists closed cases alone, the last closed first."""
Place = tuple[datetime | None, UUID]
"""What a row is sorted by: its due, opening or last change, and its case."""


class PageQuery(Struct, frozen=True):
    """A query for a page, and its values beside `limit`.

    `finds_cases`: it finds the ids of cases, also of those that its reader may not read
    unless they are named as `barred`; else it finds rows.
    """

    text: str
    values: dict[str, Any]
    finds_cases: bool


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
    "closed": _Order("closed_at", " DESC"),
}


class _Way(Enum):
    """How a page is found."""

    # The indexes of cells hold all that this needs. Of all cells' first cases, those of
    # the `limit` first cells are enough: the page has no others.
    CELLS = """
WITH cells AS MATERIALIZED (SELECT cell FROM queue_cells WHERE {cells}),
heads AS MATERIALIZED (
    SELECT c.cell, h.key FROM cells c CROSS JOIN LATERAL (
        SELECT {key} AS key, case_id FROM queue q
        WHERE q.cell = c.cell AND {where} AND {readable} {by} LIMIT 1) h
    ORDER BY h.key{direction}, h.case_id{direction} LIMIT %(limit)s)
SELECT p.case_id FROM heads CROSS JOIN LATERAL (
    SELECT {key} AS key, case_id FROM queue q
    WHERE q.cell = heads.cell AND {where} AND {readable} {by} LIMIT %(limit)s) p
ORDER BY p.key{direction}, p.case_id{direction} LIMIT %(limit)s"""
    # What is overdue is looked at as a whole: nothing but the time says what is.
    OVERDUE = """
SELECT o.case_id FROM queue_cells c CROSS JOIN LATERAL (
    SELECT {key} AS key, case_id FROM queue q
    WHERE q.cell = c.cell AND {where} AND {readable}) o
WHERE {cells} ORDER BY o.key{direction}, o.case_id{direction} LIMIT %(limit)s"""
    # Filters beside those of cells are met row by row.
    ROWS_OF_CELLS = """
WITH cells AS MATERIALIZED (SELECT cell FROM queue_cells WHERE {cells})
SELECT {columns} FROM (
    SELECT p.* FROM cells c CROSS JOIN LATERAL (
        SELECT * FROM queue q WHERE q.cell = c.cell AND {where} {by}
        LIMIT %(limit)s) p) page
{by} LIMIT %(limit)s"""
    PLATFORMS = """
WITH platforms AS MATERIALIZED (SELECT DISTINCT platform FROM queue_cells)
SELECT {columns} FROM (
    SELECT p.* FROM platforms CROSS JOIN LATERAL (
        SELECT * FROM queue q WHERE q.platform = platforms.platform AND {where} {by}
        LIMIT %(limit)s) p) page
{by} LIMIT %(limit)s"""
    PARTY = """
SELECT {columns} FROM (
    (SELECT * FROM queue q WHERE buyer = %(party)s AND {where} {by} LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM queue q WHERE seller = %(party)s
        AND buyer IS DISTINCT FROM %(party)s AND {where} {by} LIMIT %(limit)s)
) page {by} LIMIT %(limit)s"""
    PLAIN = "SELECT {columns} FROM queue q WHERE {where} {by} LIMIT %(limit)s"


_MET = {
    _Way.CELLS: CELLULAR,
    _Way.OVERDUE: CELLULAR,
    _Way.ROWS_OF_CELLS: CELLULAR,
    _Way.PARTY: {"party"},
}
"""Which filters a way meets by itself."""

OF_CASES = "SELECT {columns} FROM queue q WHERE case_id = ANY(%(cases)s) {by}"


def page_query(filters: Filters, sort: ListSort, after: Place | None) -> PageQuery:
    """Return the query for the page after a place; None: for the first one."""
    order = _ORDERS[sort]
    way = _way(filters, order)
    finds_cases = way in {_Way.CELLS, _Way.OVERDUE}
    shown_to = replace(filters, reader=None) if finds_cases else filters
    conditions, values = conditions_of(shown_to, without=_MET.get(way, ()))
    if sort == "closed":
        # The indexes of what is closed have no other cases.
        conditions.append("closed_at IS NOT NULL")
    if after is not None:
        conditions.append(order.beyond)
        values |= {"after_time": after[0] or "infinity", "after_case": after[1]}
    text = way.value.format(
        columns=COLUMNS,
        cells=" AND ".join(cell_conditions(filters)),
        where=" AND ".join(conditions) or "true",
        readable="case_id <> ALL(%(barred)s)",
        key=order.key,
        by=order.by,
        direction=order.direction,
    )
    return PageQuery(text, values, finds_cases)


def rows_query(sort: ListSort) -> str:
    """Return the query for the rows of `cases`, in the order of a list."""
    return OF_CASES.format(columns=COLUMNS, by=_ORDERS[sort].by)


def _way(filters: Filters, order: _Order) -> _Way:
    given = given_values(filters)
    asked = given.keys() - {"now"}
    if "party" in asked and not asked & {"buyer", "seller"}:
        return _Way.PARTY
    if asked & OF_SOMEBODY:
        return _Way.PLAIN
    # Live cases of a platform by urgency, and all cases of a platform, have indexes.
    by_due = order.key == DUE
    plainly = (
        {"platform", "live", "overdue"}
        if by_due and given.get("live")
        else {"platform"}
    )
    if by_due is bool(given.get("live")) and asked <= plainly:
        return _Way.PLAIN if filters.platform is not None else _Way.PLATFORMS
    if asked - {"overdue"} <= CELLULAR:
        return _Way.OVERDUE if filters.overdue and not by_due else _Way.CELLS
    if asked & (CELLULAR - {"platform", "live"}):
        return _Way.ROWS_OF_CELLS
    return _Way.PLAIN if filters.platform is not None else _Way.PLATFORMS
