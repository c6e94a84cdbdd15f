"""How many cases the queue has, kept as its rows are written.

By cell; by the hour in which they fall due; and by who has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, Cursor

from projections.tables.view_policies import CELLED

# Dues and assignees are those of live cases. `until`: the full hour (UTC) by which the
# cases are due.
DDL = """
CREATE TABLE queue_cells (
    cell          bigint PRIMARY KEY,
    platform      text NOT NULL,
    phase         text NOT NULL,
    waiting_party text NOT NULL,
    claimed       boolean NOT NULL,
    outcome       text NOT NULL,
    category      text NOT NULL,
    reason        text NOT NULL,
    language      text NOT NULL,
    cases         bigint NOT NULL
);
CREATE INDEX queue_cells_empty ON queue_cells (cell) WHERE cases = 0;
CREATE TABLE queue_dues (
    platform      text NOT NULL,
    phase         text NOT NULL,
    waiting_party text NOT NULL,
    until         timestamptz NOT NULL,
    cases         bigint NOT NULL,
    PRIMARY KEY (platform, until, phase, waiting_party)
);
CREATE INDEX queue_dues_empty ON queue_dues (until) WHERE cases = 0;
CREATE TABLE queue_assignees (
    platform text NOT NULL,
    assignee text NOT NULL,
    phase    text NOT NULL,
    cases    bigint NOT NULL,
    PRIMARY KEY (platform, assignee, phase)
);
CREATE INDEX queue_assignees_empty ON queue_assignees (assignee) WHERE cases = 0;
"""

_MAKE = """
CREATE TEMPORARY TABLE IF NOT EXISTS queue_changed
    (weight integer, LIKE queue) ON COMMIT DELETE ROWS"""
_NOTE = """
INSERT INTO pg_temp.queue_changed SELECT %s, q.* FROM queue q WHERE case_id = ANY(%s)
"""

# Due in (15:00, 16:00] is counted under 16:00: an hour that is over is counted as a
# whole, also when thousands of cases are due at one full hour, as at midnight.
_HOUR = (
    "date_trunc('hour', due) + CASE WHEN due > date_trunc('hour', due)"
    " THEN interval '1 hour' ELSE interval '0' END"
)


class _Counted(Struct, frozen=True, kw_only=True):
    """A table of counts: its key, what else it says, and which cases count in it.

    `values` are the key and the rest, as a case's row says them.
    """

    name: str
    key: str
    rest: str = ""
    values: str
    where: str

    @property
    def columns(self) -> str:
        """Return the names of all columns but the count."""
        return self.key + self.rest

    def counted(self, rows: str) -> str:
        """Return the query that adds up the weights of rows."""
        return (
            f"SELECT {self.columns}, sum(weight)::bigint AS cases"
            f" FROM (SELECT weight, {self.values} FROM {rows} AS r WHERE {self.where})"
            f" AS c GROUP BY {self.columns} HAVING sum(weight) <> 0"
        )

    def insertion(self, rows: str) -> str:
        """Return the statement that counts rows, into an empty table."""
        return (
            f"INSERT INTO {self.name} AS t ({self.columns}, cases) {self.counted(rows)}"
        )

    def statement(self, rows: str) -> str:
        """Return the statement that adds the weights of rows to what is counted."""
        return (
            f"{self.insertion(rows)}"
            f" ON CONFLICT ({self.key}) DO UPDATE SET cases = t.cases + excluded.cases"
        )


_ALL = "(SELECT 1 AS weight, * FROM queue)"
_LIVE = "phase <> 'closed'"
_COUNTED = (
    _Counted(
        name="queue_cells",
        key="cell",
        rest=", platform, phase, waiting_party, claimed, outcome, category, reason,"
        " language",
        values="cell, platform, phase, coalesce(waiting_party, '') AS waiting_party,"
        " assignee IS NOT NULL AS claimed, coalesce(outcome, '') AS outcome, category,"
        " reason, coalesce(language, '') AS language",
        where="true",
    ),
    _Counted(
        name="queue_dues",
        key="platform, until, phase, waiting_party",
        values=f"platform, {_HOUR} AS until, phase,"
        " coalesce(waiting_party, '') AS waiting_party",
        where=f"due IS NOT NULL AND {_LIVE}",
    ),
    _Counted(
        name="queue_assignees",
        key="platform, assignee, phase",
        values="platform, assignee, phase",
        where=f"assignee IS NOT NULL AND {_LIVE}",
    ),
)


class QueueCounts:
    """The tables of counts, and how they follow the rows of the queue."""

    tables: tuple[str, ...] = tuple(one.name for one in _COUNTED)
    seen: Mapping[str, str] = dict.fromkeys(tables, CELLED)

    @property
    def ddl(self) -> str:
        """Return the tables' DDL."""
        return DDL

    def take_out(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Note how cases count, before their rows change."""
        # The rows before are gone by the time that the difference is added.
        cursor.execute(_MAKE.encode())
        # Left of a batch before, where several are one transaction: in a swap.
        cursor.execute("DELETE FROM pg_temp.queue_changed", prepare=True)
        cursor.execute(_NOTE.encode(), (-1, cases), prepare=True)

    def put_in(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Count cases as they are now, less what was noted."""
        cursor.execute(_NOTE.encode(), (1, cases), prepare=True)
        for one in _COUNTED:
            statement = one.statement("pg_temp.queue_changed")
            cursor.execute(statement.encode(), prepare=True)
            # Rebuilt equals grown: what no case is in any more goes away.
            empty = f"DELETE FROM {one.name} WHERE cases = 0"
            cursor.execute(empty.encode(), prepare=True)

    def settle(self, cursor: Cursor[Any]) -> int:
        """Return 0: every batch is added up as it is written."""
        del cursor
        return 0

    def fill(self, cursor: Cursor[Any]) -> None:
        """Count all rows, into tables that are empty, and may lack their keys."""
        for one in _COUNTED:
            cursor.execute(one.insertion(_ALL).encode())

    def differing(self, connection: Connection[Any]) -> str | None:
        """Name a count that is not that of the rows; None: all are."""
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Before the snapshot: a rebuilt queue is swapped in before it, or waits.
            tables = ", ".join(("queue", *self.tables))
            connection.execute(f"LOCK TABLE {tables} IN ACCESS SHARE MODE".encode())
            for one in _COUNTED:
                kept = f"SELECT {one.columns}, cases FROM {one.name}"
                counted = one.counted(_ALL)
                row = connection.execute(
                    f"SELECT concat_ws(' ', {one.key}) FROM (({counted} EXCEPT {kept})"
                    f" UNION ALL ({kept} EXCEPT {counted})) AS odd LIMIT 1".encode()
                ).fetchone()
                if row is not None:
                    (key,) = row.values() if isinstance(row, dict) else row
                    return f"{one.name}: {key} is not the number of its cases"
        return None
