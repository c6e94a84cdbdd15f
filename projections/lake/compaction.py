"""Makes few large files of many small ones, and lets go of rows that were replaced."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from projections.lake.lake_store import KEEP, PARTS, Lake, Overtaken
from projections.lake.lake_tables import CASE_TABLES, TABLES, LakeTable
from projections.lake.table_data import stream_of

MOST_FILES = 64
"""A part of a table with more files than these is compacted."""


def compact(lake: Lake, most: int = MOST_FILES) -> None:
    """Compact what has become many files. Another exporter beside it may go first.

    The library's own `optimize` is not for us: two of them at once both succeed, and
    double what is in the files (deltalake 1.6). What replaces rows is refused if
    anything has been changed meanwhile.
    """
    for table in TABLES:
        for value, files in _files(lake.open(table), table.partition).items():
            if files > most:
                _compact(lake, table, value)
        _sweep(lake.open(table))


def _compact(lake: Lake, table: LakeTable, value: str) -> None:
    """Write the rows of a partition together; all of the table, without one."""
    opened = lake.open(table)
    positions = lake.positions(table, opened)
    only = (table.partition, value) if table.partition else None
    # As a stream: a month of events may be larger than the memory.
    own = stream_of(opened, table.schema, lake.options, only)
    with suppress(Overtaken):
        if table in CASE_TABLES:
            part = PARTS[int(value)]
            last = latest(pa.Table.from_batches(own, table.schema)).to_batches()
            lake.replace(opened, last, {part: positions[part]}, only)
        else:
            lake.replace(opened, own, positions, only)


def _files(opened: DeltaTable, column: str | None) -> Counter[str]:
    actions = pa.table(opened.get_add_actions(flatten=True))
    if column is None:
        return Counter({"": actions.num_rows})
    values = actions[f"partition.{column}"].to_pylist() if actions.num_rows else []
    return Counter(str(one) for one in values)


def latest(rows: pa.Table) -> pa.Table:
    """Return the rows that were written last of each case."""
    last = rows.group_by("case").aggregate([("position", "max")])
    joined = rows.join(last, "case")
    return joined.filter(
        pc.equal(joined["position"], joined["position_max"])
    ).drop_columns(["position_max"])


def _sweep(opened: DeltaTable) -> None:
    """Remove files that no version within KEEP has, and those of killed exporters."""
    hours = int(KEEP.total_seconds() // 3600)
    opened.vacuum(retention_hours=hours, dry_run=False)
