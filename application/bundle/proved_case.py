"""The provable part of a bundle: a case's events and proofs against one checkpoint."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.log.build.batches import CaseHead, batch_of_position, encode_head
from application.log.build.stored_tree import StoredTree
from application.log.format.merkle_proofs import prove_inclusion
from application.log.format.tlog_proof import TlogProof
from application.log.sign.checkpoint_store import Kind, Published, latest
from application.operator_error import OperatorError

_ROWS = """
SELECT l.originator_version AS version, l.position, l.leaf, e.state,
       b.previous + l.position - b.after - 1 AS index, b.size AS upto
FROM ledger l JOIN events e USING (notification_id)
LEFT JOIN LATERAL (
    SELECT previous, after, size FROM log_batches
    WHERE position >= l.position AND size > 0 ORDER BY position LIMIT 1
) AS b ON true
WHERE l.originator_id = %s ORDER BY l.originator_version
"""


class NotSignedYet(OperatorError):
    """No checkpoint covers the case yet, so nothing of it can be proved."""


class Row(Struct, frozen=True, kw_only=True):
    """An event as it is stored, and its place in the log, once it has one."""

    version: int
    position: int
    leaf: bytes
    state: bytes
    index: int | None
    upto: int | None


class ProvedCase(Struct, frozen=True, kw_only=True):
    """A case up to the last head that the checkpoint covers.

    `states` and `proofs` are of version 1, 2, 3 …; `head` is the entry in the log that
    says how long the case was.
    """

    case: UUID
    kind: Kind
    checkpoint: Published
    states: tuple[bytes, ...]
    proofs: tuple[TlogProof, ...]
    head: bytes
    head_proof: TlogProof


def proved(connection: Connection[object], case: UUID) -> ProvedCase:
    """Prove a case. Raises NotSignedYet.

    The co-signed checkpoint is used if it covers as much of the case as the signed one.
    """
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(_ROWS.encode(), (case,), binary=True).fetchall()
    best: list[Row] = []
    chosen: tuple[Kind, Published] | None = None
    for kind in (Kind.COSIGNED, Kind.SIGNED):
        one = latest(connection, kind)
        covered = [row for row in rows if one and row.upto and row.upto <= one.size]
        if one is not None and len(covered) > len(best):
            best, chosen = covered, (kind, one)
    if chosen is None:
        raise NotSignedYet(f"case {case} is in no signed checkpoint yet")
    return _proved(connection, case, *chosen, best)


def _proved(
    connection: Connection[object],
    case: UUID,
    kind: Kind,
    checkpoint: Published,
    rows: list[Row],
) -> ProvedCase:
    tree = StoredTree(connection)
    node = cache(tree.node)

    def prove(index: int) -> TlogProof:
        path = prove_inclusion(node, index, checkpoint.size)
        return TlogProof(index=index, path=tuple(path), note=checkpoint.note)

    head, index = _head(connection, case, rows[-1])
    return ProvedCase(
        case=case,
        kind=kind,
        checkpoint=checkpoint,
        states=tuple(row.state for row in rows),
        proofs=tuple(prove(row.index) for row in rows if row.index is not None),
        head=encode_head(head),
        head_proof=prove(index),
    )


def _head(
    connection: Connection[object], case: UUID, last: Row
) -> tuple[CaseHead, int]:
    batch = batch_of_position(connection, last.position)
    index = batch.index_of_head(case) if batch else None
    if index is None:
        raise NotSignedYet(f"the log has no head of case {case}")
    return CaseHead(case, last.version, last.leaf), index
