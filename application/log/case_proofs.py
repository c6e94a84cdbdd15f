"""Proofs for a case: that each of its events is in the log, and how long it was."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.build.batches import CaseHead, batch_of_position, encode_head
from application.log.build.stored_tree import StoredTree
from application.log.format.tlog_proof import TlogProof
from application.log.sign.checkpoint_store import Kind, Published, latest

# The first batch that ends at or after a position holds it, and the index of the entry
# follows from the batch's bounds. LATERAL, so that each event looks its batch up by the
# index on position. LEFT, because the log may not have reached the last events yet.
_PLACED = """
SELECT l.originator_version, l.position, l.leaf,
       b.previous + l.position - b.after - 1 AS index
FROM ledger l LEFT JOIN LATERAL (
    SELECT previous, after FROM log_batches
    WHERE position >= l.position AND size > 0 ORDER BY position LIMIT 1
) AS b ON true
WHERE l.originator_id = %s ORDER BY l.originator_version
"""


class ProvedEvent(Struct, frozen=True, kw_only=True):
    """An event and the proof that its bytes are in the log.

    `index` is None while the event is not in the log, `proof` while no checkpoint
    covers it.
    """

    version: int
    position: int
    leaf: bytes
    index: int | None
    proof: TlogProof | None


class ProvedHead(Struct, frozen=True, kw_only=True):
    """The case's last head: its bytes, and the proof that they are in the log."""

    version: int
    entry: bytes
    index: int
    proof: TlogProof | None


class CaseProofs(Struct, frozen=True, kw_only=True):
    """All proofs of a case, against one checkpoint."""

    case: UUID
    kind: Kind | None
    checkpoint: Published | None
    events: tuple[ProvedEvent, ...]
    head: ProvedHead | None


class Prover:
    """Proves entries against one checkpoint."""

    def __init__(
        self, connection: Connection[object], checkpoint: Published | None
    ) -> None:
        self._tree = StoredTree(connection)
        self._checkpoint = checkpoint

    def prove(self, index: int | None) -> TlogProof | None:
        """Return the proof of an entry, None if the checkpoint does not cover it."""
        checkpoint = self._checkpoint
        if checkpoint is None or index is None or index >= checkpoint.size:
            return None
        path = self._tree.inclusion(index, checkpoint.size)
        return TlogProof(index=index, path=tuple(path), note=checkpoint.note)


def prove_case(connection: Connection[object], case: UUID) -> CaseProofs:
    """Prove every event of a case and its length.

    All proofs lead to one checkpoint: the cosigned one if it covers the whole case,
    else the signed one.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        placed = cursor.execute(_PLACED, (case,), binary=True).fetchall()
    heading = _head(connection, case, placed[-1][:3]) if placed else None
    needed = max((row[3] for row in placed if row[3] is not None), default=0)
    kind, checkpoint = _covering(connection, heading[1] if heading else needed)
    prover = Prover(connection, checkpoint)
    return CaseProofs(
        case=case,
        kind=kind,
        checkpoint=checkpoint,
        events=tuple(
            ProvedEvent(
                version=version,
                position=position,
                leaf=leaf,
                index=index,
                proof=prover.prove(index),
            )
            for version, position, leaf, index in placed
        ),
        head=_proved(heading, prover),
    )


def _head(
    connection: Connection[object], case: UUID, last: tuple[int, int, bytes]
) -> tuple[CaseHead, int] | None:
    """Return the case's last head and its index, None while it is not in the log."""
    # The batch of the last event has the last head: its heads follow its events.
    version, position, leaf = last
    batch = batch_of_position(connection, position)
    index = batch.index_of_head(case) if batch else None
    return None if index is None else (CaseHead(case, version, leaf), index)


def _proved(heading: tuple[CaseHead, int] | None, prover: Prover) -> ProvedHead | None:
    if heading is None:
        return None
    head, index = heading
    return ProvedHead(
        version=head.version,
        entry=encode_head(head),
        index=index,
        proof=prover.prove(index),
    )


def _covering(
    connection: Connection[object], index: int
) -> tuple[Kind | None, Published | None]:
    cosigned = latest(connection, Kind.COSIGNED)
    if cosigned is not None and index < cosigned.size:
        return Kind.COSIGNED, cosigned
    signed = latest(connection, Kind.SIGNED)
    return (Kind.SIGNED, signed) if signed else (None, None)
