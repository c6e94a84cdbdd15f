"""How long statements may wait for locks and take, by the work that goes on."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TypeVar

from msgspec import Struct
from psycopg import Connection

Row = TypeVar("Row")


class Patience(Struct, frozen=True):
    """Seconds that a statement waits for a lock, and that it may take altogether."""

    lock: float
    statement: float


OF_JOBS = Patience(lock=10.0, statement=600.0)
"""A job reads and writes whole batches, and tries again where a client would wait."""

LOCK_SECONDS = 2.0
"""How long a statement of a request waits for a lock before it gives up."""

PATIENCE: ContextVar[Patience] = ContextVar("patience", default=OF_JOBS)
"""The patience of the work that goes on in this context."""


class PatientConnection(Connection[Row]):
    """A connection that knows how patient its session is."""

    patience: Patience | None = None


def keep_patience(connection: Connection[Row]) -> None:
    """Make a session as patient as the work at hand may be."""
    wanted = PATIENCE.get()
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
