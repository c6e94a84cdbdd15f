"""Cases that a view has set aside: each has to have an event that the view cannot take.

Whoever may write to the table of these cases could hide any of them otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg import Connection

from application.record.sqlstates import Cause, cause_of
from projections.placed_events import Placed
from projections.read_model import OnPoison, View
from projections.view_audit.case_slice import Standing


class Unreadable(Struct, frozen=True):
    """A position whose bytes are no event that this code knows."""

    position: int


Event = Placed | Unreadable
"""What stands at a position of a case."""

Holds = Callable[[View[Any], UUID, Sequence[Struct], Sequence[Struct]], bool]
"""Tells whether a view's table takes a case's rows, after those that it had before."""


def without_cause(
    view: View[Any],
    standing: Standing,
    case: UUID,
    events: Sequence[Event],
    holds: Holds,
) -> str | None:
    """Return in words why a view has no cause to set a case aside, None if it has one.

    Also None for a case that is not set aside.
    """
    at = standing.parked.get(case)
    if at is None:
        return None
    said = f"it has set the case aside at position {at}"
    if view.on_poison is OnPoison.HALT:
        return f"{said}, and is a view that sets no case aside"
    if at > standing.position:
        return f"{said}, and stands at {standing.position}"
    upto = [one for one in events if one.position <= at]
    if not upto or upto[-1].position != at:
        return f"{said}, where the case has no event"
    # Two people have said since that it cannot be taken; a rebuild then takes the rest.
    if at in standing.skipped or not _takes(view, standing, case, upto, holds):
        return None
    return f"{said}, whose event it can take"


def holds_in(connection: Connection[Any]) -> Holds:
    """Return what tries to store rows, and leaves none of them.

    Where nothing can be written, such as on a standby, whatever was folded is held.
    """

    def holds(
        view: View[Any], case: UUID, before: Sequence[Struct], after: Sequence[Struct]
    ) -> bool:
        old: Mapping[UUID, Any] = {case: tuple(before)}
        try:
            with (
                connection.transaction(force_rollback=True),
                connection.cursor() as cursor,
            ):
                view.store(cursor, old, {case: tuple(after)})
        except psycopg.Error as error:
            return cause_of(error) not in {Cause.INPUT, Cause.CONFLICT}
        return True

    return holds


def _takes(
    view: View[Any],
    standing: Standing,
    case: UUID,
    events: Sequence[Event],
    holds: Holds,
) -> bool:
    placed = []
    for one in events:
        if one.position in standing.skipped:
            continue
        if isinstance(one, Unreadable):
            return False
        placed.append(one)
    try:
        before, after = view.rows_of(placed[:-1]), view.rows_of(placed)
    except Exception:  # noqa: BLE001 - whatever a fold says of a strange event
        return False
    return holds(view, case, before, after)
