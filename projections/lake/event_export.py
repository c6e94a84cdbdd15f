"""Writes the ledger's events, and the log over them, to the lake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import Connection
from psycopg.rows import scalar_row

from application.exports.pseudonyms import Pseudonyms
from projections.following.ledger_batch import Stored, read_batch
from projections.lake.arrow_rows import event_table, table_of
from projections.lake.event_rows import EventRow, event_rows, unread
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import WHOLE, Lake, Overtaken
from projections.lake.lake_tables import BATCHES, CHECKPOINTS, EVENTS
from projections.lake.log_rows import (
    BatchRow,
    CheckpointRow,
    batch_rows,
    checkpoint_rows,
)
from projections.lake.table_data import data_of

COMMIT = 25_000
"""Events in one commit, which are all that a kill can lose."""

READ = 2_000
Progress = Callable[[int, int], None]
"""Called with (where the export is, where it goes to)."""


class LakeHalted(LakeWrong):
    """An event cannot be exported; nothing behind it is."""


def export_events(
    connection: Connection[Any],
    lake: Lake,
    pseudonyms: Pseudonyms,
    upto: int,
    progress: Progress,
    commit: int = COMMIT,
    passed: Collection[int] = (),
) -> None:
    """Write the events up to a position, so many in a commit.

    `passed`: events that figures pass over; what cannot be read of them is left out.
    Raises LakeHalted, LakeWrong.
    """
    while True:
        opened = lake.open(EVENTS)
        after = lake.positions(EVENTS, opened)[WHOLE]
        progress(after, upto)
        if after >= upto:
            return
        end = min(upto, after + commit)
        rows = _events(connection, pseudonyms, after, end, passed)
        try:
            lake.append(opened, rows, {WHOLE: end})
        except Overtaken:
            continue


def _events(
    connection: Connection[Any],
    pseudonyms: Pseudonyms,
    after: int,
    upto: int,
    passed: Collection[int],
) -> Iterator[pa.RecordBatch]:
    while after < upto:
        batch = read_batch(connection, after, upto=upto, limit=READ)
        if not batch or batch[0].position != after + 1:
            raise LakeHalted(f"the record has no event at position {after + 1}")
        try:
            rows = list(event_rows(batch, pseudonyms))
        except ValueError:
            rows = list(_one_by_one(batch, pseudonyms, passed))
        yield from event_table(rows).combine_chunks().to_batches()
        after = batch[-1].position


def _one_by_one(
    batch: Iterable[Stored], pseudonyms: Pseudonyms, passed: Collection[int]
) -> Iterator[EventRow]:
    for one in batch:
        try:
            yield from event_rows([one], pseudonyms)
        except ValueError as error:
            if one.position not in passed:
                said = f"{one.place} cannot be exported: {error}"
                raise LakeHalted(said) from error
            yield unread(one)


def check_same_record(connection: Connection[Any], lake: Lake) -> None:
    """Raise LakeWrong if the lake was written from another record."""
    opened = lake.open(EVENTS)
    last = lake.positions(EVENTS, opened)[WHOLE]
    if last == 0:
        return
    data = data_of(opened)
    found = data.to_table(["leaf"], filter=pc.field("position") == last)
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT encode(leaf, 'hex') FROM ledger WHERE position = %s"
        leaf = cursor.execute(query, (last,)).fetchone()
    if found["leaf"].to_pylist() != [leaf]:
        said = "was exported from another record, which has another event at position"
        raise LakeWrong(f"{lake.place}: {said} {last}")


def export_log(connection: Connection[Any], lake: Lake, upto: int) -> None:
    """Write how the log took in the events up to a position, and what was signed."""
    while True:
        opened = lake.open(BATCHES)
        size = lake.positions(BATCHES, opened)[WHOLE]
        rows = batch_rows(connection, size, upto, COMMIT)
        if not rows:
            break
        try:
            made = table_of(rows, BatchRow).to_batches()
            lake.append(opened, made, {WHOLE: rows[-1].size})
        except Overtaken:
            continue
    while True:
        opened = lake.open(CHECKPOINTS)
        known = lake.positions(CHECKPOINTS, opened)[WHOLE]
        found = checkpoint_rows(connection, known, size)
        if not found:
            return
        with suppress(Overtaken):
            made = table_of(found, CheckpointRow).to_batches()
            lake.append(opened, made, {WHOLE: found[-1].size})
