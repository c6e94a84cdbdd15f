"""The cases that views have set aside, each with its event and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.record.event_place import event_place

_PARKED = """
SELECT p.follower AS view, p.originator_id AS "case", p.position,
       l.originator_version AS version, p.error
FROM parked p LEFT JOIN ledger l
    ON l.position = p.position AND l.originator_id = p.originator_id
"""

SHOWN_CASES = 3
"""How many of the cases that a view has set aside health names; `redress views` names
all."""


class ParkedCase(Struct, frozen=True, kw_only=True):
    """A case that a view has set aside: at which event, and why.

    `version`: of the event in its case; None if the record has none at the position.
    """

    view: str
    case: UUID
    position: int
    version: int | None
    error: str

    def __str__(self) -> str:
        """Return in one line where the event stands, and why it is in the way."""
        return f"{event_place(self.position, self.case, self.version)}: {self.error}"


def parked_cases(connection: Connection[Any]) -> tuple[ParkedCase, ...]:
    """Return the cases that views have set aside, by views and positions."""
    with connection.cursor(row_factory=class_row(ParkedCase)) as cursor:
        query = f"{_PARKED} ORDER BY p.follower, p.position"
        return tuple(cursor.execute(query.encode()))


def first_parked(
    connection: Connection[Any], view: str, many: int
) -> tuple[ParkedCase, ...]:
    """Return the first of the cases that a view has set aside, if it has any."""
    if not many:
        return ()
    query = f"{_PARKED} WHERE p.follower = %s ORDER BY p.position LIMIT {SHOWN_CASES}"
    with connection.cursor(row_factory=class_row(ParkedCase)) as cursor:
        return tuple(cursor.execute(query.encode(), (view,)))


def said_aside(many: int, first: Sequence[ParkedCase]) -> str:
    """Return in one line how many cases are set aside, and the first of them."""
    cases = "1 case" if many == 1 else f"{many} cases"
    named = "; ".join(map(str, first))
    more = "; …" if many > len(first) else ""
    return f"{cases} aside at {named}{more} (redress views)"
