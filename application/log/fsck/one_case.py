"""Checks one case: its events, their chain, their log entries, and its length."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.build.batches import Batch, batch_of_position, unpacked
from application.log.build.stored_tree import LogDamaged, StoredTree
from application.log.format.merkle_proofs import ProofWrong, verify_inclusion
from application.log.fsck.event_rules import back_dated, check_row
from application.log.fsck.event_sequence import check_sequence
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.record_rows import COLUMNS, Chained, CheckedRow
from application.log.fsck.rules import adopted_here
from application.log.fsck.statements import Statements
from application.log.fsck.time_bounds import Floors
from application.log.fsck.tree_rebuild import check_not_cut, log_end
from application.log.fsck.trusted_checkpoints import Anchor
from application.log.fsck.unsequenced_events import unordered_of
from application.log.fsck.verdict import Counts, covered

_ROWS = f"{COLUMNS} WHERE l.originator_id = %s ORDER BY l.originator_version"

# Finds the case's id anywhere in the packed heads; they are unpacked to be sure.
_LOGGED = "SELECT heads FROM log_batches WHERE position(%b IN heads) > 0"


def check_case(
    connection: Connection[object],
    case: UUID,
    anchors: Sequence[Anchor],
    statements: Statements,
) -> Counts:
    """Check a case; return what was counted. Raises Differs."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_ROWS.encode(), (case,), binary=True).fetchall()
    entries, rules = log_end(connection).size, adopted_here(connection)
    places = _Places(connection, anchors, entries)
    for version, row in enumerate(rows, 1):
        if row[2] != version:
            raise Differs(_missing(case, version))
        chained = places.take(row)
        statements.take(row)
        rules.take(row, chained.rules)
    check_sequence([(row[1], row[2], row[6], row[7] or b"") for row in rows])
    _check_length(case, len(rows), _logged_version(connection, case))
    unordered = unordered_of(connection, case)
    check_not_cut(anchors, entries)
    if places.back_dated is not None:
        raise Differs(places.back_dated)
    return Counts(
        events=len(rows),
        waiting=places.waiting,
        unordered=unordered,
        unsigned=places.unsigned,
        entries=entries,
    )


class _Places:
    """Checks a case's log entries, and counts those that nothing signed covers."""

    def __init__(
        self, connection: Connection[object], anchors: Sequence[Anchor], entries: int
    ) -> None:
        self._connection = connection
        self._tree, self._floors = StoredTree(connection), Floors(anchors)
        self._entries, self._covered = entries, covered(anchors)
        # A checkpoint of more entries than a cut log has cannot be proved against; what
        # is left of the case is held against an earlier one, and the cut is named last.
        here = [one for one in anchors if one.size <= entries]
        self._anchor = here[-1] if here else None
        self.waiting = self.unsigned = 0
        self.back_dated: Finding | None = None

    def take(self, row: CheckedRow) -> Chained:
        """Check an event and its entry; return what it says. Raises Differs."""
        chained = check_row(row)
        batch = batch_of_position(self._connection, row[0])
        if batch is None:
            self.waiting += 1
        else:
            _check_entry(self._tree, batch, row, self._anchor)
            self.unsigned += batch.index_of(row[0]) >= self._covered
        floor = self._floors.at(batch.previous if batch else self._entries)
        if self.back_dated is None and chained.recorded_at.timestamp() < floor:
            self.back_dated = back_dated(row, chained, floor)
        return chained


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
    """Return the highest version of a case in any head in the log, 0 if it has none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        blobs = cursor.execute(_LOGGED, (case.bytes,), binary=True).fetchall()
    stated = [v for (heads,) in blobs for named, v in unpacked(heads) if named == case]
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
