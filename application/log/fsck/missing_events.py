"""Names an event whose row is gone by what is left of it, and never by a guess.

The log's tile still has its hash. By the hash it is known if its bytes are still
stored, if the next event of its case names it, or if the head of its case does.
Otherwise the heads show how long each case was; that is enough if only one case has
lost events in the batch.
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

# The ids of the positions around the gap bound the search to a few events.
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

# Versions whose own row is gone from the ledger, each with the event after it, whose
# `prev` is the lost hash.
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

# The last batch before with a head of the case. The search finds its id anywhere in the
# packed heads; the caller unpacks them.
_EARLIER = """
SELECT heads FROM log_batches WHERE size < %s AND position(%b IN heads) > 0
ORDER BY size DESC LIMIT 1
"""

Event = tuple[UUID, int | None]
"""A case and a version; the version is None if only the case is known."""


class LostEvent(Struct, frozen=True):
    """A position of a batch that has no row, and the hashes of the batch in the log."""

    batch: Batch
    position: int
    logged: bytes

    @property
    def leaf(self) -> bytes:
        """Return the hash of the lost event, empty if the log has lost it too."""
        return self.entry(self.batch.index_of(self.position) - self.batch.previous)

    def entry(self, place: int) -> bytes:
        """Return the hash of an entry of the batch."""
        return self.logged[place * HASH_BYTES : (place + 1) * HASH_BYTES]


def identify(connection: Connection[object], lost: LostEvent) -> Event | None:
    """Return the lost event as far as it can be known, None if it cannot."""
    found = None
    if lost.leaf:
        found = (
            _by_its_bytes(connection, lost)
            or _by_the_next(connection, lost)
            or _by_its_head(lost)
        )
    return found or _by_count(connection, lost)


def _by_its_bytes(connection: Connection[object], lost: LostEvent) -> Event | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        what = {"position": lost.position, "leaf": lost.leaf}
        row = cursor.execute(_STORED, what).fetchone()
    return (row[0], row[1]) if row else None


def _by_the_next(connection: Connection[object], lost: LostEvent) -> Event | None:
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


def _by_its_head(lost: LostEvent) -> Event | None:
    # A head has the hash of its case's last event: with the lost hash in the right
    # head, the head's own hash is the one in the log.
    for place, (case, version) in enumerate(lost.batch.named, lost.batch.events):
        head = leaf_hash(encode_head(CaseHead(case, version, lost.leaf)))
        if head == lost.entry(place):
            return case, version
    return None


def _by_count(connection: Connection[object], lost: LostEvent) -> Event | None:
    """Pair the batch's lost positions with its lost versions, if one case has all."""
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
    """Yield the cases and versions of a batch by its heads and earlier heads."""
    for case, version in batch.named:
        with connection.cursor(row_factory=tuple_row) as cursor:
            what = (batch.size, case.bytes)
            row = cursor.execute(_EARLIER, what, binary=True).fetchone()
        earlier = dict(unpacked(row[0])) if row else {}
        for one in range(earlier.get(case, 0) + 1, version + 1):
            yield case, one
