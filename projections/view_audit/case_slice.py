"""Slices of the record: the next cases with their events, and the views' rows of them.

All that is read of a slice is read in one snapshot, in which each view's rows and its
position belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from application.record.envelope import BESIDE_CASES
from projections.read_model import View

EVENTS = 2_000
"""About how many events a slice has: a fraction of a second's work."""

Stored = tuple[UUID, int, bytes]
"""An event as it is stored: its case, its position, its bytes."""

# In the order of cases, so that whatever a view holds of them is one range as well.
# Histories beside the cases, such as sellers' standings, have rows in no view.
_EVENTS = """
SELECT l.originator_id, l.position, e.state
FROM ledger l JOIN events e USING (notification_id)
WHERE {range} AND e.topic NOT LIKE ALL (%(beside)s)
ORDER BY l.originator_id, l.originator_version LIMIT %(limit)s
"""
_FIRST = _EVENTS.format(range="true").encode()
_NEXT = _EVENTS.format(range="l.originator_id > %(after)s").encode()
_ONE = _EVENTS.format(range="l.originator_id = %(case)s").encode()


class Standing(Struct, frozen=True, kw_only=True):
    """Where a view stands in a snapshot.

    `end`: the last position of the record, 0 if it has none. `parked`: the position
    from which on it has left out a case. `skipped`: positions that it passes over,
    because two people said so.
    """

    position: int
    end: int
    revision: str
    parked: Mapping[UUID, int]
    skipped: frozenset[int]


class CaseSlice(Struct, frozen=True, kw_only=True):
    """The cases after one and up to another; `upto` None: up to the last case."""

    after: UUID | None
    upto: UUID | None
    events: Mapping[UUID, Sequence[Stored]]


@contextmanager
def snapshot(connection: Connection[Any], views: Sequence[View[Any]]) -> Iterator[None]:
    """See one state of the record and of the views; the connection is in autocommit."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Before the snapshot, which the next statement takes: the tables of a rebuilt
        # view are swapped in before it, or wait until all is read.
        tables = SQL(", ").join(Identifier(view.name) for view in views)
        if views:
            connection.execute(SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(tables))
        yield


def read_slice(
    connection: Connection[Any], after: UUID | None, limit: int = EVENTS
) -> CaseSlice:
    """Read the next whole cases after one, in the order of their ids."""
    query = _FIRST if after is None else _NEXT
    rows = _read(connection, query, {"after": after, "limit": limit})
    if len(rows) < limit:
        return CaseSlice(after=after, upto=None, events=_by_case(rows))
    last = rows[-1][0]
    whole = [row for row in rows if row[0] != last]
    if not whole:
        # One case longer than a slice: all of it, because it is folded as a whole.
        whole = _read(connection, _ONE, {"case": last, "limit": None})
    return CaseSlice(after=after, upto=whole[-1][0], events=_by_case(whole))


def read_standings(
    connection: Connection[Any], one: CaseSlice
) -> Mapping[str, Standing]:
    """Return where each view stands, with what it left out of the slice's cases."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        followers = cursor.execute(
            "SELECT name, position, revision,"
            " (SELECT coalesce(max(position), 0) FROM ledger) FROM followers"
        ).fetchall()
        # Of a range, as the rows are: also those of cases that the record has not.
        parked = cursor.execute(
            SQL("SELECT follower, originator_id, position FROM parked WHERE {}").format(
                _within(Identifier("originator_id"), one)
            ),
            {"after": one.after, "upto": one.upto},
        ).fetchall()
        skipped = cursor.execute(
            "SELECT follower, position FROM view_skips WHERE approved_by IS NOT NULL"
        ).fetchall()
    return {
        name: Standing(
            position=position,
            end=end,
            revision=revision,
            parked={case: at for view, case, at in parked if view == name},
            skipped=frozenset(at for view, at in skipped if view == name),
        )
        for name, position, revision, end in followers
    }


def read_rows(
    connection: Connection[Any], view: View[Any], one: CaseSlice
) -> list[tuple[Any, ...]]:
    """Read a view's rows of a slice, and of all that lies between its cases."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        values = {"after": one.after, "upto": one.upto}
        return cursor.execute(_rows_query(view, one), values, binary=True).fetchall()


def _rows_query(view: View[Any], one: CaseSlice) -> Composed:
    columns = SQL(", ").join(map(Identifier, view.row.__struct_fields__))
    key = SQL(", ").join(map(Identifier, view.key))
    return SQL("SELECT {} FROM {} WHERE {} ORDER BY case_id, {}").format(
        columns, Identifier(view.name), _within(Identifier("case_id"), one), key
    )


def _within(column: Identifier, one: CaseSlice) -> Composed:
    conditions = [
        SQL("{} {}").format(column, bound)
        for bound, value in (
            (SQL("> %(after)s"), one.after),
            (SQL("<= %(upto)s"), one.upto),
        )
        if value is not None
    ]
    return SQL(" AND ").join(conditions or [SQL("{} IS NOT NULL").format(column)])


def _read(
    connection: Connection[Any], query: bytes, values: Mapping[str, Any]
) -> list[Stored]:
    beside = [f"{prefix}%" for prefix in BESIDE_CASES]
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(
            query, {**values, "beside": beside}, binary=True, prepare=True
        ).fetchall()


def _by_case(rows: Sequence[Stored]) -> Mapping[UUID, Sequence[Stored]]:
    cases: dict[UUID, list[Stored]] = {}
    for row in rows:
        cases.setdefault(row[0], []).append(row)
    return cases
