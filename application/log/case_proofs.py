"""Proofs for a case: that its events are in the log, and how long the case was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.log.build.batches import CaseHead, batch_of_position, encode_head
from application.log.build.stored_tree import StoredTree
from application.log.format.merkle_proofs import prove_inclusion
from application.log.format.tlog_proof import TlogProof
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import Published, latest
from application.operator_error import OperatorError

# A batch takes the next events of the ledger, so the first batch that ends at or after
# a position holds it, and the index of the entry follows from the batch's bounds.
# LATERAL, so that each event looks its batch up by the index on position. LEFT, because
# the log may not have reached the last events yet. Batches of size 0 begin a log and
# hold nothing.
_EVENTS = """
SELECT l.originator_version AS version, l.position, l.leaf,
       b.previous + l.position - b.after - 1 AS index, b.size AS batch_end
FROM ledger l LEFT JOIN LATERAL (
    SELECT previous, after, size FROM log_batches
    WHERE position >= l.position AND size > 0 ORDER BY position LIMIT 1
) AS b ON true
WHERE l.originator_id = %s ORDER BY l.originator_version
"""


class NotSignedYet(OperatorError):
    """No checkpoint covers the case yet, so nothing of it can be proved."""


class LoggedEvent(Struct, frozen=True, kw_only=True):
    """Where an event is in the ledger and in the log.

    `index` is its place in the log, and `batch_end` the size of the log after the batch
    that holds it: both are None until it is in the log.
    """

    version: int
    position: int
    leaf: bytes
    index: int | None
    batch_end: int | None


class CaseProof(Struct, frozen=True, kw_only=True):
    """The proof of a case as far as a checkpoint covers it.

    `events` are the proofs of versions 1, 2, 3 …; `head` is the entry of the log that
    says how long the case was.
    """

    checkpoint: Published
    events: tuple[TlogProof, ...]
    head: bytes
    head_proof: TlogProof


class CaseProver:
    """Proves a case against one checkpoint, which is None until the log is signed.

    `upto` is the last version that the caller knows of the case (None: all of them).
    `kinds` are the checkpoints that may be shown.
    """

    def __init__(
        self,
        connection: Connection[object],
        case: UUID,
        upto: int | None = None,
        kinds: Sequence[Kind] = (Kind.COSIGNED, Kind.SIGNED),
    ) -> None:
        self._connection, self._case = connection, case
        self._node = cache(StoredTree(connection).node)
        self.events = logged_events(connection, case)
        if upto is not None:
            self.events = _as_known(self.events, upto)
        best = _best_checkpoint(connection, self.events, kinds)
        self.kind = best[0] if best else None
        self.checkpoint = best[1] if best else None

    def head(self, event: LoggedEvent) -> tuple[CaseHead, int] | None:
        """Return the case's head after its last event in a batch, and the head's index.

        It is None while the event is not in the log.
        """
        batch = batch_of_position(self._connection, event.position)
        index = batch.index_of_head(self._case) if batch else None
        if index is None:
            return None
        return CaseHead(self._case, event.version, event.leaf), index

    def proof(self, index: int | None) -> TlogProof | None:
        """Return the proof of an entry, None if the checkpoint does not cover it."""
        if index is None or self.checkpoint is None or index >= self.checkpoint.size:
            return None
        return self._proof(index, self.checkpoint)

    def signed_part(self) -> CaseProof:
        """Prove the events that the checkpoint covers, and the head that follows them.

        Raises NotSignedYet.
        """
        checkpoint, covered = self.checkpoint, _covered(self.events, self.checkpoint)
        found = self.head(covered[-1]) if covered else None
        if checkpoint is None or found is None:
            raise NotSignedYet(f"case {self._case} is in no signed checkpoint yet")
        head, index = found
        places = (one.index for one in covered if one.index is not None)
        return CaseProof(
            checkpoint=checkpoint,
            events=tuple(self._proof(place, checkpoint) for place in places),
            head=encode_head(head),
            head_proof=self._proof(index, checkpoint),
        )

    def _proof(self, index: int, checkpoint: Published) -> TlogProof:
        # A case's proofs share most of their upper nodes: each is computed once.
        path = prove_inclusion(self._node, index, checkpoint.size)
        return TlogProof(index=index, path=tuple(path), note=checkpoint.note)


def logged_events(connection: Connection[object], case: UUID) -> list[LoggedEvent]:
    """Return where each event of a case is in the ledger and in the log."""
    with connection.cursor(row_factory=class_row(LoggedEvent)) as cursor:
        return cursor.execute(_EVENTS, (case,), binary=True).fetchall()


def _as_known(events: Sequence[LoggedEvent], upto: int) -> list[LoggedEvent]:
    """Leave out what came into the log since the case was read.

    A batch has one head of the case, which names its last event there. So with an event
    that is not known, the others of its batch are left out too: no head ends with them.
    """
    unknown = {one.batch_end for one in events if one.version > upto}
    return [
        one
        for one in events
        if one.version <= upto
        and (one.batch_end is None or one.batch_end not in unknown)
    ]


def _covered(
    events: Sequence[LoggedEvent], checkpoint: Published | None
) -> list[LoggedEvent]:
    """Return the events whose batch is in the tree of a checkpoint, with its heads."""
    size = checkpoint.size if checkpoint else 0
    return [one for one in events if one.batch_end and one.batch_end <= size]


def _best_checkpoint(
    connection: Connection[object],
    events: Sequence[LoggedEvent],
    kinds: Sequence[Kind],
) -> tuple[Kind, Published] | None:
    """Return the co-signed checkpoint, or the signed one if that covers more events.

    Witnesses see one history of the log. The log alone could sign another one for a
    single reader, so its newer checkpoint is taken only for events that need it.
    """
    # Of equals, max() returns the first.
    shown = [(kind, latest(connection, kind)) for kind in kinds]
    found = [(kind, one) for kind, one in shown if one is not None]
    return max(found, key=lambda one: len(_covered(events, one[1])), default=None)
