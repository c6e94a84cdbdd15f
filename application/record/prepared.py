"""Runs the few statements of every command as libpq's prepared statements.

psycopg makes a cursor, a query and adapters for each statement, some sixty calls of
Python, and wakes the server once more to tell it whose rows are asked for. These few
statements have plain values and plain columns. libpq is given them as they are, behind
the statement that sets the scope, in one message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.generators import execute, fetch_many
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

Values = Sequence[UUID | bytes | str | int | date | None]

_READ: Mapping[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"\x01",
    17: bytes,
    20: lambda value: int.from_bytes(value, "big", signed=True),
    23: lambda value: int.from_bytes(value, "big", signed=True),
    25: lambda value: value.decode(),
    2950: lambda value: UUID(bytes=value),
}
"""How values of bool, bytea, bigint, integer, text and uuid are read."""

_DONE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_numbers = count()


class Prepared:
    """A statement with $1, $2 … for its values; `columns` are the types of its rows."""

    def __init__(self, statement: str) -> None:
        self.text = statement.encode()
        # One name for all connections: each prepares it when it first needs it.
        self.name = f"redress_{next(_numbers)}".encode()


@cache
def prepared(statement: str) -> Prepared:
    """Return the prepared statement of a text, the same one each time."""
    return Prepared(statement)


def run(
    connection: Connection[Any],
    known: set[bytes],
    statement: Prepared,
    values: Values,
    before: tuple[Prepared, Values] | None = None,
) -> list[tuple[Any, ...]]:
    """Run a statement, after another one if that is given; return its rows.

    `known` are the names of what the connection has prepared. The two are one message
    and one transaction: if the first one fails, the second is not run. Raises
    psycopg's errors.
    """
    asked = [(statement, values)] if before is None else [before, (statement, values)]
    try:
        return _rows(_result(connection, known, asked))
    except psycopg.errors.InvalidSqlStatementName:
        # psycopg has let go of all that is prepared, as it does after a rollback.
        # Nothing was run: prepare anew.
        known.clear()
        return _rows(_result(connection, known, asked))


def _result(
    connection: Connection[Any],
    known: set[bytes],
    asked: Sequence[tuple[Prepared, Values]],
) -> PGresult:
    pgconn = connection.pgconn
    for statement, _ in asked:
        _prepare(pgconn, known, statement)
    if len(asked) == 1:
        _send(pgconn, *asked[0])
        # Other threads work meanwhile, and a signal ends the wait.
        (*_, result) = connection.wait(execute(pgconn)) or [None]
        return _checked(pgconn, result)
    pgconn.enter_pipeline_mode()
    try:
        for one in asked:
            _send(pgconn, *one)
        pgconn.pipeline_sync()
        found = connection.wait(execute(pgconn))
        for _ in asked[1:]:
            # After one that failed, the others are not run.
            more = connection.wait(fetch_many(pgconn))
            found = more if _are_good(found) else found
        # The end of the message.
        connection.wait(fetch_many(pgconn))
    finally:
        # A connection that is lost cannot leave; the pool throws it away.
        if pgconn.status == ConnStatus.OK:
            pgconn.exit_pipeline_mode()
    return _checked(pgconn, found[-1] if found else None)


def _send(pgconn: PGconn, statement: Prepared, values: Values) -> None:
    sent, formats = _sent(values)
    pgconn.send_query_prepared(
        statement.name, sent, formats, result_format=Format.BINARY
    )


def _prepare(pgconn: PGconn, known: set[bytes], statement: Prepared) -> None:
    if statement.name not in known:
        # One that is there already is the same: names are given once.
        with suppress(psycopg.errors.DuplicatePreparedStatement):
            _checked(pgconn, pgconn.prepare(statement.name, statement.text))
        known.add(statement.name)


def _sent(values: Values) -> tuple[Any, list[Format]]:
    """Return values as libpq takes them: their bytes, and the formats of these."""
    sent: list[bytes | None] = []
    formats: list[Format] = []
    for value in values:
        kind = type(value)
        if kind is UUID:
            sent.append(value.bytes)  # type: ignore[union-attr]
            formats.append(Format.BINARY)
        elif kind is bytes:
            sent.append(value)  # type: ignore[arg-type]
            formats.append(Format.BINARY)
        else:
            sent.append(None if value is None else str(value).encode())
            formats.append(Format.TEXT)
    return sent, formats


def _are_good(results: Sequence[PGresult]) -> bool:
    return bool(results) and results[-1].status in _DONE


def _checked(pgconn: PGconn, result: PGresult | None) -> PGresult:
    """Return a result that is good. Raises the error that the server has told."""
    if result is not None and result.status in _DONE:
        return result
    failed = result is not None and result.status == ExecStatus.FATAL_ERROR
    if result is not None and failed and pgconn.status == ConnStatus.OK:
        raise error_from_result(result, encoding="utf-8")
    said = pgconn.get_error_message() or "the connection is lost"
    raise psycopg.OperationalError(said)


def _rows(result: PGresult) -> list[tuple[Any, ...]]:
    readers = [_READ[result.ftype(column)] for column in range(result.nfields)]
    columns = [*enumerate(readers)]
    return [
        tuple(
            None if (value := result.get_value(row, column)) is None else read(value)
            for column, read in columns
        )
        for row in range(result.ntuples)
    ]
