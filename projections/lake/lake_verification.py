"""Holds a lake against what the log has signed, and its tables against its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import pyarrow.compute as pc
from msgspec import Struct

from application.log.build.batches import Row, last_of_each, leaves
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import NoteMalformed
from application.log.format.tree import Edge
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import BATCHES, CHECKPOINTS, EVENTS
from projections.lake.log_rows import BatchRow
from projections.lake.table_check import RowDiffers, check_tables
from projections.lake.table_data import data_of, rows_of

AT_A_TIME = 200_000
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
    check = _Check({})
    try:
        check = _Check(_signed(lake, keys))
        for batch, rows in _batches(lake):
            check.take(batch, rows)
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


class _Check:
    """The log as it grows again; `size` of it is signed, `signed` events of those."""

    def __init__(self, checkpoints: Mapping[int, Checkpoint]) -> None:
        self.position, self.signed, self.size = 0, 0, 0
        self._checkpoints = checkpoints
        self._edge = Edge()

    def take(self, batch: BatchRow, rows: Sequence[Row]) -> None:
        """Append a batch. Raises LakeDiffers."""
        self._edge.extend(leaves(rows, last_of_each(rows)))
        size, root = self._edge.size, self._edge.root
        if size != batch.size or root.hex() != batch.root:
            said = f"the events {batch.after + 1} to {batch.position}"
            raise LakeDiffers(f"{said} do not give the log's root at {batch.size}")
        self.position = batch.position
        if signed := self._checkpoints.get(size):
            if signed.root != root:
                said = f"the checkpoint of {size} entries has another root"
                raise LakeDiffers(f"{said} than the events up to {batch.position}")
            self.signed, self.size = batch.position, size


def _signed(lake: Lake, keys: Sequence[VerifierKey]) -> dict[int, Checkpoint]:
    """Return the checkpoints that one of the keys has signed, by their sizes.

    Raises LakeDiffers for a note that is none, or that was changed. One that none of
    the keys has signed proves nothing.
    """
    found = {}
    rows = rows_of(lake.open(CHECKPOINTS)).select(["size", "note"])
    for size, note in zip(*(one.to_pylist() for one in rows.columns), strict=True):
        of = f"checkpoints: the note of {size} entries"
        try:
            checkpoint, parsed = parse_checkpoint(note)
            sealed = seals(checkpoint, parsed, keys)
        except (NoteMalformed, SignatureWrong) as error:
            raise LakeDiffers(f"{of} is damaged: {error}") from None
        if checkpoint.size != size:
            raise LakeDiffers(f"{of} is one of {checkpoint.size} entries")
        if sealed:
            found[checkpoint.size] = checkpoint
    return found


def _batches(lake: Lake) -> Iterator[tuple[BatchRow, list[Row]]]:
    """Yield the log's batches with their events, in order. Raises LakeDiffers."""
    table = rows_of(lake.open(BATCHES)).sort_by("size")
    events = _events(lake)
    size, position = 0, 0
    for row in table.to_pylist():
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
        yield batch, rows


def _events(lake: Lake) -> Iterator[Row]:
    """Yield (position, history, version, leaf) of all events, in order."""
    opened = lake.open(EVENTS)
    data = data_of(opened)
    last = max(lake.positions(EVENTS, opened).values())
    for after in range(0, last, AT_A_TIME):
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


def _count(lake: Lake, position: int) -> int:
    """Count the events. Raises LakeDiffers if there are others than in the log."""
    opened = lake.open(EVENTS)
    last = max(lake.positions(EVENTS, opened).values())
    count: int = data_of(opened).count_rows()
    if count != last:
        raise LakeDiffers(f"there are {count} events, and the last has position {last}")
    return max(count, position)
