"""Examines the ledger, the views, the agenda and the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import class_row

from application.jobs.status import JobKind, StatusReport, reports
from application.jobs.view_skips import skips
from application.record.calendar_editions import editions, other_editions
from application.record.sqlstates import Cause
from domain.deadlines.time_limits import Calendar
from projections.agenda import AGENDA
from projections.health.delivery_health import (
    DeliveryHealth,
    delivery_findings,
    delivery_health,
)
from projections.health.file_health import file_findings
from projections.health.health_finding import Finding, Kind, Part, Severity
from projections.health.log_health import LogHealth, log_findings, log_health, waits
from projections.health.notice_health import notice_findings
from projections.health.parked_cases import first_parked
from projections.health.view_health import (
    MAX_LAG,
    ViewHealth,
    skip_finding,
    view_findings,
)
from projections.registry import VIEWS
from projections.tables.view_presence import missing_views, unusable_views

OVERDUE = timedelta(seconds=60)
"""How long something may be due before the worker counts as not acting."""

_FOLLOWERS = """
SELECT f.name, f.position, f.halted,
       (SELECT count(*) FROM parked p WHERE p.follower = f.name) AS parked,
       (SELECT count(*) FROM view_skips s
        WHERE s.follower = f.name AND s.approved_by IS NOT NULL) AS skipped,
       (SELECT coalesce(max(position), 0) FROM ledger) - f.position AS lag,
       r.ended_at AS audited_at, r.position AS audited_upto, r.finding AS differs
