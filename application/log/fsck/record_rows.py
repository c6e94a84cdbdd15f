"""Reads the rows of the record to check: in order of position, in chunks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.build.batches import Batch, batches_from
from application.log.build.stored_tree import StoredTree
from application.log.format.tiles import WIDTH
from application.log.format.tree import HASH_BYTES
from application.log.fsck.unsequenced_events import UnsequencedEvent, foreign

EVENTS = 10_000
"""How many events a chunk has at most, unless one batch has more."""

BATCHES = 2_000
"""How many batches a chunk has at most."""

CheckedRow = tuple[
    int, UUID, int, bytes, bytes | None, bool | None, str, bytes | None, int
]
"""A row of the ledger with its event, as the query returns it.

Position, case, version and leaf; the leaf of the case's version before, in the ledger;
whether the event is stored under that case and version; its topic, its bytes, its id.
"""

# LEFT, because the event of a position may be gone, and so may the version before it.
# The event is found by its id: under the case and version it could be another one.
COLUMNS = """
SELECT l.position, l.originator_id, l.originator_version, l.leaf, before.leaf,
       (e.originator_id, e.originator_version)
           = (l.originator_id, l.originator_version),
       e.topic, e.state, l.notification_id
FROM ledger l
LEFT JOIN events e USING (notification_id)
LEFT JOIN ledger before ON before.originator_id = l.originator_id
    AND before.originator_version = l.originator_version - 1
"""

_ROWS = f"{COLUMNS} WHERE l.position > %s AND l.position <= %s ORDER BY l.position"

_NEXT = f"{COLUMNS} WHERE l.position > %s ORDER BY l.position LIMIT {EVENTS}"


class EventKind(Struct, frozen=True):
    """The kind of an event, the only part of it that a check reads."""

    type: str


class Chained(Struct, frozen=True):
    """What an event's bytes say about its place in the record."""

    case: UUID
    version: int
    recorded_at: datetime
    event: EventKind
    rules: bytes | None = None
    prev: bytes | None = None


decode_chained = msgspec.json.Decoder(Chained).decode


class Chunk(Struct, frozen=True, kw_only=True):
    """Some batches with their rows, and the leaf hashes that the log has for them.

    `foreign`: an event stored among them without a position in the ledger.
    """

    batches: tuple[Batch, ...]
    rows: list[CheckedRow]
    leaves: bytes
    foreign: UnsequencedEvent | None


def read_chunk(
    connection: Connection[object], index: int, events: int = EVENTS
) -> Chunk | None:
    """Read the batches from the one that begins at an index on, None at the end."""
    # A batch has one event at least.
    there = batches_from(connection, index, min(BATCHES, events))
    batches = _chunk_batches(there, events)
    if not batches:
        return None
    after, upto = batches[0].after, batches[-1].position
    return Chunk(
        batches=batches,
        rows=read_rows(connection, after, upto),
        leaves=_leaves(connection, batches[0].previous, batches[-1].size),
        foreign=foreign(connection, after, upto),
    )


def read_rows(
    connection: Connection[object], after: int, upto: int
) -> list[CheckedRow]:
    """Read the rows of some positions, in order."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_ROWS.encode(), (after, upto), binary=True, prepare=True)
        return cursor.fetchall()


def read_next(connection: Connection[object], after: int) -> list[CheckedRow]:
    """Read the next rows, even if positions are missing before them."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(_NEXT.encode(), (after,), binary=True).fetchall()


def _chunk_batches(batches: list[Batch], most: int) -> tuple[Batch, ...]:
    """Return the first batches, as many as make a chunk of some events."""
    found: list[Batch] = []
    events = 0
    for batch in batches:
        events += batch.events
        if found and events > most:
            break
        found.append(batch)
    return tuple(found)


def _leaves(connection: Connection[object], start: int, end: int) -> bytes:
    """Return the leaf hashes of entries in the log's tiles, as many as there are."""
    tree, first = StoredTree(connection), start // WIDTH
    tiles = (tree.tile(0, n) for n in range(first, (end - 1) // WIDTH + 1))
    skipped = (start - first * WIDTH) * HASH_BYTES
    return b"".join(tiles)[skipped : skipped + (end - start) * HASH_BYTES]
