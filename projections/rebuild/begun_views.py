"""What of a rebuild is done already: it goes on there, whatever ended it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from projections.read_model import View
from projections.rebuild.bucket_rows import NEXT
from projections.rebuild.ledger_spill import BUCKETS
from projections.tables.view_tables import make_bare

_TABLES = f"""
CREATE SCHEMA IF NOT EXISTS {NEXT};
CREATE TABLE IF NOT EXISTS {NEXT}.followers (LIKE redress.followers INCLUDING ALL);
CREATE TABLE IF NOT EXISTS {NEXT}.parked (LIKE redress.parked INCLUDING ALL);
CREATE TABLE IF NOT EXISTS {NEXT}.rebuilds (
    follower text PRIMARY KEY,
    upto     bigint NOT NULL,
    alone    boolean NOT NULL DEFAULT false,
    is_ready boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS {NEXT}.buckets (
    follower text NOT NULL,
    bucket   smallint NOT NULL,
    events   bigint NOT NULL,
    PRIMARY KEY (follower, bucket)
);
"""

_COLUMNS = """
SELECT c.relname, a.attname, a.atttypid FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = '{}' AND c.relname IN ('followers', 'parked')
    AND a.attnum > 0 AND NOT a.attisdropped
"""
_OTHERWISE = f"""
SELECT 1 FROM pg_namespace WHERE nspname = '{NEXT}' AND EXISTS (
    ({_COLUMNS.format("redress")}) EXCEPT ({_COLUMNS.format(NEXT)}))
"""


def begin(connection: Connection[TupleRow], views: Sequence[View[Any]]) -> None:
    """Make the tables of the new views, or find those of a rebuild that was begun."""
    with connection.transaction():
        if connection.execute(_OTHERWISE.encode()).fetchone() is not None:
            # Begun before a migration, which has changed what every view has.
            connection.execute(f"DROP SCHEMA {NEXT} CASCADE")
        connection.execute(_TABLES.encode())
        end = connection.execute(
            "SELECT coalesce(max(position), 0) FROM redress.ledger"
        )
        upto = (end.fetchone() or (0,))[0]
        for view in views:
            # Begun by a program that gave the view another form: of no use any more.
            begun = connection.execute(
                f"SELECT 1 FROM {NEXT}.followers f JOIN {NEXT}.rebuilds r"
                " ON r.follower = f.name WHERE f.name = %s AND f.revision = %s",
                (view.name, view.revision),
            ).fetchone()
            if begun is None:
                drop(connection, view)
                make_bare(connection, view, NEXT)
                connection.execute(
                    f"INSERT INTO {NEXT}.rebuilds (follower, upto) VALUES (%s, %s)",
                    (view.name, upto),
                )


def drop(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Drop what was begun of a view."""
    for table in view.tables:
        name = Identifier(NEXT, table)
        connection.execute(SQL("DROP TABLE IF EXISTS {}").format(name))
    for table, column in (
        ("followers", "name"),
        ("parked", "follower"),
        ("rebuilds", "follower"),
        ("buckets", "follower"),
    ):
        own = f"DELETE FROM {NEXT}.{table} WHERE {column} = %s"
        connection.execute(own.encode(), (view.name,))


def unfilled(
    connection: Connection[TupleRow], views: Sequence[View[Any]]
) -> Mapping[int, Sequence[View[Any]]]:
    """Return the views that lack rows, by the position up to which they get them."""
    query = (
        f"SELECT follower, upto FROM {NEXT}.rebuilds WHERE NOT alone AND NOT is_ready"
    )
    ends: dict[str, int] = dict(connection.execute(query.encode()).fetchall())
    passes: dict[int, list[View[Any]]] = defaultdict(list)
    for view in views:
        if view.name in ends:
            passes[ends[view.name]].append(view)
    return passes


def lacking(
    connection: Connection[TupleRow], views: Sequence[View[Any]]
) -> tuple[Mapping[int, tuple[str, ...]], int]:
    """Return the views that each bucket is still lacking in, and the events done."""
    names = [view.name for view in views]
    rows = connection.execute(
        f"SELECT follower, bucket, events FROM {NEXT}.buckets WHERE follower = ANY(%s)",
        (names,),
    ).fetchall()
    done = {(name, bucket): events for name, bucket, events in rows}
    left = {
        bucket: missing
        for bucket in range(BUCKETS)
        if (missing := tuple(name for name in names if (name, bucket) not in done))
    }
    finished = (
        events
        for (name, bucket), events in done.items()
        if bucket not in left and name == names[0]
    )
    return left, sum(finished)


def mark(connection: Connection[TupleRow], view: View[Any], column: str) -> None:
    """Note that a view is ready, or has to go through the ledger alone."""
    query = SQL("UPDATE {}.rebuilds SET {} = true WHERE follower = %s").format(
        Identifier(NEXT), Identifier(column)
    )
    connection.execute(query, (view.name,))