FROM followers f LEFT JOIN view_rounds r ON r.view = f.name ORDER BY f.name
"""

# A lease is shorter than a minute: a row that is to be taken up later was put so by
# somebody else, and would never be acted on.
# A notice that is sent by mail or SMS waits for its receiver, not for the worker.
# Both count no further than is worth reporting: the tables can be long, and health is
# asked for every few seconds.
_UNORDERED = """
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM events WHERE notification_id >
        (SELECT coalesce(max(notification_id), 0) FROM ledger) LIMIT 100001
) AS unordered
"""

_OVERDUE = """
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM agenda WHERE due < %(before)s AND (retry_at IS NULL
        OR retry_at < %(before)s OR retry_at > %(after)s)
        AND (kind <> 'notice' OR (case_id, name, party) NOT IN
            (SELECT case_id, notice, party FROM notice_deliveries)) LIMIT 10001
) AS overdue
"""


class Examination(Struct, frozen=True, kw_only=True):
    """What was found, and the figures that it was found by.

    `unordered` events are recorded but have no position yet: the sequencer is not
    running, or an open transaction holds it up. `overdue` deadlines and notices are due
    for more than a minute, and no worker has taken them up. `threads`: those that had
    to be started again, and how often.
    """

    unordered: int
    overdue: int
    views: tuple[ViewHealth, ...]
    log: LogHealth
    threads: tuple[StatusReport, ...]
    deliveries: DeliveryHealth
    findings: tuple[Finding, ...]

    @property
    def unready(self) -> tuple[Finding, ...]:
        """Return the findings for which the installation is not ready."""
        return tuple(one for one in self.findings if one.severity is Severity.UNREADY)

    def said_of(self, part: str) -> str:
        """Return in one line what is wrong with a part, "" if nothing is."""
        return self._said(part, note=False)

    def noted_of(self, part: str) -> str:
        """Return in one line what there is to know about a part, though all is well."""
        return self._said(part, note=True)

    def _said(self, part: str, *, note: bool) -> str:
        return "; ".join(
            one.said
            for one in self.findings
            if one.part == part and (one.severity is Severity.NOTE) is note
        )


def view_places(connection: Connection[Any]) -> tuple[ViewHealth, ...]:
    """Return where each view stands, by their names; also those that are not there."""
    with connection.cursor(row_factory=class_row(ViewHealth)) as cursor:
        found = {one.name: one for one in cursor.execute(_FOLLOWERS.encode())}
    for name, why in unusable_views(connection, VIEWS).items():
        lost = ViewHealth(name=name, position=0, lag=0, parked=0, halted=None)
        found[name] = replace(found.get(name, lost), unusable=str(why))
    return tuple(found[name] for name in sorted(found))


def examine(
    connection: Connection[Any],
    now: datetime,
    *,
    witnesses: Collection[str] | None,
    calendars: Sequence[Calendar],
    clock_just_moved: bool = False,
    refused: Cause | None = None,
) -> Examination:
    """Look at everything. Raises OperationalError if the database is out of reach.

    `witnesses` are the parts that the trust policy makes, None if it cannot be read
    now; `calendars` are those that this process counts by. When a sandbox's clock was
    only just moved, nothing counts as overdue yet. `refused` is why the database has
    only just refused to write.
    """
    views = view_places(connection)
    unordered = _count(connection, _UNORDERED, {})
    # A clock that jumps ahead makes much due at once, which no worker has taken up yet.
    overdue = 0 if clock_just_moved else _overdue(connection, now)
    log = log_health(connection, witnesses)
    deliveries = delivery_health(connection)
    threads = tuple(one for one in reports(connection) if one.kind is JobKind.THREAD)
    late = () if clock_just_moved else tuple(waits(connection, log, now))
    return Examination(
        unordered=unordered,
        overdue=overdue,
        views=views,
        log=log,
        threads=threads,
        deliveries=deliveries,
        findings=(
            *_database_findings(connection, refused),
            *_thread_findings(threads),
            *_calendar_findings(connection, calendars),
            *_work_findings(unordered, overdue),
            *_view_findings(connection, views),
            *map(skip_finding, skips(connection)),
            *file_findings(connection),
            *delivery_findings(deliveries),
            *notice_findings(connection),
            *log_findings(log),
            *late,
        ),
    )


def _overdue(connection: Connection[Any], now: datetime) -> int:
    # Without the agenda nobody knows; that it is missing is said.
    if missing_views(connection, [AGENDA]):
        return 0
    times = {"before": now - OVERDUE, "after": now + OVERDUE}
    return _count(connection, _OVERDUE, times)


def _count(connection: Connection[Any], query: str, values: dict[str, Any]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    return int(row["waiting"]) if row else 0


_REFUSED = {
    Cause.EXHAUSTED: "it has no memory or no connection left",
    Cause.FULL: "its disk is full",
    Cause.READ_ONLY: "it was read-only",
}


def _database_findings(
    connection: Connection[Any], refused: Cause | None
) -> Iterator[Finding]:
    query = "SELECT current_setting('transaction_read_only') = 'on' AS is_read_only"
    row = connection.execute(query).fetchone()
    if row and row["is_read_only"]:
        said = "the database is read-only: nothing can be recorded"
        yield Finding(Part.DATABASE, Kind.READ_ONLY, said)
    elif refused is not None:
        said = f"the database refused to write just now: {_REFUSED[refused]}"
        yield Finding(Part.DATABASE, Kind.REFUSED, said)


def _thread_findings(threads: tuple[StatusReport, ...]) -> Iterator[Finding]:
    for one in threads:
        if one.problem:
            said = f"{one.name} is started again: it was ended by {one.problem}"
            yield Finding(one.name, Kind.ENDED, said)


def _calendar_findings(
    connection: Connection[Any], calendars: Sequence[Calendar]
) -> Iterator[Finding]:
    # Nothing is wrong with what either of them counted; the same command may get
    # another due day by the other one. So it is while processes are restarted in turn.
    for others in other_editions(connection, calendars):
        said = (
            f"this process counts working days by {editions(calendars)}, another one"
            f" by {others}: restart them with the same REDRESS_CALENDARS"
        )
        yield Finding(Part.CALENDAR, Kind.DIFFERS, said, Severity.WARNING)


def _view_findings(
    connection: Connection[Any], views: Sequence[ViewHealth]
) -> Iterator[Finding]:
    for view in views:
        aside = first_parked(connection, view.name, view.parked)
        yield from view_findings(view, aside)


def _work_findings(unordered: int, overdue: int) -> Iterator[Finding]:
    if unordered:
        # The next moment may give them their positions, unless there are many.
        severity = Severity.UNREADY if unordered > MAX_LAG else Severity.WARNING
        said = f"{unordered} events have no position yet"
        yield Finding(Part.SEQUENCER, Kind.UNORDERED, said, severity)
    if overdue:
        said = f"the worker does not act: {overdue} are due for over a minute"
        yield Finding(Part.WORKER, Kind.OVERDUE, said)
