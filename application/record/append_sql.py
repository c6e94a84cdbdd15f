"""The INSERT that appends events and the use of an idempotency key, and its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain, count
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from application.record.prepared import Prepared, Values, prepared

# Plain values are faster up to about ten events (one event: 0.08 ms, as arrays 0.13
# ms), arrays beyond. Each number of events is a statement of its own: with and without
# a key that makes 32, of the 100 that psycopg keeps prepared on a connection.
FEW = 16
"""Up to so many events are sent as plain values, more of them as arrays."""


class KeyUse(Struct, frozen=True):
    """Which command a client's idempotency key stands for.

    `digest` is a keyed hash of the request, 32 bytes. `left_at` is the version of the
    case in the answer to a command that appended nothing.
    """

    command_id: UUID
    case: UUID
    digest: bytes
    left_at: int | None = None


def insertion(
    events: Sequence[StoredEvent], key_use: KeyUse | None
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that appends events and the use of a key, and its values."""
    rows = [
        (event.originator_id, event.originator_version, event.topic, event.state)
        for event in events
    ]
    if len(rows) > FEW:
        parameters: tuple[Any, ...] = tuple(map(list, zip(*rows, strict=True)))
        statement = _statement(None, with_key=key_use is not None)
    else:
        parameters = tuple(chain.from_iterable(rows))
        statement = _statement(len(rows), with_key=key_use is not None)
    if key_use is not None:
        use = (key_use.command_id, key_use.case, key_use.digest)
        return statement, (*use, *parameters)
    return statement, parameters


def few_events(
    events: Sequence[StoredEvent], key_use: KeyUse | None
) -> tuple[Prepared, Values]:
    """Return the same for up to `FEW` events, as a prepared statement of libpq's."""
    values: list[Any] = []
    if key_use is not None:
        values += key_use.command_id, key_use.case, key_use.digest
    for one in events:
        values += one.originator_id, one.originator_version, one.topic, one.state
    return _few(len(events), with_key=key_use is not None), values


@cache
def _few(number: int, *, with_key: bool) -> Prepared:
    places = count(1)
    return prepared(
        re.sub(
            "%[bs]", lambda _: f"${next(places)}", _statement(number, with_key=with_key)
        )
    )


@cache
def _statement(count: int | None, *, with_key: bool) -> str:
    """Compose the INSERT for a number of rows; None: for arrays of any length."""
    rows = _ARRAYS if count is None else "VALUES " + ", ".join([_ROW] * count)
    insert = (
        "INSERT INTO events (originator_id, originator_version, topic, state) " + rows
    )
    return _KEY_USE + insert if with_key else insert


# %b sends bytes as they are; as text they would be written in hex, twice as long.
_ROW = "(%b, %s, %s, %b)"
# Sorted by place, because ids are given out in the order of insertion: the events of a
# case get ids in the order of their versions, and from them their positions.
_ARRAYS = (
    "SELECT case_id, version, topic, state"
    " FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
    " WITH ORDINALITY AS new (case_id, version, topic, state, place) ORDER BY place"
)
# PostgreSQL runs this part although nothing reads it. Events and key are one statement:
# if either exists already, neither is inserted.
_KEY_USE = (
    "WITH used AS (INSERT INTO requests (command_id, originator_id, digest)"
    " VALUES (%b, %b, %b)) "
)
