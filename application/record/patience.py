"""How long statements may wait for locks and take, by the work that goes on."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, TypeVar

from msgspec import Struct
from psycopg import Connection

from application.record.prepared import Prepared, Values, run
from application.record.row_scope import Scope

Row = TypeVar("Row")


class Patience(Struct, frozen=True):
    """Seconds that a statement waits for a lock, and that it may take altogether."""

    lock: float
    statement: float


OF_JOBS = Patience(lock=10.0, statement=600.0)
"""A job reads and writes whole batches, and tries again where a client would wait."""

OF_OWNERS = Patience(lock=10.0, statement=0.0)
"""Migrations and rebuilds work as long as they take (0: without a limit). A lock on a
table that is in use is given up early, because everybody else queues behind whoever
waits for it."""

LOCK_SECONDS = 2.0
"""How long a statement of a request waits for a lock before it gives up."""

PATIENCE: ContextVar[Patience] = ContextVar("patience", default=OF_JOBS)
"""The patience of the work that goes on in this context."""


class PatientConnection(Connection[Row]):
    """A connection that knows how patient its session is, and whose rows it sees.

    `prepared` are the names of the statements that it has prepared.
    """

    patience: Patience | None = None
    scope: Scope | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.prepared: set[bytes] = set()

    def run(
        self,
        statement: Prepared,
        values: Values,
        before: tuple[Prepared, Values] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run a prepared statement, after another one if that is given."""
        return run(self, self.prepared, statement, values, before)


def keep_patience(connection: Connection[Row]) -> None:
    """Make a session as patient as the work at hand may be."""
    be_patient(connection, PATIENCE.get())


def take_turn(connection: Connection[Any], lock: int) -> None:
    """Wait for an advisory lock of the session, however long others work under it."""
    be_patient(connection, Patience(lock=0.0, statement=0.0))
    connection.execute("SELECT pg_advisory_lock(%s)", (lock,))
    be_patient(connection, OF_OWNERS)


def be_patient(connection: Connection[Any], wanted: Patience) -> None:
    """Make a session as patient as is wanted."""
    # In a pool, most connections served the same kind of work last: then it costs
    # nothing.
    if isinstance(connection, PatientConnection) and connection.patience == wanted:
        return
    connection.execute(
        "SELECT set_config('lock_timeout', %s, false),"
        " set_config('statement_timeout', %s, false)",
        (f"{wanted.lock * 1_000:.0f}ms", f"{wanted.statement * 1_000:.0f}ms"),
    )
    if isinstance(connection, PatientConnection):
        connection.patience = wanted
