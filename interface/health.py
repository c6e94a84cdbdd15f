"""How the parts are: the database, the ledger, and every view's way through it."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from interface.bootstrap import System
from interface.clock import TestClock
from interface.log_health import LogHealth, log_health, wrong_log, wrong_waits

MAX_LAG = 10_000
"""Events that a view may be behind before the system counts as not ready."""

_FOLLOWERS = """
SELECT f.name, f.position, f.halted,
       (SELECT count(*) FROM parked p WHERE p.follower = f.name) AS parked,
       (SELECT coalesce(max(position), 0) FROM ledger) - f.position AS lag
FROM followers f ORDER BY f.name
"""

_UNORDERED = """
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM events WHERE notification_id >
        (SELECT coalesce(max(notification_id), 0) FROM ledger) LIMIT 100001
) AS unordered
"""

OVERDUE = timedelta(seconds=60)
"""How long something may be due before the worker counts as not acting."""

_OVERDUE = """
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM agenda WHERE due < %(before)s
        AND (retry_at IS NULL OR retry_at < %(before)s) LIMIT 10001
) AS overdue
"""


class ViewHealth(Struct, frozen=True, kw_only=True):
    """Where a view stands. `lag`: events behind; `parked`: cases set aside."""

    name: str
    position: int
    lag: int
    parked: int
    halted: str | None


class Health(Struct, frozen=True, kw_only=True):
    """Whether all is well, and if not, what is wrong.

    `unordered` events are recorded but have no position yet: the sequencer is not
    running, or an open transaction holds it up. `overdue` deadlines and notices are due
    for more than a minute, and no worker has taken them up.
    """

    status: str
    unordered: int
    overdue: int
    views: tuple[ViewHealth, ...]
    log: LogHealth
    wrong: tuple[str, ...]


def health(system: System) -> Health:
    """Look at everything. Raises OperationalError if the database is out of reach."""
    with system.database.get_connection() as connection:
        rows = connection.execute(_FOLLOWERS.encode()).fetchall()
        waiting = connection.execute(_UNORDERED.encode()).fetchone()
        left = connection.execute(
            _OVERDUE.encode(), {"before": system.clock() - OVERDUE}
        ).fetchone()
        log = log_health(connection, system.settings)
        waits = wrong_waits(connection, log, system.clock())
    views = tuple(ViewHealth(**row) for row in rows)
    unordered = int(waiting["waiting"]) if waiting else 0
    overdue = int(left["waiting"]) if left and not _just_moved(system) else 0
    wrong = (
        *_wrong(views, unordered, overdue),
        *wrong_log(log),
        *(() if _just_moved(system) else waits),
    )
    return Health(
        status="not ready" if wrong else "ready",
        unordered=unordered,
        overdue=overdue,
        views=views,
        log=log,
        wrong=wrong,
    )


def _just_moved(system: System) -> bool:
    """Tell whether a sandbox's clock has only now made things due."""
    clock = system.clock
    return isinstance(clock, TestClock) and clock.moved_within(OVERDUE)


def _wrong(views: tuple[ViewHealth, ...], unordered: int, overdue: int) -> list[str]:
    found = [f"{unordered} events have no position yet"] if unordered > MAX_LAG else []
    if overdue:
        found.append(f"the worker does not act: {overdue} are due for over a minute")
    for view in views:
        if view.halted:
            found.append(f"{view.name} halted at {view.halted}")
        if view.parked:
            found.append(f"{view.name} set {view.parked} cases aside")
        if view.lag > MAX_LAG:
            found.append(f"{view.name} is {view.lag} events behind")
    return found
