"""Figures for operators beyond what is wrong: how late and how full the work is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import dict_row

from application.log.build.batches import batch_of_size
from application.log.build.waiting_events import first_unlogged
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import keys, latest
from projections.agenda import AGENDA
from projections.tables.view_presence import missing_views

MOST = 10_000
"""Counted no further: the tables can be long, and Prometheus asks every few seconds."""

_AGENDA = "SELECT min(due) AS since FROM agenda WHERE due <= %s"

_NOTICES = f"""
SELECT
    (SELECT count(*) FROM (SELECT 1 FROM notice_deliveries WHERE state = 'failed'
        LIMIT {MOST}) AS dead) AS dead,
    (SELECT count(*) FROM (SELECT 1 FROM notice_deliveries WHERE state = 'waiting'
        LIMIT {MOST}) AS waiting) AS waiting,
    (SELECT created_at FROM notice_deliveries WHERE state = 'waiting'
        ORDER BY created_at LIMIT 1) AS oldest
"""


class OperationFigures(Struct, frozen=True, kw_only=True):
    """How late and how full the work is; times are UTC, None where nothing waits.

    `agenda_since`: since when the first deadline or notice has been due.
    `notices_dead`: notices that a channel could not deliver; `notices_waiting`: not
    sent yet, the `notices_oldest` since then. `unsigned_since`: when the first event
    was recorded that no signed checkpoint covers. `head_at`: when the signed checkpoint
    was made; `log_key_at`: when the newest key of the log was.
    """

    agenda_since: datetime | None
    notices_dead: int
    notices_waiting: int
    notices_oldest: datetime | None
    unsigned_since: datetime | None
    head_at: datetime | None
    log_key_at: datetime | None


def operation_figures(connection: Connection[Any], now: datetime) -> OperationFigures:
    """Count and look."""
    notices = _row(connection, _NOTICES, ())
    head = latest(connection, Kind.SIGNED)
    batch = batch_of_size(connection, head.size) if head else None
    made = [one.made_at for one in keys(connection)]
    return OperationFigures(
        agenda_since=(
            _row(connection, _AGENDA, (now,))["since"]
            # Health says that it is missing.
            if not missing_views(connection, [AGENDA])
            else None
        ),
        notices_dead=notices["dead"],
        notices_waiting=notices["waiting"],
        notices_oldest=notices["oldest"],
        unsigned_since=first_unlogged(connection, batch.position if batch else 0),
        head_at=head.at if head else None,
        log_key_at=max(made, default=None),
    )


def _row(
    connection: Connection[Any], query: str, values: tuple[Any, ...]
) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query.encode(), values).fetchone()
    if found is None:
        raise LookupError("an aggregate has one row")
    return found
