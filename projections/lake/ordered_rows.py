"""Rows of a lake in an order, few of them at a time in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

ROWS = 1_000
"""Rows that are in memory together: as objects they take ten times their columns."""


def ordered_rows(
    connection: DuckDBPyConnection, query: str
) -> Iterator[dict[str, Any]]:
    """Yield what a query finds. What it sorts beyond the session's memory is spilt."""
    # A session has one answer at a time, and several are read side by side.
    with connection.cursor() as own:
        for batch in own.sql(query).to_arrow_reader(ROWS):
            yield from batch.to_pylist()


def kept_rows(
    connection: DuckDBPyConnection, query: str, file: Path
) -> Iterator[dict[str, Any]]:
    """Return what a query finds, to be read out of a file that has all of it.

    For many that are read side by side: a dozen of answers that are open at once, each
    with what it has sorted, run out of the session's memory.
    """
    batches = connection.sql(query).to_arrow_reader(ROWS)
    packing = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pa.OSFile(str(file), "wb") as out,
        pa.ipc.new_stream(out, batches.schema, options=packing) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
    return _read(file)


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with pa.OSFile(str(file)) as kept:
        for batch in pa.ipc.open_stream(kept):
            yield from batch.to_pylist()
