"""The lake's tables of the log: how its tree grew, and what was signed of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from psycopg import Connection
from psycopg.rows import tuple_row

from projections.lake.lake_row import LakeRow, told


class BatchRow(LakeRow, frozen=True, kw_only=True):
    """Entries that the log took in at once: events, then a head for each history."""

    previous: Annotated[int, told("The log's size before", "entries")]
    size: Annotated[int, told("The log's size with them", "entries")]
    after: Annotated[int, told("The last event before", source="events.position")]
    position: Annotated[int, told("The last event of them", source="events.position")]
    root: Annotated[str, told("The tree's root at `size`", "hex")]


class CheckpointRow(LakeRow, frozen=True, kw_only=True):
    """A checkpoint of the log, as it was signed."""

    size: Annotated[int, told("The log's size", "entries")]
    kind: Annotated[str, told("By whom", "signed or cosigned")]
    at: Annotated[datetime, told("When it was published", "UTC")]
    note: Annotated[str, told("The signed note (C2SP tlog-checkpoint)")]


_BATCHES = """
SELECT previous, size, after, position, encode(root, 'hex') FROM log_batches
WHERE size > %s AND position <= %s ORDER BY size LIMIT %s
"""
_CHECKPOINTS = """
SELECT size, kind, at, note FROM log_checkpoints WHERE size > %s AND size <= %s
UNION SELECT size, kind, at, note FROM log_archive WHERE size > %s AND size <= %s
ORDER BY size, kind
"""


def batch_rows(
    connection: Connection[Any], after: int, upto: int, limit: int
) -> list[BatchRow]:
    """Return batches behind a size of the log, of events up to a position."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_BATCHES, (after, upto, limit)).fetchall()
    names = BatchRow.__struct_fields__
    return [BatchRow(**dict(zip(names, row, strict=True))) for row in found]


def checkpoint_rows(
    connection: Connection[Any], after: int, upto: int
) -> list[CheckpointRow]:
    """Return what was signed of the log behind a size, and up to another."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        values = (after, upto, after, upto)
        found = cursor.execute(_CHECKPOINTS, values).fetchall()
    names = CheckpointRow.__struct_fields__
    return [CheckpointRow(**dict(zip(names, row, strict=True))) for row in found]
