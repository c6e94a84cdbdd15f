"""Names an event whose row is gone, from what is left: nothing is ever guessed.

The log's tile still has its hash. With it the event is known if its bytes are there, if
the next event of its case names it, or if the case's head does. Else the heads tell how
long each case was; that is enough if only one case has lost events in the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.build.batches import Batch, CaseHead, encode_head, unpacked
from application.log.format.tree import HASH_BYTES, leaf_hash
from application.log.fsck.record_rows import decode_chained

_STORED = """
SELECT originator_id, originator_version FROM events
WHERE notification_id > coalesce(
        (SELECT max(notification_id) FROM ledger WHERE position < %(position)s), 0)
  AND notification_id < coalesce(
        (SELECT min(notification_id) FROM ledger WHERE position > %(position)s),
        9223372036854775807)
  AND sha256('\\x00'::bytea || state) = %(leaf)s
LIMIT 1
"""

_HOLES = """
SELECT l.originator_id, l.originator_version - 1, e.state
FROM ledger l JOIN events e USING (notification_id)
WHERE l.position > %s AND l.originator_version > 1 AND NOT EXISTS (
    SELECT 1 FROM ledger before WHERE before.originator_id = l.originator_id
        AND before.originator_version = l.originator_version - 1)
ORDER BY l.position LIMIT 10000
"""

_THERE = """
SELECT position, originator_id, originator_version FROM ledger
WHERE position > %s AND position <= %s
"""

_EARLIER = """
SELECT heads FROM log_batches WHERE size < %s AND position(%b IN heads) > 0
ORDER BY size DESC LIMIT 1
"""

Event = tuple[UUID, int | None]
"""A case and a version, None if only the case is known."""


class Lost(Struct, frozen=True):
    """A position of a batch without a row, and the hashes that the log has there."""

    batch: Batch
    position: int
    logged: bytes

    @property
    def leaf(self) -> bytes:
        """Return the hash of what was there, empty if the log has lost it too."""
        return self.entry(self.batch.index_of(self.position) - self.batch.previous)

    def entry(self, place: int) -> bytes:
        """Return the hash of an entry of the batch."""
        return self.logged[place * HASH_BYTES : (place + 1) * HASH_BYTES]


def named(connection: Connection[object], lost: Lost) -> Event | None:
    """Return which event it was, as far as it can be known."""
    found = None
    if lost.leaf:
        found = (
            _by_its_bytes(connection, lost)
            or _by_the_next(connection, lost)
            or _by_its_head(lost)
        )
    return found or _by_count(connection, lost)


def _by_its_bytes(connection: Connection[object], lost: Lost) -> Event | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        what = {"position": lost.position, "leaf": lost.leaf}
        row = cursor.execute(_STORED, what).fetchone()
    return (row[0], row[1]) if row else None


def _by_the_next(connection: Connection[object], lost: Lost) -> Event | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_HOLES, (lost.position,))
        for case, version, state in cursor:
            if _before(state) == lost.leaf:
                return case, version
    return None


def _before(state: bytes) -> bytes | None:
    try:
        return decode_chained(state).prev
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _by_its_head(lost: Lost) -> Event | None:
    for place, (case, version) in enumerate(lost.batch.named, lost.batch.events):
        head = leaf_hash(encode_head(CaseHead(case, version, lost.leaf)))
        if head == lost.entry(place):
            return case, version
    return None


def _by_count(connection: Connection[object], lost: Lost) -> Event | None:
    """Pair the batch's lost positions with its lost versions, if of one case only."""
    batch = lost.batch
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_THERE, (batch.after, batch.position)).fetchall()
    there = {(case, version) for _, case, version in rows}
    gone = [one for one in _expected(connection, batch) if one not in there]
    cases = {case for case, _ in gone}
    if len(cases) != 1:
        return None
    present = {row[0] for row in rows}
    places = [n for n in range(batch.after + 1, batch.position + 1) if n not in present]
    if len(places) != len(gone):
        return cases.pop(), None
    return gone[places.index(lost.position)]


def _expected(
    connection: Connection[object], batch: Batch
) -> Iterator[tuple[UUID, int]]:
    """Yield the cases and versions of a batch, as its heads and earlier ones say."""
    for case, version in batch.named:
        with connection.cursor(row_factory=tuple_row) as cursor:
            what = (batch.size, case.bytes)
            row = cursor.execute(_EARLIER, what, binary=True).fetchone()
        earlier = dict(unpacked(row[0])) if row else {}
        for one in range(earlier.get(case, 0) + 1, version + 1):
            yield case, one
