"""Reads the entries of the log by their index, from the record."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.build.batches import Batch, CaseHead, batches_from, encode_head
from application.log.build.stored_tree import LogDamaged

BATCHES = 256
"""How many batches are read at a time."""

_STATES = """
SELECT e.state FROM ledger l JOIN events e USING (notification_id)
WHERE l.position > %s AND l.position <= %s ORDER BY l.position
"""

_LEAVES = """
SELECT l.leaf FROM unnest(%b::uuid[], %b::bigint[])
    WITH ORDINALITY AS head (case_id, version, place)
JOIN ledger l ON l.originator_id = case_id AND l.originator_version = version
ORDER BY place
"""


def entries(connection: Connection[object], start: int, end: int) -> list[bytes]:
    """Return the bytes of the entries from start to end.

    Raises LogDamaged if one is missing from the record.
    """
    found: list[bytes] = []
    while start < end:
        batches = batches_from(connection, start, BATCHES)
        if not batches:
            raise LogDamaged(f"the log has no entry {start}")
        for batch in batches:
            upto = min(end, batch.size)
            if start < upto:
                found += _of_batch(connection, batch, start, upto)
                start = upto
    return found


def _of_batch(
    connection: Connection[object], batch: Batch, start: int, end: int
) -> list[bytes]:
    first, last = start - batch.previous, end - batch.previous
    events = _events(
        connection,
        batch.after + min(first, batch.events),
        batch.after + min(last, batch.events),
    )
    heads = batch.named[max(0, first - batch.events) : max(0, last - batch.events)]
    found = [*events, *_heads(connection, heads)]
    if len(found) != end - start:
        raise LogDamaged(f"entries {start} to {end} of the log are not all there")
    return found


def _events(connection: Connection[object], after: int, upto: int) -> list[bytes]:
    if after == upto:
        return []
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_STATES, (after, upto), binary=True)
        return [state for (state,) in cursor]


def _heads(
    connection: Connection[object], named: tuple[tuple[UUID, int], ...]
) -> list[bytes]:
    if not named:
        return []
    cases, versions = zip(*named, strict=True)
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_LEAVES, (list(cases), list(versions)), binary=True)
        leaves = [leaf for (leaf,) in cursor]
    # If leaves are missing, so are entries, which the caller counts.
    return [
        encode_head(CaseHead(case, version, leaf))
        for (case, version), leaf in zip(named, leaves, strict=False)
    ]
