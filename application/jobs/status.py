"""The last report of each job, which health, doctor and metrics show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

SEQUENCER = "sequencer"
LOG = "log"
SIGNER = "signer"
AUDITOR = "auditor"
CUSTODY = "custody"
VIEW_AUDITOR = "view-auditor"
AUDITED = "audited"
ORPHANS = "orphan files"
REBUILD = "rebuild"
COSIGNATURES = "witnesses"
_WITNESS = "witness "
_THREAD = "thread "
# Stored as the beginning of a problem's text, and read in `proves_fork` only.
_FORK = "contradiction: "


class JobKind(StrEnum):
    """The kinds of jobs that report, recognised by the names they report under."""

    SEQUENCER = "sequencer"
    LOG = "log"
    SIGNER = "signer"
    AUDITOR = "auditor"
    CUSTODY = "custody"
    VIEW_AUDITOR = "view-auditor"
    AUDITED = "audited"
    COSIGNATURES = "witnesses"
    WITNESS = "witness"
    THREAD = "thread"
    OTHER = "other"


def witness_part(name: str) -> str:
    """Return the name under which a witness's answers are reported."""
    return f"{_WITNESS}{name}"


def thread_part(name: str) -> str:
    """Return the name under which the restarts of a thread are reported."""
    return f"{_THREAD}{name}"


def fork(said: object) -> str:
    """Return the text to report for a problem that puts the log itself in question."""
    return f"{_FORK}{said}"


class StatusReport(Struct, frozen=True, kw_only=True):
    """The last report of a job: how far it has come, and what is wrong, if anything.

    For a thread, `reached` is how often it was started again.
    """

    part: str
    reached: int
    problem: str | None
    at: datetime

    @property
    def kind(self) -> JobKind:
        """Return the kind of the job that reported."""
        if self.part.startswith(_WITNESS):
            return JobKind.WITNESS
        if self.part.startswith(_THREAD):
            return JobKind.THREAD
        known = self.part in set(JobKind)
        return JobKind(self.part) if known else JobKind.OTHER

    @property
    def name(self) -> str:
        """Return the name of the thread, or of the part itself."""
        return self.part.removeprefix(_THREAD)

    @property
    def proves_fork(self) -> bool:
        """Tell whether the problem puts the log in question, not only the reporter."""
        return self.problem is not None and self.problem.startswith(_FORK)


_REPORT = """
INSERT INTO log_reports (part, reached, problem, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (part) DO UPDATE SET reached = EXCLUDED.reached,
    problem = EXCLUDED.problem, at = EXCLUDED.at
"""


def report(
    connection: Connection[object],
    part: str,
    reached: int,
    problem: str | None,
    at: datetime | None = None,
) -> None:
    """Store a job's report; `problem` is None if all is well."""
    moment = at or datetime.now(UTC)
    connection.execute(_REPORT, (part, reached, problem, moment))


_RESTARTED = """
INSERT INTO log_reports (part, reached, problem, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (part) DO UPDATE SET reached = log_reports.reached + EXCLUDED.reached,
    problem = EXCLUDED.problem, at = EXCLUDED.at
"""


def report_restarts(
    connection: Connection[object], name: str, times: int, problem: str | None
) -> None:
    """Add to how often a thread was started again; `problem` is what ended it last."""
    moment = datetime.now(UTC)
    connection.execute(_RESTARTED, (thread_part(name), times, problem, moment))


def recovered(connection: Connection[object], part: str) -> None:
    """Remove the problem from a job's report, if it has one."""
    query = "UPDATE log_reports SET problem = NULL, at = %s WHERE part = %s"
    where = " AND problem IS NOT NULL"
    connection.execute(f"{query}{where}".encode(), (datetime.now(UTC), part))


def forget(connection: Connection[object], part: str) -> None:
    """Remove a job's report: it has ended, and is not expected to go on."""
    connection.execute("DELETE FROM log_reports WHERE part = %s", (part,))


def reports(connection: Connection[object]) -> Sequence[StatusReport]:
    """Return the last report of every job."""
    with connection.cursor(row_factory=class_row(StatusReport)) as cursor:
        query = "SELECT part, reached, problem, at FROM log_reports ORDER BY part"
        return cursor.execute(query).fetchall()
