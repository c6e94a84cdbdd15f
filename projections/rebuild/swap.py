"""Puts a rebuilt view in the place of the live one, if nothing speaks against it.

Both keep a count and a sum of their rows as they are written, so that comparing them
reads no row: readers and the live follower wait for some milliseconds.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.operator_error import OperatorError
from projections.following.follower import Following, Overtaken
from projections.following.ledger_batch import BATCH
from projections.read_model import View
from projections.rebuild.begun_views import drop
from projections.rebuild.bucket_rows import NEXT
from projections.tables.view_checksum import Sum, kept
from projections.tables.view_presence import missing_views
from projections.view_audit.view_rounds import forget_finding, open_finding

OLD = "redress_old"
"""The schema to which replaced tables go until nobody reads them any more."""

LOCK = "50ms"
"""How long the swap waits for a lock: as long, all others wait behind it."""

FAR = 100_000
"""Events that a live view may be behind and still be compared."""

TRIES = 200
PAUSE_SECONDS = 0.1

_log = logging.getLogger(__name__)


class RebuildDiffers(OperatorError):
    """The rebuilt view is not the live one, and nothing explains why."""


class RebuildLacks(RebuildDiffers):
    """The rebuilt view lacks what the live one has: it is begun anew the next time."""


class NoTurn(OperatorError):
    """The rebuilt view could not be put in place: somebody reads the live one on."""


class TooFarApart(Exception):
    """The views are too many events apart to hold anybody up for them."""


def swap(connection: Connection[TupleRow], view: View[Any]) -> Sum:
    """Swap a view in as soon as nobody is in the way; return what it holds.

    Raises RebuildDiffers, or NoTurn.
    """
    for _ in range(TRIES):
        # What came since, while nobody waits.
        following = Following(view, connection)
        while following.advance():
            pass
        try:
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = '{LOCK}'")
                return _swap(connection, following)
        except LockNotAvailable:
            time.sleep(PAUSE_SECONDS)
        except TooFarApart:
            _go_on_with_live(connection, view)
        except RebuildLacks:
            drop(connection, view)
            raise
    raise NoTurn(
        f"{view.name} is rebuilt, but its table is in use all the time: "
        "run `redress rebuild` again, which goes on here"
    )


def drop_old(connection: Connection[TupleRow]) -> None:
    """Drop the tables that were replaced; whoever still reads one is waited for."""
    functions = connection.execute(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'redress'::regnamespace"
        " AND p.proname LIKE 'sum\\_%' AND EXISTS (SELECT 1 FROM pg_trigger t"
        f" JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = p.oid"
        f" AND c.relnamespace = to_regnamespace('{OLD}'))"
    ).fetchall()
    connection.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
    for (name,) in functions:
        # The one of another edition is used by nobody any more.
        used = "SELECT 1 FROM pg_trigger WHERE tgfoid = %s::regproc"
        if connection.execute(used, (f"redress.{name}",)).fetchone() is None:
            drop = SQL("DROP FUNCTION redress.{}()").format(Identifier(name))
            connection.execute(drop)


def _swap(connection: Connection[TupleRow], following: Following) -> Sum:
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
    missing = missing_views(connection, [view])
    # One whose table is gone has nothing that the new one could lack.
    if revision == view.revision and halted is None and not missing:
        _check_no_worse(connection, following, position)
    behind = following.position - position
    if behind > FAR:
        # Its follower has not worked for long: to wait for it would double the time.
        _log.warning("%s was %d events behind: it is not compared", view.name, behind)
    elif _is_comparable(connection, following, revision, halted):
        if following.position - position > BATCH:
            raise TooFarApart
        _catch_up_live(connection, view, position, following.position)
        present, rebuilt = (
            kept(connection, view, "redress"),
            kept(connection, view, NEXT),
        )
        if present != rebuilt:
            at = f"{view.name} at position {following.position}"
            raise RebuildDiffers(f"{at}: live {present}, rebuilt {rebuilt}")
    _put_in_place(connection, view)
    forget_finding(connection, view.name)
    return kept(connection, view, "redress")


def _check_no_worse(
    connection: Connection[TupleRow], following: Following, position: int
) -> None:
    """Raise RebuildLacks if the new view lacks what the live one of its form has."""
    name = following.view.name
    if following.halted is not None and following.position < position:
        raise RebuildLacks(
            f"{name} stays as it is: rebuilt, it halts at {following.halted},"
            f" and the live one is at position {position}"
        )
    lost = connection.execute(
        "SELECT count(*) OVER (), p.originator_id, p.position, p.error"
        f" FROM {NEXT}.parked p WHERE p.follower = %(view)s AND p.position <= %(to)s"
        " AND NOT EXISTS (SELECT FROM redress.parked l WHERE l.follower = p.follower"
        " AND l.originator_id = p.originator_id) ORDER BY p.position LIMIT 1",
        {"view": name, "to": position},
    ).fetchone()
    if lost is not None:
        many, case, place, said = lost
        raise RebuildLacks(
            f"{name} stays as it is: rebuilt, it sets {many} cases aside that the live"
            f" one has, the first is case {case} at position {place}: {said}"
        )


def _is_comparable(
    connection: Connection[TupleRow],
    following: Following,
    revision: str,
    halted: str | None,
) -> bool:
    """Tell whether nothing explains a difference between the live and the new view."""
    # Another form, events that either could not take, or a row that was changed beside
    # the record, which the audit has named.
    view = following.view
    wrong = open_finding(connection, view.name)
    if wrong is not None:
        _log.warning("%s is replaced, although it may differ: %s", view.name, wrong)
    return (
        not missing_views(connection, [view])
        and revision == view.revision
        and halted is None
        and following.halted is None
        and wrong is None
        and not _set_aside(connection, view)
    )


def _go_on_with_live(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Bring the live view nearer, while nobody waits; its follower may do the same."""
    connection.execute("SET search_path TO redress")
    try:
        live = Following(view, connection)
        while live.advance():
            pass
    except Overtaken:
        pass
    finally:
        connection.execute(f"SET search_path TO {NEXT}, redress")


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
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {OLD}")
    for table in view.tables:
        name = Identifier(table)
        # Set aside and not dropped, which would wait for whoever reads it now.
        there = connection.execute("SELECT to_regclass(%s)", (f"redress.{table}",))
        if there.fetchone() != (None,):
            away = SQL("ALTER TABLE redress.{} SET SCHEMA {}")
            connection.execute(away.format(name, Identifier(OLD)))
        connection.execute(
            SQL("ALTER TABLE {} SET SCHEMA redress").format(Identifier(NEXT, table))
        )
    # Position, revision, sum and parked cases belong to the rows, and move with them.
    for table, column in (("followers", "name"), ("parked", "follower")):
        own = f"WHERE {column} = %(view)s"
        moves = f"DELETE FROM {NEXT}.{table} {own} RETURNING *"
        for statement in (
            f"DELETE FROM redress.{table} {own}",
            f"WITH moved AS ({moves}) INSERT INTO redress.{table} SELECT * FROM moved",
        ):
            connection.execute(statement.encode(), {"view": view.name})
    for table in ("rebuilds", "buckets"):
        forget = f"DELETE FROM {NEXT}.{table} WHERE follower = %s"
        connection.execute(forget.encode(), (view.name,))
