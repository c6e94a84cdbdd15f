"""Checks that the lifecycle allows each event of a case where it stands.

Bytes, chain and log do not say that. Whoever can write to the database can add a ruling
by the clock to a closed case, and the log signs it like any other event.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.fsck.finding import Differs, Finding, Property
from application.record.envelope import is_about_a_case
from domain.case.event_order import BEGINNING, EVENT_ORDER, Standing, after
from domain.roles import Actor

EVENTS = 5_000
"""How many events a step checks, and the rest of the last case among them."""

_FIRST = UUID(int=0)

# By the primary key, so that nothing is sorted. The comparison of rows lets a step
# begin within a case.
_NEXT = """
SELECT originator_id, originator_version, topic, state FROM events
WHERE (originator_id, originator_version) > (%s, %s)
ORDER BY originator_id, originator_version LIMIT %s
"""

Row = tuple[UUID, int, str, bytes]


class _Told(Struct, frozen=True):
    """What an event says of who it is by, and whether another system tells of it."""

    actor: Actor
    imported: msgspec.Raw = msgspec.Raw()


_decode = msgspec.json.Decoder(_Told).decode


class EventSequences:
    """Follows the events of all cases, case by case. Raises Differs."""

    def __init__(self, connection: Connection[object]) -> None:
        self._connection = connection
        self._case, self._version = _FIRST, 0
        self._standings = BEGINNING
        self.events = 0

    def step(self, events: int = EVENTS) -> int:
        """Check the next events; return how many, 0 at the end. Raises Differs."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            place = (self._case, self._version, events)
            rows: list[Row] = cursor.execute(
                _NEXT.encode(), place, binary=True
            ).fetchall()
        for row in rows:
            self._take(row)
        self.events += len(rows)
        return len(rows)

    def _take(self, row: Row) -> None:
        case, version = row[:2]
        if case != self._case:
            self._standings = BEGINNING
        self._standings = followed(self._standings, row)
        self._case, self._version = case, version


def check_sequence(rows: Sequence[Row]) -> None:
    """Check the events of one case. Raises Differs."""
    standings = BEGINNING
    for row in rows:
        standings = followed(standings, row)


def followed(standings: frozenset[Standing], row: Row) -> frozenset[Standing]:
    """Return where a case may stand after an event. Raises Differs."""
    case, version, topic, state = row
    if not is_about_a_case(topic):
        return standings
    told = _told(case, version, state)
    by = told.actor.acts_as
    reached = after(standings, topic, by, told=bool(bytes(told.imported)))
    if not reached:
        raise _differs(case, version, _why(standings, topic, by))
    return reached


def _why(standings: frozenset[Standing], topic: str, by: str) -> str:
    row = EVENT_ORDER.get(topic)
    if row is None:
        return f"there is no event of the kind {topic!r}"
    if by not in row.roles:
        return f"the lifecycle lets no {by} record {topic!r}"
    phases = " or ".join(sorted({phase for phase, _ in standings}))
    return f"the lifecycle has no {topic!r} in the phase {phases}"


def _told(case: UUID, version: int, state: bytes) -> _Told:
    try:
        return _decode(state)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _differs(case, version, f"the bytes are no event: {error}") from None


def _differs(case: UUID, version: int, said: str) -> Differs:
    finding = Finding(property=Property.ORDER, said=said, case=case, version=version)
    return Differs(finding)
