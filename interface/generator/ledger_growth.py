"""Gives generated events their positions and places in the log, before it is signed."""

from __future__ import annotations

import time
from collections.abc import Callable

from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.integrate import LogBuilder
from application.record.sequencer import Sequencer

PAUSE_SECONDS = 0.1


def grow(
    url: str, connection: Connection[TupleRow], tell: Callable[[int, int], None]
) -> None:
    """Sequence all events and put them into the log; `tell` hears how many are.

    A checkpoint over a part of them would make the others look back-dated. Other
    processes may lead these jobs: then this waits for them.
    """
    jobs = (Sequencer(url), LogBuilder(url))
    try:
        while True:
            done = sum(job.tick() for job in jobs)
            waiting, positions, logged = _state(connection)
            tell(positions, logged)
            if not waiting and logged == positions:
                return
            if not done:
                time.sleep(PAUSE_SECONDS)
    finally:
        for job in jobs:
            job.close()


def _state(connection: Connection[TupleRow]) -> tuple[bool, int, int]:
    """Return whether events wait for a position, the last one, and the last logged."""
    row = connection.execute(_STATE).fetchone()
    waiting, positions, logged = row or (False, 0, 0)
    return bool(waiting), int(positions), int(logged)


_STATE = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM events)
     > (SELECT coalesce(max(notification_id), 0) FROM ledger),
    (SELECT coalesce(max(position), 0) FROM ledger),
    (SELECT coalesce(max(position), 0) FROM log_batches)
"""
