"""Makes few large files of many small ones, and lets go of rows that were replaced."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from projections.lake.lake import KEEP, PARTS, Lake, Overtaken
from projections.lake.lake_tables import (
    BATCHES,
    CASE_TABLES,
    CHECKPOINTS,
    EVENTS,
    CaseTable,
)

MOST_FILES = 8
"""A part of a table with more files than these is compacted."""


def compact(lake: Lake) -> None:
    """Compact what has become many files. Another exporter beside it may go first."""
    for table in (EVENTS, BATCHES, CHECKPOINTS):
        opened = lake.open(table)
        column = table.partition
        for value, files in _files(opened, column).items():
            if files > MOST_FILES:
                only = [(column, "=", value)] if column else None
                try:
                    opened.optimize.compact(only, max_concurrent_tasks=1)
                except CommitFailedError:
                    continue
        _sweep(opened)
    for cases in CASE_TABLES:
        opened = lake.open(cases)
        for value, files in _files(opened, cases.partition).items():
            if files > MOST_FILES:
                _compact_cases(lake, cases, int(value))
        _sweep(opened)


def _files(opened: DeltaTable, column: str | None) -> Counter[str]:
    actions = pa.table(opened.get_add_actions(flatten=True))
    if column is None:
        return Counter({"": actions.num_rows})
    values = actions[f"partition.{column}"].to_pylist() if actions.num_rows else []
    return Counter(str(one) for one in values)


def _compact_cases(lake: Lake, table: CaseTable, bucket: int) -> None:
    """Keep the last rows of each case of a bucket."""
    opened = lake.open(table)
    part = PARTS[bucket]
    at = lake.positions(table, opened)[part]
    rows = opened.to_pyarrow_dataset().to_table(filter=pc.field("bucket") == bucket)
    try:
        # The commit that brings the bucket on meanwhile is not overwritten by this one:
        # both name the bucket's position.
        lake.replace(opened, latest(rows), {part: at}, f"bucket = {bucket}")
    except Overtaken:
        return


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
