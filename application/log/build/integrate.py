"""Appends to the log what the ledger has gained: events, and the heads of their cases.

One builder leads. Should two ever work at once, the log still cannot fork: the database
accepts one batch that goes on from a size, and refuses the other.
"""

from __future__ import annotations

from application.jobs.leader import LeaderJob
from application.jobs.locks import LOG_BUILDING
from application.jobs.wakeup import LOG
from application.log.build.batches import Batch, Row, last_of_each, leaves, packed, tip
from application.log.build.stored_tree import GrowingTiles, LogDamaged, StoredTree
from application.log.format.tree import Edge

EVENTS = 10_000
REST_SECONDS = 0.2
"""The pause between batches: a busy case then gets one head for several events."""

_GAINED = """
SELECT position, originator_id, originator_version, leaf FROM ledger
WHERE position > %s ORDER BY position LIMIT %s
"""

# `previous` is unique, which makes this a compare-and-swap on the size of the tree.
_APPEND = """
INSERT INTO log_batches (size, previous, position, after, heads, root)
VALUES (%s, %s, %s, %s, %b, %b)
"""

_WRITE = """
INSERT INTO log_tiles (level, index, hashes)
SELECT * FROM unnest(%b::smallint[], %b::bigint[], %b::bytea[])
ON CONFLICT (level, index) DO UPDATE SET hashes = EXCLUDED.hashes
"""


class LogBuilder(LeaderJob):
    """Extends the tree, a batch of events at a time."""

    name = "log"
    lock = LOG_BUILDING
    reports_failures = True

    def take_up(self) -> None:
        """Continue at the log's end. Raises LogDamaged if its tiles differ from it."""
        # Later roots are made from these tiles: with damaged ones, the next root would
        # not go on from what was signed.
        self._tip = tip(self.connection)
        tree = StoredTree(self.connection)
        self._edge = Edge.of(tree.node, self._tip.size)
        if self._edge.root != self._tip.root:
            raise LogDamaged(
                f"the log's tiles do not hash to its root at {self._tip.size} entries"
            )
        self._tiles = GrowingTiles(tree, self._tip.size)

    def work(self) -> int:
        """Append one batch; return how many events it has."""
        rows: list[Row] = self.connection.execute(
            _GAINED, (self._tip.position, EVENTS), prepare=True, binary=True
        ).fetchall()
        if rows:
            try:
                self._append(rows)
            except BaseException:
                # The tree in memory is ahead of what was committed. Leading again reads
                # it from the database.
                self.close()
                raise
        return len(rows)

    def rest(self, done: int) -> float:
        """Wait for more events, unless there are enough for a full batch already."""
        return REST_SECONDS if 0 < done < EVENTS else 0.0

    def _append(self, rows: list[Row]) -> None:
        before, heads = self._tip, last_of_each(rows)
        # Indexes are computed from positions: over a gap they would be wrong for good.
        if rows[-1][0] - before.position != len(rows):
            raise LogDamaged(f"the ledger has a gap after position {before.position}")
        self._edge.extend(leaves(rows, heads), self._tiles.grown)
        self._tip = Batch(
            previous=before.size,
            size=self._edge.size,
            after=before.position,
            position=rows[-1][0],
            heads=packed(heads),
            root=self._edge.root,
        )
        self._commit(self._tip)

    def _commit(self, batch: Batch) -> None:
        levels, indexes, hashes = zip(*self._tiles.changed(), strict=True)
        bounds = (batch.size, batch.previous, batch.position, batch.after)
        # Both or neither: the tiles that a batch's size promises are always there.
        with self.connection.transaction():
            self.connection.execute(
                _APPEND, (*bounds, batch.heads, batch.root), prepare=True
            )
            columns = (list(levels), list(indexes), list(hashes))
            self.connection.execute(_WRITE, columns, prepare=True)
            self.connection.execute(f"NOTIFY {LOG}")
