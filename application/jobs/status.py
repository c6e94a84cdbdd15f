"""How each job last found things: health, doctor and metrics show it."""

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
_FORK = "contradiction: "


class JobKind(StrEnum):
    """The jobs that report, told apart by the names that they report under."""

    SEQUENCER = "sequencer"
    LOG = "log"
    SIGNER = "signer"
    AUDITOR = "auditor"
    COSIGNATURES = "witnesses"
    WITNESS = "witness"
    OTHER = "other"


def witness_part(name: str) -> str:
    """Return the name under which what a witness answers is reported."""
    return f"{_WITNESS}{name}"


def fork(said: object) -> str:
    """Return the report of a problem that puts the log itself in question."""
    return f"{_FORK}{said}"


class Report(Struct, frozen=True, kw_only=True):
    """How a part last found things. `reached`: up to which size."""

    part: str
    reached: int
    problem: str | None
    at: datetime

    @property
    def kind(self) -> JobKind:
        """Return which job this is of."""
        if self.part.startswith(_WITNESS):
            return JobKind.WITNESS
        known = self.part in set(JobKind)
        return JobKind(self.part) if known else JobKind.OTHER

    @property
    def proves_fork(self) -> bool:
        """Tell whether the problem puts the log in question, not who reports it."""
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
    """Say how a part fares: health and metrics show it."""
    moment = at or datetime.now(UTC)
    connection.execute(_REPORT, (part, reached, problem, moment))


def recovered(connection: Connection[object], part: str) -> None:
    """Say that a part has got over its problem, if it had one."""
    query = "UPDATE log_reports SET problem = NULL, at = %s WHERE part = %s"
    where = " AND problem IS NOT NULL"
    connection.execute(f"{query}{where}".encode(), (datetime.now(UTC), part))


def reports(connection: Connection[object]) -> Sequence[Report]:
    """Return how each part fares."""
    with connection.cursor(row_factory=class_row(Report)) as cursor:
        query = "SELECT part, reached, problem, at FROM log_reports ORDER BY part"
        return cursor.execute(query).fetchall()
