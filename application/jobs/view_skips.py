"""Positions that a follower of the ledger passes over, because two people said so.

An event that a view cannot take stops it, or sets its case aside, for ever: a recorded
event never changes. One person proposes that the view passes over it, for a reason, and
another one approves; from then on that view, grown or rebuilt, goes without the event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import class_row, scalar_row, tuple_row

from application.operator_error import OperatorError

_PROPOSE = """
INSERT INTO view_skips (follower, position, reason, proposed_by, proposed_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (follower, position) DO UPDATE SET reason = EXCLUDED.reason,
    proposed_at = EXCLUDED.proposed_at
"""


class NotSkipped(OperatorError):
    """A view does not pass over a position; says why."""


class Skip(Struct, frozen=True, kw_only=True):
    """A position that a follower passes over, once a second person has approved it."""

    follower: str
    position: int
    reason: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None

    def __str__(self) -> str:
        """Return in one line what is passed over, why, and who said so."""
        what = f"position {self.position}: {self.reason}"
        if self.approved_by is None:
            return f"asked by {self.proposed_by} to pass over {what}"
        return f"passes over {what} ({self.proposed_by}, {self.approved_by})"


def skips(connection: Connection[Any]) -> Sequence[Skip]:
    """Return all positions that are passed over, or proposed to be."""
    with connection.cursor(row_factory=class_row(Skip)) as cursor:
        query = "SELECT * FROM view_skips ORDER BY follower, position"
        return cursor.execute(query).fetchall()


def is_skipped(connection: Connection[Any], follower: str, position: int) -> bool:
    """Tell whether a follower passes over a position."""
    row = connection.execute(
        "SELECT 1 FROM view_skips WHERE follower = %s AND position = %s"
        " AND approved_by IS NOT NULL",
        (follower, position),
    ).fetchone()
    return row is not None


def passed_over(connection: Connection[Any], follower: str) -> frozenset[int]:
    """Return all positions that a follower passes over."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = (
            "SELECT position FROM view_skips"
            " WHERE follower = %s AND approved_by IS NOT NULL"
        )
        return frozenset(cursor.execute(query, (follower,)).fetchall())


def is_held(connection: Connection[Any], follower: str, position: int) -> bool:
    """Tell whether a halted follower stays where it is, before a position.

    It goes on once the event is passed over, or once somebody has it tried again.
    """
    row = connection.execute(
        "SELECT 1 FROM followers WHERE name = %s AND halted IS NOT NULL", (follower,)
    ).fetchone()
    return row is not None and not is_skipped(connection, follower, position)


def skip(
    connection: Connection[Any],
    follower: str,
    position: int,
    *,
    reason: str,
    by: str,
    now: datetime,
    announce: Callable[[Skip], object],
) -> Skip:
    """Propose that a follower passes over a position, or approve it as another person.

    `announce` is given what is approved before it is in force. The names have to be in
    their one form. Raises NotSkipped unless the follower is halted or has set a case
    aside at that very position.
    """
    with connection.transaction():
        # The follower waits for this row before it goes on, and says there that it goes
        # on: it never takes an event that is being approved to be passed over.
        _check_stands_at(connection, follower, position)
        before = _find(connection, follower, position)
        if before is not None and before.approved_by is not None:
            return before
        if before is None or _same_person(before.proposed_by, by):
            if not reason:
                raise NotSkipped(
                    "--reason: say why it is to be passed over"
                    if before is None
                    else f"--by: {by} has proposed it; another person has to approve it"
                )
            proposal = (follower, position, reason, by, now)
            connection.execute(_PROPOSE, proposal)
        else:
            announce(replace(before, approved_by=by, approved_at=now))
            connection.execute(
                "UPDATE view_skips SET approved_by = %s, approved_at = %s"
                " WHERE follower = %s AND position = %s",
                (by, now, follower, position),
            )
        found = _find(connection, follower, position)
    if found is None:
        raise NotSkipped(f"{follower}: position {position} was not recorded")
    return found


def _check_stands_at(connection: Connection[Any], follower: str, position: int) -> None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT f.position + 1, f.halted IS NOT NULL, EXISTS ("
            "  SELECT 1 FROM parked p WHERE p.follower = f.name AND p.position = %s"
            ") FROM followers f WHERE f.name = %s FOR UPDATE OF f",
            (position, follower),
        ).fetchone()
    if row is None:
        raise NotSkipped(f"there is no view {follower!r}")
    following, halted, parked = row
    if not parked and not (halted and following == position):
        state = f"halted at position {following}" if halted else "not halted"
        raise NotSkipped(
            f"{follower} is {state}, and has set no case aside at position {position}"
        )


def _find(connection: Connection[Any], follower: str, position: int) -> Skip | None:
    with connection.cursor(row_factory=class_row(Skip)) as cursor:
        return cursor.execute(
            "SELECT * FROM view_skips WHERE follower = %s AND position = %s",
            (follower, position),
        ).fetchone()


def _same_person(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
