"""The merge delay: how soon the log promises to hold and sign what was recorded."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from psycopg import Connection

from application.log.build.batches import batch_of_size, tip
from application.log.build.waiting_events import first_unlogged
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest

MERGE_DELAY = timedelta(seconds=60)
"""Promised: so long after it was recorded an event is in a published tree, at most."""


class LogState(Struct, frozen=True, kw_only=True):
    """How far the log, its signatures and its cosignatures reach, in entries.

    `published` is the kind of checkpoint that is shown ("signed" or "cosigned").
    `merge_delay` is what is promised, in seconds; `waiting` for how many seconds the
    oldest event waits that no published tree holds; `is_late`: longer than promised.
    """

    origin: str
    size: int
    signed: int
    cosigned: int
    published: str
    merge_delay: int
    waiting: int
    is_late: bool


def log_state(
    connection: Connection[object], origin: str, published: Kind, now: datetime
) -> LogState:
    """Look at the log as it is now."""
    sizes = {
        kind: one.size if (one := latest(connection, kind)) else 0 for kind in Kind
    }
    since = _unpublished_since(connection, sizes[published])
    waiting = max(timedelta(0), now - since) if since else timedelta(0)
    return LogState(
        origin=origin,
        size=tip(connection).size,
        signed=sizes[Kind.SIGNED],
        cosigned=sizes[Kind.COSIGNED],
        published=published,
        merge_delay=int(MERGE_DELAY.total_seconds()),
        waiting=int(waiting.total_seconds()),
        is_late=waiting > MERGE_DELAY,
    )


def _unpublished_since(connection: Connection[object], size: int) -> datetime | None:
    """Return when the oldest event was recorded that no published tree holds."""
    batch = batch_of_size(connection, size) if size else None
    return first_unlogged(connection, batch.position if batch else 0)
