"""Gives a view that could not go on another chance: it, or a case that it set aside.

A case that was set aside is folded again from the record, up to where the view stands,
and taken back in one transaction, for which the view's follower waits.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.jobs.wakeup import VIEWS as WAKES
from application.operator_error import OperatorError
from application.record.envelope import decode
from application.record.event_place import event_place, fault
from projections.following.follower import is_of_surroundings
from projections.following.ledger_batch import in_turn
from projections.read_model import View

_EVENTS = """
SELECT l.position, e.state FROM ledger l JOIN events e USING (notification_id)
WHERE l.originator_id = %(case)s AND l.position <= %(upto)s
    AND NOT EXISTS (SELECT 1 FROM view_skips s WHERE s.follower = %(view)s
        AND s.position = l.position AND s.approved_by IS NOT NULL)
ORDER BY l.position
"""


class NotRetried(OperatorError):
    """A view, or a case of it, needs no other chance; says why."""


class Retried(Struct, frozen=True, kw_only=True):
    """What came of another chance. `case` is None for a view that had halted.

    `position`: of the event that was in the way. `version`: of
    that event in its case. `failed`: why it still is in the way.
    """

    view: str
    case: UUID | None
    position: int
    failed: str | None = None
    version: int | None = None

    def __str__(self) -> str:
        """Return in one line what came of it."""
        if self.case is None:
            return f"{self.view} tries position {self.position} again"
        if self.failed is None:
            return f"{self.view} has taken case {self.case} in again"
        place = event_place(self.position, self.case, self.version)
        return f"{self.view} still cannot take {place}: {self.failed}"


def stopped(connection: Connection[Any], name: str) -> tuple[int, str | None]:
    """Return a follower's position and why it halted; it waits until the end.

    Raises NotRetried if there is no such follower.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT position, halted FROM followers WHERE name = %s FOR UPDATE", (name,)
        ).fetchone()
    if row is None:
        raise NotRetried(f"there is no view {name!r}")
    return row[0], row[1]


def retry_halted(connection: Connection[Any], name: str) -> Retried:
    """Let a halted follower try its event again. Raises NotRetried."""
    with connection.transaction():
        position, halted = stopped(connection, name)
        if halted is None:
            raise NotRetried(f"{name} is not halted; --case names a case set aside")
        connection.execute(
            "UPDATE followers SET halted = NULL WHERE name = %s", (name,)
        )
        connection.execute(f"NOTIFY {WAKES}".encode())
    return Retried(view=name, case=None, position=position + 1)


def parked_cases(connection: Connection[Any], name: str) -> list[UUID]:
    """Return the cases that a view has set aside, by the positions of their events."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "SELECT originator_id FROM parked WHERE follower = %s ORDER BY position",
            (name,),
        ).fetchall()
    return [case for (case,) in rows]


def retry_case(connection: Connection[Any], view: View[Any], case: UUID) -> Retried:
    """Fold a case that was set aside again, and take it back if that succeeds.

    Raises NotRetried if it is not set aside, and what is raised if the case is not to
    blame. What fails leaves everything as it was, but for the reason.
    """
    with connection.transaction():
        upto, _ = stopped(connection, view.name)
        position, version = _set_aside(connection, view, case)
        done = Retried(view=view.name, case=case, position=position, version=version)
        try:
            with connection.transaction():
                _take_in(connection, view, case, upto)
        except Exception as error:
            if is_of_surroundings(error):
                raise
            failed = fault(error)
            connection.execute(
                "UPDATE parked SET error = %s WHERE follower = %s"
                " AND originator_id = %s",
                (failed, view.name, case),
            )
            return msgspec.structs.replace(done, failed=failed)
    return done


def _set_aside(
    connection: Connection[Any], view: View[Any], case: UUID
) -> tuple[int, int | None]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT p.position, l.originator_version FROM parked p"
            " LEFT JOIN ledger l USING (originator_id, position)"
            " WHERE p.follower = %s AND originator_id = %s",
            (view.name, case),
        ).fetchone()
    if row is None:
        raise NotRetried(f"{view.name} has not set case {case} aside")
    return row[0], row[1]


def _take_in(
    connection: Connection[Any], view: View[Any], case: UUID, upto: int
) -> None:
    values = {"case": case, "upto": upto, "view": view.name}
    with connection.cursor(row_factory=tuple_row) as cursor:
        stored = cursor.execute(_EVENTS.encode(), values).fetchall()
        placed = in_turn((position, decode(state)) for position, state in stored)
        before = view.load(connection, [case])
        if view.grows:
            # All of its rows are made again, also those from before it was set aside.
            view.table.delete_cases(cursor, [case])
        view.store(cursor, before, {case: view.rows_of(placed)})
        cursor.execute(
            "DELETE FROM parked WHERE follower = %s AND originator_id = %s",
            (view.name, case),
        )
        cursor.execute(f"NOTIFY {WAKES}".encode())
