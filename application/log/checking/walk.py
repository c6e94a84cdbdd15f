"""Goes through the whole record in order, chunk by chunk, in constant memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from uuid import UUID

from psycopg import Connection

from application.log.batches import Batch, Row, last_of_each, leaves
from application.log.checking.anchors import Anchor
from application.log.checking.events import back_dated, check_row
from application.log.checking.finding import Differs, Finding, Property
from application.log.checking.growing import Growing
from application.log.checking.naming import (
    first_difference,
    gap,
    same_heads,
    wrong_entry,
    wrong_head,
)
from application.log.checking.rows import (
    EVENTS,
    CheckedRow,
    Chunk,
    foreign,
    read_chunk,
    read_rows,
)
from application.log.tree import HASH_BYTES

BACKDATED_SECONDS = 600.0
"""How much older than a checkpoint before it an event may say it is: the length of the
longest appending transaction, and what clocks of several machines differ by."""


class Walk:
    """A check of everything, resumed where it is; each step raises Differs or goes on.

    `anchors` are checkpoints whose signatures hold, the smallest first.
    """

    def __init__(
        self, connection: Connection[object], anchors: Sequence[Anchor]
    ) -> None:
        self._connection = connection
        self._growing = Growing(connection, anchors)
        self.position = 0
        self._back_dated: Finding | None = None
        timed = [(one.size, one.time) for one in anchors if one.time is not None]
        self._sizes = [size for size, _ in timed]
        self._floors = [time - BACKDATED_SECONDS for _, time in timed]

    @property
    def size(self) -> int:
        """Return how many entries have been checked."""
        return self._growing.edge.size

    def read(self, index: int) -> Chunk | None:
        """Read what a step checks from an entry on, None at the log's end."""
        return read_chunk(self._connection, index)

    def step(self, chunk: Chunk) -> int:
        """Check a chunk; return how many events it has. Raises Differs."""
        start = chunk.batches[0].previous
        for batch, rows in _parted(chunk):
            self._check(batch, rows, chunk.leaves, start)
        if chunk.foreign is not None:
            raise _foreign(chunk.foreign)
        return len(chunk.rows)

    def finish(self) -> int:
        """Check that no checkpoint covers more, and what the log does not hold yet.

        Return how many events those are. Raises Differs.
        """
        self._growing.finish()
        waiting, floor = 0, self._floor(self.size)
        while rows := read_rows(
            self._connection, self.position, self.position + EVENTS
        ):
            for row in rows:
                self._expect(row)
                self._check_row(row, floor)
            waiting += len(rows)
            before = self.position - len(rows)
            if found := foreign(self._connection, before, self.position):
                raise _foreign(found)
        if self._back_dated is not None:
            raise Differs(self._back_dated)
        return waiting

    def _check(
        self, batch: Batch, rows: list[CheckedRow], logged: bytes, start: int
    ) -> None:
        if batch.previous != self.size or batch.after != self.position:
            raise _unconnected(batch, self.size)
        there = logged[
            (batch.previous - start) * HASH_BYTES : (batch.size - start) * HASH_BYTES
        ]
        placed: list[Row] = [row[:4] for row in rows]
        wrong = first_difference(b"".join([row[3] for row in rows]), there)
        floor = self._floor(batch.previous)
        for place, row in enumerate(rows):
            if row[0] != self.position + 1:
                raise gap(self._connection, batch, self.position + 1)
            self._check_row(row, floor)
            if place == wrong:
                raise wrong_entry(batch, placed, [], place, there)
            self.position += 1
        if self.position != batch.position:
            raise gap(self._connection, batch, self.position + 1)
        self._check_entries(batch, placed, there)

    def _check_entries(self, batch: Batch, rows: list[Row], there: bytes) -> None:
        heads = last_of_each(rows)
        if not same_heads(batch, heads):
            raise wrong_head(batch, heads)
        made = leaves(rows, heads)
        wrong = first_difference(b"".join(made), there)
        if wrong is not None or len(there) != len(made) * HASH_BYTES:
            place = len(made) - 1 if wrong is None else wrong
            raise wrong_entry(batch, rows, heads, place, there)
        self._growing.take(batch, made)

    def _check_row(self, row: CheckedRow, floor: float) -> None:
        told = check_row(row)
        if self._back_dated is None and told.recorded_at.timestamp() < floor:
            # A clock that was wrong once must not hide what comes after.
            self._back_dated = back_dated(row, told, floor)

    def _expect(self, row: CheckedRow) -> None:
        self.position += 1
        if row[0] != self.position:
            said = "the ledger has no such position"
            raise Differs(
                Finding(property=Property.LEDGER, said=said, position=self.position)
            )

    def _floor(self, index: int) -> float:
        """Return the time before which nothing from an entry on can be recorded."""
        place = bisect_right(self._sizes, index)
        return self._floors[place - 1] if place else float("-inf")


def _parted(chunk: Chunk) -> Iterator[tuple[Batch, list[CheckedRow]]]:
    """Part the rows of a chunk among its batches."""
    place = 0
    for batch in chunk.batches:
        begin = place
        while place < len(chunk.rows) and chunk.rows[place][0] <= batch.position:
            place += 1
        yield batch, chunk.rows[begin:place]


def _unconnected(batch: Batch, size: int) -> Differs:
    return Differs(
        Finding(
            property=Property.TREE,
            said="a batch of the log is missing, or was put in",
            index=size,
            expected=f"one from {size} entries on",
            got=f"one from {batch.previous} on",
        )
    )


def _foreign(event: tuple[UUID, int]) -> Differs:
    case, version = event
    return Differs(
        Finding(
            property=Property.LEDGER,
            said="an event was put in that the sequencer gave no position",
            case=case,
            version=version,
        )
    )
