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
COSIGNATURES = "witnesses"
_WITNESS = "witness "
# Stored as the beginning of a problem's text, and read in `proves_fork` only.
_FORK = "contradiction: "


class JobKind(StrEnum):
    """The kinds of jobs that report, recognised by the names they report under."""

    SEQUENCER = "sequencer"
    LOG = "log"
    SIGNER = "signer"
    AUDITOR = "auditor"
    COSIGNATURES = "witnesses"
    WITNESS = "witness"
    OTHER = "other"


def witness_part(name: str) -> str:
    """Return the name under which a witness's answers are reported."""
    return f"{_WITNESS}{name}"


def fork(said: object) -> str:
    """Return the text to report for a problem that puts the log itself in question."""
    return f"{_FORK}{said}"


class Report(Struct, frozen=True, kw_only=True):
    """The last report of a job: how far it has come, and what is wrong, if anything."""

    part: str
    reached: int
    problem: str | None
    at: datetime

    @property
    def kind(self) -> JobKind:
        """Return the kind of the job that reported."""
        if self.part.startswith(_WITNESS):
            return JobKind.WITNESS
        known = self.part in set(JobKind)
        return JobKind(self.part) if known else JobKind.OTHER

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


def recovered(connection: Connection[object], part: str) -> None:
    """Remove the problem from a job's report, if it has one."""
    query = "UPDATE log_reports SET problem = NULL, at = %s WHERE part = %s"
    where = " AND problem IS NOT NULL"
    connection.execute(f"{query}{where}".encode(), (datetime.now(UTC), part))


def reports(connection: Connection[object]) -> Sequence[Report]:
    """Return the last report of every job."""
    with connection.cursor(row_factory=class_row(Report)) as cursor:
        query = "SELECT part, reached, problem, at FROM log_reports ORDER BY part"
        return cursor.execute(query).fetchall()
