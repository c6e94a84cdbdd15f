"""What an error of the database means: whose fault it is, and whether a retry helps."""

from __future__ import annotations

from enum import StrEnum

import psycopg


class Cause(StrEnum):
    """What an error of the database comes from."""

    DOWN = "down"
    """No connection: a server that starts, stops, or lets nobody in."""

    EXHAUSTED = "exhausted"
    """The server has no memory left, or as many sessions as it may have."""

    READ_ONLY = "read-only"
    """The server takes no writes: a standby after a failover, or so configured."""

    FULL = "full"
    """The disk of the server is full."""

    BUSY = "busy"
    """Others were in the way: a lock, a deadlock, or a limit of time."""

    INPUT = "input"
    """A value that cannot be stored: the fault of who sent it, or of the event."""

    CONFLICT = "conflict"
    """A value that another one, or a rule of the table, does not admit."""

    PROGRAM = "program"
    """Our statement, our schema, or our rights: nothing that was sent explains it."""


# The longest beginning that fits decides (PostgreSQL documentation, appendix A).
_MEANINGS = {
    "08": Cause.DOWN,  # connection exceptions
    "22": Cause.INPUT,  # data exceptions: out of range, not encodable, too long
    "23": Cause.CONFLICT,  # constraints
    "25006": Cause.READ_ONLY,
    "25P03": Cause.BUSY,  # idle in a transaction for too long
    "25P04": Cause.BUSY,  # a transaction that took too long
    "28": Cause.DOWN,  # the server refuses to let us in
    "3D": Cause.DOWN,  # the database is not there (any more)
    "40": Cause.BUSY,  # serialization failures, deadlocks
    "53": Cause.EXHAUSTED,  # out of memory, too many connections, limits of the server
    "53100": Cause.FULL,
    "54": Cause.INPUT,  # program limits: an index row or a statement is too large
    "55P03": Cause.BUSY,  # lock_timeout
    "57": Cause.DOWN,  # shutdown, crash, start-up, a dropped database
    "57014": Cause.BUSY,  # statement_timeout, or cancelled by hand
    "58": Cause.DOWN,  # errors of the server's system: files, input and output
    "F0": Cause.DOWN,  # its configuration
    "XX": Cause.DOWN,  # its internal errors, damaged pages
}

SURROUNDINGS = frozenset(Cause) - {Cause.INPUT, Cause.CONFLICT}
"""Causes that say nothing about the event or the request that met them."""


def cause_of(error: BaseException) -> Cause | None:
    """Return what an error comes from; None if it is not one of the database.

    The event store wraps the driver's errors in its own: what they wrap decides.
    """
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        if isinstance(one, psycopg.Error):
            return _meaning(one)
        seen.add(id(one))
        one = one.__cause__ or one.__context__
    return None


def _meaning(error: psycopg.Error) -> Cause:
    state = error.sqlstate
    if state is None:
        # The driver's own errors. A value that it cannot write, such as a NUL in a
        # text, is its DataError; all that concerns the connection is the first two.
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return Cause.DOWN
        return Cause.INPUT if isinstance(error, psycopg.DataError) else Cause.PROGRAM
    fits = (state[:length] for length in (5, 2) if state[:length] in _MEANINGS)
    return _MEANINGS.get(next(fits, ""), Cause.PROGRAM)
