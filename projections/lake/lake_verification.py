"""Holds a lake against what the log has signed, and its tables against its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from heapq import merge
from uuid import UUID

import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from msgspec import Struct

from application.log.build.batches import Row, last_of_each, leaves
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import NoteMalformed
from application.log.format.tree import Edge
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import EVENTS
from projections.lake.log_rows import BatchRow
from projections.lake.ordered_rows import ordered_rows
from projections.lake.table_check import MEMORY, RowDiffers, check_tables
from projections.lake.table_data import data_of

AT_A_TIME = 50_000
"""Events that are read at a time."""


class LakeStatus(StrEnum):
    """What was found of a lake."""

    INTACT = "intact"
    DIFFERS = "differs"
    NOT_SIGNED = "not-signed"


class LakeVerdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found: how many events there are, and how many are signed.

    `size`: the signed size of the log that the lake's leaves give the root of;
    `folded`: cases whose rows are what their events give; `left_out`: cases that cannot
    be folded, because they were set aside or have an event that nobody can read.
    """

    status: LakeStatus
    events: int
    signed: int = 0
    size: int = 0
    folded: int = 0
    left_out: int = 0
    said: str | None = None


class LakeDiffers(Exception):
    """The lake is not what was signed; the message says where."""


def verify_lake(lake: Lake, keys: Sequence[VerifierKey], every: int = 1) -> LakeVerdict:
    """Compute the log again from the lake's leaves. Raises LakeWrong.

    It proves that the lake has every event up to the signed one, in its place, with
    the leaf that the log has. A leaf is the hash of all that was recorded, texts
    included: what else the lake says of an event is the exporter's word for it. The
    tables of cases are held against that: of `every` cases one is folded again.
    """
    with lake.errors():
        lake.check_logs()
        return _verdict(lake, keys, every)


def _verdict(lake: Lake, keys: Sequence[VerifierKey], every: int) -> LakeVerdict:
    check = _Check()
    try:
        with opened_lake(lake, memory=MEMORY) as (connection, _):
            # Of one size the batch comes first.
            both: Sequence[Iterator[_Batch | Checkpoint]] = (
                _batches(lake, connection),
                _signed(connection, keys),
            )
            for one in merge(*both, key=lambda one: one.size):
                if isinstance(one, Checkpoint):
                    check.hold(one)
                else:
                    check.take(one)
        events = _count(lake, check.position)
        tables = check_tables(lake, every)
    except (LakeDiffers, RowDiffers) as error:
        return LakeVerdict(
            status=LakeStatus.DIFFERS, events=check.position, said=str(error)
        )
    if not check.size:
        said = "no checkpoint that the keys have signed covers what is there"
        return LakeVerdict(status=LakeStatus.NOT_SIGNED, events=events, said=said)
    return LakeVerdict(
        status=LakeStatus.INTACT,
        events=events,
        signed=check.signed,
        size=check.size,
        folded=tables.folded,
        left_out=tables.left_out,
    )


class _Batch(Struct, frozen=True):
    """A batch of the log, and its events."""

    row: BatchRow
    events: Sequence[Row]

    @property
    def size(self) -> int:
        return self.row.size


class _Check:
    """The log as it grows again; `size` of it is signed, `signed` events of those."""

    def __init__(self) -> None:
        self.position, self.signed, self.size = 0, 0, 0
        self._edge = Edge()

    def take(self, batch: _Batch) -> None:
        """Append a batch. Raises LakeDiffers."""
        self._edge.extend(leaves(batch.events, last_of_each(batch.events)))
        size, root, row = self._edge.size, self._edge.root, batch.row
        if size != row.size or root.hex() != row.root:
            said = f"the events {row.after + 1} to {row.position}"
            raise LakeDiffers(f"{said} do not give the log's root at {row.size}")
        self.position = row.position

    def hold(self, signed: Checkpoint) -> None:
        """Hold a checkpoint against the log as it is now. Raises LakeDiffers."""
        if signed.size != self._edge.size:
            return
        if signed.root != self._edge.root:
            said = f"the checkpoint of {signed.size} entries has another root"
            raise LakeDiffers(f"{said} than the events up to {self.position}")
        self.signed, self.size = self.position, signed.size


def _signed(
    connection: DuckDBPyConnection, keys: Sequence[VerifierKey]
) -> Iterator[Checkpoint]:
    """Yield the checkpoints that one of the keys has signed, by their sizes.

    Raises LakeDiffers for a note that is none, or that was changed. One that none of
    the keys has signed proves nothing.
    """
    query = "SELECT size, note FROM checkpoints ORDER BY size"
    for row in ordered_rows(connection, query):
        of = f"checkpoints: the note of {row['size']} entries"
        try:
            checkpoint, parsed = parse_checkpoint(row["note"] or "")
            sealed = seals(checkpoint, parsed, keys)
        except (NoteMalformed, SignatureWrong) as error:
            raise LakeDiffers(f"{of} is damaged: {error}") from None
        if checkpoint.size != row["size"]:
            raise LakeDiffers(f"{of} is one of {checkpoint.size} entries")
        if sealed:
            yield checkpoint


def _batches(lake: Lake, connection: DuckDBPyConnection) -> Iterator[_Batch]:
    """Yield the log's batches with their events, in order. Raises LakeDiffers."""
    events = _events(lake, connection)
    size, position = 0, 0
    for row in ordered_rows(connection, "SELECT * FROM log_batches ORDER BY size"):
        batch = BatchRow(**row)
        if (batch.previous, batch.after) != (size, position):
            raise LakeDiffers(f"the log's batch after {size} entries is not there")
        rows = []
        for place in range(batch.after + 1, batch.position + 1):
            one = next(events, None)
            if one is None or one[0] != place:
                if one is not None and one[0] < place:
                    raise LakeDiffers(f"position {one[0]} is there twice")
                what = f"position {one[0]}" if one else "no more events"
                raise LakeDiffers(f"position {place} is not there, but {what}")
            rows.append(one)
        size, position = batch.size, batch.position
        yield _Batch(batch, rows)


def _events(lake: Lake, connection: DuckDBPyConnection) -> Iterator[Row]:
    """Yield (position, history, version, leaf) of all events, in order."""
    data = data_of(lake.open(EVENTS))
    after = 0
    while first := _first(connection, after):
        after = first - 1
        place = pc.field("position")
        some = data.to_table(
            ["position", "history", "version", "leaf"],
            filter=(place > after) & (place <= after + AT_A_TIME),
        ).sort_by("position")
        columns = [some[name].to_pylist() for name in some.column_names]
        for position, history, version, leaf in zip(*columns, strict=True):
            try:
                yield position, UUID(history), version, bytes.fromhex(leaf)
            except (AttributeError, TypeError, ValueError):
                said = f"position {position} has no history or leaf that is one"
                raise LakeDiffers(f"events: {said}") from None
        after += AT_A_TIME


def _first(connection: DuckDBPyConnection, after: int) -> int | None:
    """Return the first position behind one: nobody counts up to a forged one."""
    query = "SELECT min(position) FROM events WHERE position > ?"
    found = connection.execute(query, [after]).fetchone()
    return found[0] if found else None


def _count(lake: Lake, position: int) -> int:
    """Count the events. Raises LakeDiffers if there are others than in the log."""
    opened = lake.open(EVENTS)
    last = max(lake.positions(EVENTS, opened).values())
    count: int = data_of(opened).count_rows()
    if count != last:
        raise LakeDiffers(f"there are {count} events, and the last has position {last}")
    return max(count, position)
