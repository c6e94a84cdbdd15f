"""The order of the log's entries: batches of events, each followed by case heads.

An entry is an event's stored bytes, or a case head. A batch has the next events of the
ledger in order of position, then one head for each case among them, in order of the
case's last event there. So the ledger and the bounds of the batches are enough to make
the whole log again. A head says how long its case was: a chain of hashes alone cannot
show that its end was cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import iter_unpack, pack
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.format.tree import leaf_hash


class CaseHead(Struct, frozen=True, tag="case-head", tag_field="type"):
    """The length of a case: its version, and the leaf hash of its last event.

    Its bytes begin `{"type":"case-head"` and those of an event `{"case":`, so that
    neither can pass for the other.
    """

    case: UUID
    version: int
    leaf: bytes


encode_head = msgspec.json.Encoder().encode

Row = tuple[int, UUID, int, bytes]
"""A row of the ledger: position, case, version, leaf hash."""


class Batch(Struct, frozen=True, kw_only=True):
    """Entries that were appended at once.

    Their indexes begin with `previous` and end before `size`. The positions of their
    events begin behind `after` and end with `position`. `heads` are its case heads as
    stored, `root` is the tree's root at `size`.
    """

    previous: int
    size: int
    after: int
    position: int
    heads: bytes
    root: bytes

    @property
    def events(self) -> int:
        """Return how many events the batch has."""
        return self.position - self.after

    @property
    def named(self) -> tuple[tuple[UUID, int], ...]:
        """Return the case and version of each head, in order."""
        return unpacked(self.heads)

    def index_of(self, position: int) -> int:
        """Return the index in the log of an event in this batch."""
        return self.previous + position - self.after - 1

    def index_of_head(self, case: UUID) -> int | None:
        """Return the index in the log of a case's head in this batch."""
        for place, (named, _) in enumerate(self.named):
            if named == case:
                return self.previous + self.events + place
        return None


def last_of_each(rows: Sequence[Row]) -> list[CaseHead]:
    """Return the heads of a batch of events, in order of each case's last event."""
    last = {row[1]: row[0] for row in rows}
    return [
        CaseHead(case, version, leaf)
        for position, case, version, leaf in rows
        if last[case] == position
    ]


def packed(heads: Iterable[CaseHead]) -> bytes:
    """Return heads as they are stored: 16 bytes of the case, 8 of the version, each."""
    return b"".join([one.case.bytes + pack(">Q", one.version) for one in heads])


def unpacked(heads: bytes) -> tuple[tuple[UUID, int], ...]:
    """Return the case and version of each of some stored heads."""
    return tuple(
        (UUID(bytes=case), version) for case, version in iter_unpack(">16sQ", heads)
    )


def leaves(rows: Sequence[Row], heads: Iterable[CaseHead]) -> list[bytes]:
    """Return the leaf hashes of a batch's entries."""
    return [*(row[3] for row in rows), *(leaf_hash(encode_head(one)) for one in heads)]


# The beginning of the log is a batch of size 0 that follows none.
_BATCH = "SELECT coalesce(previous, 0), size, coalesce(after, 0), position, heads, root"


def tip(connection: Connection[object]) -> Batch:
    """Return the last batch; in an empty log it has no entries."""
    found = _one(connection, " ORDER BY size DESC LIMIT 1", ())
    if found is None:
        raise LookupError("the log has lost its beginning")
    return found


def batch_of_position(connection: Connection[object], position: int) -> Batch | None:
    """Return the batch that holds an event, None if the log does not hold it yet."""
    where = " WHERE position >= %s AND size > 0 ORDER BY position LIMIT 1"
    return _one(connection, where, (position,))


def batch_of_size(connection: Connection[object], size: int) -> Batch | None:
    """Return the batch that ended with a size, None if none did."""
    return _one(connection, " WHERE size = %s", (size,))


def batches_from(connection: Connection[object], index: int, limit: int) -> list[Batch]:
    """Return batches in order, beginning with the one that holds an entry."""
    where = " WHERE size > %s ORDER BY size LIMIT %s"
    return _many(connection, where, (index, limit))


def _one(
    connection: Connection[object], where: str, values: tuple[int, ...]
) -> Batch | None:
    return next(iter(_many(connection, where, values)), None)


def _many(
    connection: Connection[object], where: str, values: tuple[int, ...]
) -> list[Batch]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        query = f"{_BATCH} FROM log_batches{where}"
        rows = cursor.execute(query.encode(), values, binary=True).fetchall()
    names = Batch.__struct_fields__
    return [Batch(**dict(zip(names, row, strict=True))) for row in rows]
