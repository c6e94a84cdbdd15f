"""Checks one case: its events, their chain, their place in the log, and its length."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.batches import Batch, batch_of_position
from application.log.checking.anchors import Anchor
from application.log.checking.events import check_row
from application.log.checking.finding import Differs, Finding, Property
from application.log.checking.rows import COLUMNS, CheckedRow
from application.log.proofs import ProofWrong, verify_inclusion
from application.log.stored_tree import LogDamaged, StoredTree

_ROWS = f"{COLUMNS} WHERE l.originator_id = %s ORDER BY l.originator_version"

_VERSIONS = """
SELECT coalesce(max(originator_version), 0), count(*) FROM events
WHERE originator_id = %s AND notification_id <=
    (SELECT coalesce(max(notification_id), 0) FROM ledger)
"""

_LOGGED = "SELECT heads FROM log_batches WHERE position(%b IN heads) > 0"


def check_case(
    connection: Connection[object], case: UUID, anchors: Sequence[Anchor]
) -> int:
    """Check a case; return how many events it has. Raises Differs."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_ROWS.encode(), (case,), binary=True).fetchall()
        (last, count), *_ = cursor.execute(_VERSIONS, (case,)).fetchall()
    tree, anchor = StoredTree(connection), anchors[-1] if anchors else None
    for version, row in enumerate(rows, 1):
        if row[2] != version:
            raise Differs(_missing(case, version))
        check_row(row)
        batch = batch_of_position(connection, row[0])
        if batch is not None:
            _check_entry(tree, batch, row, anchor)
    _check_length(case, len(rows), _logged_version(connection, case))
    if max(last, count) > len(rows):
        raise Differs(_foreign(case, last))
    return len(rows)


def _check_entry(
    tree: StoredTree, batch: Batch, row: CheckedRow, anchor: Anchor | None
) -> None:
    position, case, version, leaf = row[:4]
    index = batch.index_of(position)
    try:
        logged = tree.node(0, index)
        if logged == leaf and anchor is not None and index < anchor.size:
            path = tree.inclusion(index, anchor.size)
            root = anchor.checkpoint.root
            verify_inclusion(leaf, index, anchor.size, path, root)
    except (ProofWrong, LogDamaged) as error:
        raise Differs(_unproved(row, index, str(error))) from None
    if logged != leaf:
        raise Differs(
            Finding(
                property=Property.LOG,
                said="the log holds another event here",
                case=case,
                version=version,
                position=position,
                index=index,
                expected=logged.hex(),
                got=leaf.hex(),
            )
        )


def _logged_version(connection: Connection[object], case: UUID) -> int:
    """Return the highest version of a case that any head in the log states."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        blobs = cursor.execute(_LOGGED, (case.bytes,), binary=True).fetchall()
    batches = (
        Batch(previous=0, size=0, after=0, position=0, heads=heads, root=b"")
        for (heads,) in blobs
    )
    stated = [v for one in batches for named, v in one.named if named == case]
    return max(stated, default=0)


def _check_length(case: UUID, length: int, logged: int) -> None:
    if length < logged:
        raise Differs(
            Finding(
                property=Property.HEAD,
                said="the case is not as long as the log says: its end was cut off",
                case=case,
                version=length + 1,
                expected=f"version {logged}",
                got=f"version {length}",
            )
        )


def _missing(case: UUID, version: int) -> Finding:
    said = "this version of the case has no position: it was taken out"
    return Finding(property=Property.LEDGER, said=said, case=case, version=version)


def _foreign(case: UUID, version: int) -> Finding:
    said = "an event was put in that the sequencer gave no position"
    return Finding(property=Property.LEDGER, said=said, case=case, version=version)


def _unproved(row: CheckedRow, index: int, said: str) -> Finding:
    position, case, version = row[:3]
    return Finding(
        property=Property.TREE,
        said=f"the event is not in the signed tree: {said}",
        case=case,
        version=version,
        position=position,
        index=index,
    )
