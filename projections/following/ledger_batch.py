"""Batches of the ledger: read once, decoded once, the cases evolved once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.record.envelope import Recorded, decode
from application.record.event_place import event_place
from projections.following.evolved_case import next_state
from projections.following.state_cache import State, StateCache
from projections.placed_events import Placed

BATCH = 1_000
"""Events in one transaction: 20 to 60 times as fast as one event in each."""

_EVENTS = """
SELECT l.position, l.originator_id, l.originator_version, e.topic, e.state
FROM ledger l JOIN events e USING (notification_id)
WHERE l.position > %(after)s AND l.position <= coalesce(%(upto)s, l.position)
ORDER BY l.position LIMIT %(limit)s
"""
_EARLIER = """
SELECT e.originator_id, e.state
FROM unnest(%(cases)s::uuid[], %(versions)s::bigint[]) AS wanted (id, version)
JOIN events e ON e.originator_id = wanted.id AND e.originator_version < wanted.version
ORDER BY e.originator_id, e.originator_version
"""


class Stored(Struct, frozen=True, gc=False):
    """An event as the ledger orders it, not yet decoded."""

    position: int
    case: UUID
    version: int
    topic: str
    state: bytes

    @property
    def place(self) -> str:
        """Return in words where the event stands."""
        return event_place(self.position, self.case, self.version)


def read_batch(
    connection: Connection[Any],
    after: int,
    *,
    upto: int | None = None,
    limit: int = BATCH,
) -> list[Stored]:
    """Read the events after a position, in the order of the ledger."""
    values = {"after": after, "upto": upto, "limit": limit}
    rows = connection.execute(_EVENTS.encode(), values, prepare=True, binary=True)
    return [Stored(*row) for row in rows]


class Placing:
    """Decodes events and evolves their cases, each once for all views."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._states = StateCache()

    def placed(self, batch: Collection[Stored]) -> list[Placed]:
        """Place events in the order of the ledger. Raises what decoding raises."""
        events = [(one.position, decode(one.state)) for one in batch]
        states = self._before(batch)
        placed = []
        for position, recorded in events:
            one = evolved(position, recorded, states.get(recorded.case))
            # What is raised stands for the state: later events cannot be evolved.
            states[recorded.case] = one.evolved or ValueError("not evolved")
            placed.append(one)
        self._states.keep(states)
        return placed

    def _before(self, batch: Iterable[Stored]) -> dict[UUID, State]:
        """Return the states of the cases before their first events in a batch."""
        first: dict[UUID, int] = {}
        for one in batch:
            first.setdefault(one.case, one.version)
        found = self._states.find(first)
        missed = {
            case: version
            for case, version in first.items()
            if version > 1 and case not in found
        }
        return found | self._evolved_again(missed) if missed else found

    def _evolved_again(self, missed: dict[UUID, int]) -> dict[UUID, State]:
        values = {"cases": list(missed), "versions": list(missed.values())}
        rows = self._connection.execute(
            _EARLIER.encode(), values, prepare=True, binary=True
        )
        states: dict[UUID, State] = {}
        for case, stored in rows:
            before = states.get(case)
            if isinstance(before, Exception):
                continue
            try:
                states[case] = next_state(before, decode(stored))
            except Exception as error:  # noqa: BLE001 - for views that ask for it
                states[case] = error
        return states


def in_turn(events: Iterable[tuple[int, Recorded]]) -> tuple[Placed, ...]:
    """Place all events of one case, from its first one on."""
    placed = []
    state: State | None = None
    for position, recorded in events:
        one = evolved(position, recorded, state)
        placed.append(one)
        state = one.evolved
    return tuple(placed)


def evolved(position: int, recorded: Recorded, state: State | None) -> Placed:
    """Place an event, given the state of its case before it."""
    if isinstance(state, Exception):
        return Placed(position, recorded, None, state)
    try:
        return Placed(position, recorded, state, next_state(state, recorded))
    except Exception as error:  # noqa: BLE001 - raised in views that ask for the state
        return Placed(position, recorded, state, error)
