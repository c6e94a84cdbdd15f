"""Checks the whole record in order, chunk by chunk, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import Connection

from application.log.build.batches import Batch, Row, last_of_each, leaves
from application.log.format.tree import HASH_BYTES
from application.log.fsck.differences import (
    first_difference,
    gap,
    same_heads,
    wrong_entry,
    wrong_head,
)
from application.log.fsck.event_rules import back_dated, check_row
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.missing_events import LostEvent
from application.log.fsck.record_rows import (
    EVENTS,
    CheckedRow,
    Chunk,
    read_chunk,
    read_next,
)
from application.log.fsck.rules import NamedRules
from application.log.fsck.statements import Statements
from application.log.fsck.time_bounds import Floors
from application.log.fsck.tree_rebuild import TreeRebuild
from application.log.fsck.trusted_checkpoints import Anchor
from application.log.fsck.unsequenced_events import check_ids, foreign, put_in


class Walk:
    """A check of the whole record, one chunk a step; raises Differs where it is wrong.

    `anchors` are checkpoints whose signatures verify, the smallest first.
    `statements` checks who appended each event.
    """

    def __init__(
        self,
        connection: Connection[object],
        anchors: Sequence[Anchor],
        statements: Statements,
    ) -> None:
        self._connection, self._statements = connection, statements
        self.rules = NamedRules()
        self._rebuild = TreeRebuild(connection, anchors)
        self.position = 0
        self._back_dated: Finding | None = None
        self._floors = Floors(anchors)
        self._last_id: int | None = None

    @property
    def size(self) -> int:
        """Return how many entries have been checked."""
        return self._rebuild.edge.size

    def read(self, index: int, events: int = EVENTS) -> Chunk | None:
        """Read the chunk that begins at an entry, None at the log's end."""
        return read_chunk(self._connection, index, events)

    def step(self, chunk: Chunk) -> int:
        """Check a chunk; return how many events it has. Raises Differs."""
        start = chunk.batches[0].previous
        for batch, rows in _by_batch(chunk):
            self._check(batch, rows, chunk.leaves, start)
        if chunk.foreign is not None:
            raise put_in(chunk.foreign)
        return len(chunk.rows)

    def finish(self) -> int:
        """Check that no checkpoint covers more, and the events that are not in the log.

        Return how many events those are. Raises Differs.
        """
        self._rebuild.finish()
        check_ids(self._connection)
        waiting, floor = 0, self._floors.at(self.size)
        # The log's end is not the ledger's: what was appended since is checked as well.
        while rows := read_next(self._connection, self.position):
            before = self.position
            for row in rows:
                self._expect(row)
                self._check_row(row, floor)
                self._check_order(row)
            waiting += len(rows)
            if found := foreign(self._connection, before, self.position):
                raise put_in(found)
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
        floor = self._floors.at(batch.previous)
        for place, row in enumerate(rows):
            if row[0] != self.position + 1:
                self._expect_once(row)
                break
            # By itself first: a row that contradicts itself names the cause, and the
            # log only that something else was there.
            self._check_row(row, floor)
            if place == wrong:
                raise wrong_entry(batch, placed, [], place, there)
            self._check_order(row)
            self.position += 1
        if self.position != batch.position:
            raise gap(self._connection, LostEvent(batch, self.position + 1, there))
        self._check_entries(batch, placed, there)

    def _check_entries(self, batch: Batch, rows: list[Row], there: bytes) -> None:
        heads = last_of_each(rows)
        if not same_heads(batch, heads):
            raise wrong_head(batch, heads)
        made = leaves(rows, heads)
        wrong = first_difference(b"".join(made), there)
        # Where no hash is wrong, the batch's size may still promise more entries.
        if wrong is not None or len(there) != len(made) * HASH_BYTES:
            place = len(made) - 1 if wrong is None else wrong
            raise wrong_entry(batch, rows, heads, place, there)
        self._rebuild.take(batch, made)

    def _check_row(self, row: CheckedRow, floor: float) -> None:
        chained = check_row(row)
        self._statements.take(row)
        self.rules.take(row, chained.rules)
        if self._back_dated is None and chained.recorded_at.timestamp() < floor:
            # Reported at the end: a clock that was wrong once must not hide all that a
            # check would find behind it.
            self._back_dated = back_dated(row, chained, floor)

    def _check_order(self, row: CheckedRow) -> None:
        """Raise Differs unless ids grow with positions.

        Otherwise an event without a position could lie outside all ranges of ids that
        are counted.
        """
        if self._last_id is not None and row[8] <= self._last_id:
            raise _out_of_order(row, self._last_id)
        self._last_id = row[8]

    def _expect_once(self, row: CheckedRow) -> None:
        if row[0] <= self.position:
            said = "the ledger has this position twice"
            case, version = row[1], row[2]
            raise Differs(
                Finding(
                    property=Property.LEDGER,
                    said=said,
                    case=case,
                    version=version,
                    position=row[0],
                )
            )

    def _expect(self, row: CheckedRow) -> None:
        self._expect_once(row)
        self.position += 1
        if row[0] != self.position:
            said = "the ledger has no such position: an event was taken out"
            raise Differs(
                Finding(property=Property.LEDGER, said=said, position=self.position)
            )


def _by_batch(chunk: Chunk) -> Iterator[tuple[Batch, list[CheckedRow]]]:
    """Yield the batches of a chunk with their rows."""
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


def _out_of_order(row: CheckedRow, before: int) -> Differs:
    return Differs(
        Finding(
            property=Property.LEDGER,
            said="the ledger does not follow the ids that events were stored under",
            case=row[1],
            version=row[2],
            position=row[0],
            expected=f"an id after {before}",
            got=f"{row[8]}",
        )
    )
