"""The rows of a source in batches: whole cases, bounded in rows and in bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from application.imports.mapping import Rows
from application.imports.row_to_events import RowToEvents
from application.imports.sorted_rows import cases_of
from application.imports.source.source_row import Row

BATCH = 500
BATCH_BYTES = 8 << 20
"""A batch ends with so many rows, or with so many characters in them."""

Unit = tuple[Row, ...]
"""The rows that tell a case together."""


def batches(
    source: Iterable[Row], converter: RowToEvents, rows: Rows, done: int = 0
) -> Iterator[list[Unit]]:
    """Yield the rows of a source after those that are done, in batches of cases.

    Where rows are events, those of a case are brought together first.
    """
    if rows is Rows.CASES:
        units: Iterator[Unit] = ((row,) for row in islice(source, done, None))
    else:
        units = _after(cases_of(source, converter.record), done)
    batch: list[Unit] = []
    count = size = 0
    for unit in units:
        batch.append(unit)
        count += len(unit)
        size += sum(row.size for row in unit)
        if count >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


def _after(units: Iterable[Unit], done: int) -> Iterator[Unit]:
    """Skip the first rows; they were committed as whole cases."""
    for unit in units:
        if done > 0:
            done -= len(unit)
        else:
            yield unit
