"""The record's rows as they are checked: in order of position, in chunks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.batches import Batch, batches_from
from application.log.stored_tree import StoredTree
from application.log.tiles import WIDTH
from application.log.tree import HASH_BYTES

EVENTS = 10_000
BATCHES = 2_000

CheckedRow = tuple[int, UUID, int, bytes, bytes | None, bool | None, str, bytes | None]
"""Position, case, version, leaf; the leaf of the case's version before, in the ledger;
whether the event is stored under that case and version; its topic and its bytes."""

COLUMNS = """
SELECT l.position, l.originator_id, l.originator_version, l.leaf, before.leaf,
       (e.originator_id, e.originator_version)
           = (l.originator_id, l.originator_version),
       e.topic, e.state
FROM ledger l
LEFT JOIN events e USING (notification_id)
LEFT JOIN ledger before ON before.originator_id = l.originator_id
    AND before.originator_version = l.originator_version - 1
"""

_ROWS = f"{COLUMNS} WHERE l.position > %s AND l.position <= %s ORDER BY l.position"

# Ids up to the last one in the ledger are all decided: who has none is foreign there.
_FOREIGN = """
SELECT e.originator_id, e.originator_version FROM events e
WHERE e.notification_id > coalesce(
        (SELECT max(notification_id) FROM ledger WHERE position <= %(after)s), 0)
  AND e.notification_id <= (
        SELECT max(notification_id) FROM ledger WHERE position <= %(upto)s)
  AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.notification_id = e.notification_id)
ORDER BY e.notification_id LIMIT 1
"""

_MANY = """
SELECT count(*) FROM events WHERE notification_id > coalesce(
        (SELECT notification_id FROM ledger WHERE position = %(after)s), 0)
  AND notification_id <= (SELECT notification_id FROM ledger WHERE position = %(upto)s)
"""


class EventKind(Struct, frozen=True):
    """What kind of event it is."""

    type: str


class Chained(Struct, frozen=True):
    """What an event's bytes say about its place."""

    case: UUID
    version: int
    recorded_at: datetime
    event: EventKind
    prev: bytes | None = None


decode_chained = msgspec.json.Decoder(Chained).decode


class Chunk(Struct, frozen=True, kw_only=True):
    """Some batches with their rows and the leaf hashes that the log holds for them.

    `foreign`: an event among them that has no place in the ledger.
    """

    batches: tuple[Batch, ...]
    rows: list[CheckedRow]
    leaves: bytes
    foreign: tuple[UUID, int] | None


def read_chunk(connection: Connection[object], index: int) -> Chunk | None:
    """Read the next batches, from the one that begins at an index; None at the end."""
    batches = _some(batches_from(connection, index, BATCHES))
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


def foreign(
    connection: Connection[object], after: int, upto: int
) -> tuple[UUID, int] | None:
    """Return an event among some positions that has no position of its own."""
    bounds = {"after": after, "upto": upto}
    with connection.cursor(row_factory=tuple_row) as cursor:
        many = cursor.execute(_MANY, bounds, prepare=True).fetchone()
        if many == (upto - after,):
            return None
        row = cursor.execute(_FOREIGN, bounds).fetchone()
    return (row[0], row[1]) if row else None


def _some(batches: list[Batch]) -> tuple[Batch, ...]:
    """Return as many batches as make a chunk."""
    found: list[Batch] = []
    events = 0
    for batch in batches:
        events += batch.events
        if found and events > EVENTS:
            break
        found.append(batch)
    return tuple(found)


def _leaves(connection: Connection[object], start: int, end: int) -> bytes:
    """Return the leaf hashes of entries from the log's tiles, as many as there are."""
    tree, first = StoredTree(connection), start // WIDTH
    tiles = (tree.tile(0, n) for n in range(first, (end - 1) // WIDTH + 1))
    skipped = (start - first * WIDTH) * HASH_BYTES
    return b"".join(tiles)[skipped : skipped + (end - start) * HASH_BYTES]
