"""Rows of a lake in an order, few of them at a time in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
