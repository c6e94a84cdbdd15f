"""Rebuilds a view from the first event, next to the live one, and swaps it in.

Readers never see half a view. The new one takes the live one's place only if both hold
the same at the same position, or if a difference has a known reason: another form of
the view, a halt, cases that were set aside, or a row that the audit has found wrong
(decisions 12 and 47).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.jobs.locks import REBUILDING
from application.operator_error import OperatorError
from application.record.patience import take_turn
from application.record.session import open_session
from projections.follower import Following
from projections.read_model import View
from projections.registry import make
from projections.view_audit.view_rounds import forget_finding, open_finding

NEXT = "redress_next"
_log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with (events passed, events in the ledger)."""


class RebuildDiffers(OperatorError):
    """The rebuilt view is not the live one, and nothing explains why."""


class Sum(Struct, frozen=True):
    """What a table holds, whatever the order of its rows."""

    rows: int
    checksum: str

    def __str__(self) -> str:
        return f"{self.rows} rows ({self.checksum})"


def rebuild(url: str, view: View[Any], progress: Progress) -> Sum:
    """Rebuild one view and swap it in; return what it holds.

    Interrupted, it goes on where it stopped when asked again. Raises RebuildDiffers and
    leaves both as they are if they differ without a reason.
    """
    with open_session(url) as connection:
        # One rebuild at a time: all of them use the same schema. The lock belongs to
        # the session, so it ends with a process that is killed.
        take_turn(connection, REBUILDING)
        _prepare(connection, view)
        # The view's tables are found in the new schema, the ledger in the old one.
        connection.execute(f"SET search_path TO {NEXT}, redress")
        following = Following(view, connection)
        _catch_up(following, connection, progress)
        with connection.transaction():
            return _swap(connection, following)


def summed(connection: Connection[TupleRow], view: View[Any], schema: str) -> Sum:
    """Count a view's rows in a schema and add up their hashes.

    A sum does not depend on the order of rows and, unlike XOR, does not forget a row
    that is there twice. numeric, because a sum of 64-bit numbers can need more bits.
    """
    # The columns of the fold only: `agenda` also notes what the worker has tried.
    columns = SQL(", ").join(map(Identifier, view.row.__struct_fields__))
    query = SQL(
        "SELECT count(*), coalesce(sum(('x' || left(md5(r::text), 16))::bit(64)::bigint"
        "::numeric), 0)::text FROM (SELECT {} FROM {}) AS r"
    ).format(columns, Identifier(schema, view.name))
    row = connection.execute(query).fetchone()
    return Sum(*row) if row else Sum(0, "0")


def _prepare(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Make the tables of the new view, or find those of a rebuild that was begun."""
    with connection.transaction():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {NEXT}")
        for table in ("followers", "parked"):
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {NEXT}.{table}"
                f" (LIKE redress.{table} INCLUDING ALL)".encode()
            )
        # Begun by a program that gave the view another form: of no use any more.
        begun = connection.execute(
            f"DELETE FROM {NEXT}.followers WHERE name = %s AND revision <> %s"
            " RETURNING name",
            (view.name, view.revision),
        ).fetchone()
        if begun:
            _drop_next(connection, view)
        there = connection.execute(
            f"SELECT 1 FROM {NEXT}.followers WHERE name = %s", (view.name,)
        ).fetchone()
        if there is None:
            _drop_next(connection, view)
            make(connection, view, NEXT)


def _drop_next(connection: Connection[TupleRow], view: View[Any]) -> None:
    for table in view.tables:
        name = Identifier(NEXT, table)
        connection.execute(SQL("DROP TABLE IF EXISTS {}").format(name))
    connection.execute(f"DELETE FROM {NEXT}.parked WHERE follower = %s", (view.name,))


def _catch_up(
    following: Following, connection: Connection[TupleRow], progress: Progress
) -> None:
    following.retry()
    total = _end_of_ledger(connection)
    progress(following.position, total)
    while following.advance():
        total = max(total, following.position)
        progress(following.position, total)


def _end_of_ledger(connection: Connection[TupleRow]) -> int:
    row = connection.execute("SELECT coalesce(max(position), 0) FROM ledger").fetchone()
    return int(row[0]) if row else 0


def _swap(connection: Connection[TupleRow], following: Following) -> Sum:
    """Hold the live follower still, compare, and put the new view in its place.

    All in one transaction. The new view has caught up before, so that the live one is
    held for the few events since then, and not for the whole rebuild.
    """
    view = following.view
    # The live follower moves its position by updating this row: from here on it waits.
    live = connection.execute(
        "SELECT position, revision, halted FROM redress.followers WHERE name = %s"
        " FOR UPDATE",
        (view.name,),
    ).fetchone()
    position, revision, halted = live or (0, "", None)
    while following.advance():
        pass
    rebuilt = summed(connection, view, NEXT)
    # What explains a difference: another form, events that either could not take, or a
    # row that was changed beside the record, which the audit has named.
    wrong = open_finding(connection, view.name)
    if wrong is not None:
        _log.warning("%s is replaced, although it may differ: %s", view.name, wrong)
    comparable = (
        revision == view.revision
        and halted is None
        and following.halted is None
        and wrong is None
        and not _set_aside(connection, view)
    )
    if comparable:
        _catch_up_live(connection, view, position, following.position)
        present = summed(connection, view, "redress")
        if present != rebuilt:
            at = f"{view.name} at position {following.position}"
            raise RebuildDiffers(f"{at}: live {present}, rebuilt {rebuilt}")
    _put_in_place(connection, view)
    forget_finding(connection, view.name)
    return rebuilt


def _catch_up_live(
    connection: Connection[TupleRow], view: View[Any], position: int, end: int
) -> None:
    """Bring the live view, which is held still, to the position of the new one.

    This transaction holds the lock on the follower's row, so it can move the position
    itself. If it is rolled back, the live view is where it was.
    """
    connection.execute("SET LOCAL search_path TO redress")
    live = Following(view, connection)
    while live.position < end and live.advance(end):
        pass
    connection.execute(f"SET LOCAL search_path TO {NEXT}, redress")
    if live.position != end:
        raise RebuildDiffers(f"{view.name}: the live view stays at {position}")


def _set_aside(connection: Connection[TupleRow], view: View[Any]) -> bool:
    row = connection.execute(
        f"SELECT EXISTS (SELECT 1 FROM redress.parked WHERE follower = %(view)s)"
        f" OR EXISTS (SELECT 1 FROM {NEXT}.parked WHERE follower = %(view)s)",
        {"view": view.name},
    ).fetchone()
    return bool(row and row[0])


def _put_in_place(connection: Connection[TupleRow], view: View[Any]) -> None:
    # Readers of the view wait for this lock, and find the new table when it is let go.
    for table in view.tables:
        drop = SQL("DROP TABLE IF EXISTS redress.{}").format(Identifier(table))
        connection.execute(drop)
        move = SQL("ALTER TABLE {} SET SCHEMA redress")
        connection.execute(move.format(Identifier(NEXT, table)))
    # Position, revision and parked cases belong to the rows, and move with them.
    for table, column in (("followers", "name"), ("parked", "follower")):
        own = f"WHERE {column} = %(view)s"
        moves = f"DELETE FROM {NEXT}.{table} {own} RETURNING *"
        for statement in (
            f"DELETE FROM redress.{table} {own}",
            f"WITH moved AS ({moves}) INSERT INTO redress.{table} SELECT * FROM moved",
        ):
            connection.execute(statement.encode(), {"view": view.name})
