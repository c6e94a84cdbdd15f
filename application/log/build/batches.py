"""Which entry stands where: the log in batches, each events first, then case heads.

An entry is an event's stored bytes, or a case head. A batch takes the next events of
the ledger in order of position; then follows one head for each case among them, in
order of the case's last event there. So the whole log can be made again from the ledger
and the bounds of its batches, and the head says how long a case was: a chain of hashes
alone cannot show that its end was cut off.
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

HEAD_BYTES = 24


class CaseHead(Struct, frozen=True, tag="case-head", tag_field="type"):
    """How long a case is: its version, and the leaf hash of its last event.

    Its bytes begin `{"type":"case-head"`, those of an event `{"case":`.
    """

    case: UUID
    version: int
    leaf: bytes


encode_head = msgspec.json.Encoder().encode

Row = tuple[int, UUID, int, bytes]
"""A row of the ledger: position, case, version, leaf hash."""


class Batch(Struct, frozen=True, kw_only=True):
    """Entries that were appended at once: previous to size, after to position."""

    previous: int
    size: int
    after: int
    position: int
    heads: bytes
    root: bytes

    @property
    def events(self) -> int:
        """Return how many events there are."""
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
    """Return the heads that follow some events, in order of each case's last event."""
    last = {row[1]: row[0] for row in rows}
    return [
        CaseHead(case, version, leaf)
        for position, case, version, leaf in rows
        if last[case] == position
    ]


def packed(heads: Iterable[CaseHead]) -> bytes:
    """Write which heads a batch has, as they are stored."""
    return b"".join([one.case.bytes + pack(">Q", one.version) for one in heads])


def unpacked(heads: bytes) -> tuple[tuple[UUID, int], ...]:
    """Return the case and version of each head, from how they are stored."""
    return tuple(
        (UUID(bytes=case), version) for case, version in iter_unpack(">16sQ", heads)
    )


def leaves(rows: Sequence[Row], heads: Iterable[CaseHead]) -> list[bytes]:
    """Return the leaf hashes of a batch's entries."""
    return [*(row[3] for row in rows), *(leaf_hash(encode_head(one)) for one in heads)]


_BATCH = "SELECT coalesce(previous, 0), size, coalesce(after, 0), position, heads, root"


def tip(connection: Connection[object]) -> Batch:
    """Return the last batch; that of an empty log has no entries."""
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
    """Return batches in order, the first being the one that holds an entry."""
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
