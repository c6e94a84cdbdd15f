"""Opens sessions of PostgreSQL, with every setting that this program relies on.

A database or a role can have defaults of its own (`ALTER DATABASE … SET`), and a server
those of its country. Whatever they are, a session of this program reads and writes
times, bytes and texts in one form.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.patience import OF_OWNERS, be_patient

SETTINGS: Mapping[str, str] = {
    # libpq takes the server's encoding for the client's unless it is told another.
    "client_encoding": "UTF8",
    # psycopg reads times in ISO form only, in the zone of the session.
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    # Shortest form that reads back as the same number: rebuilt views are compared by
    # their text.
    "extra_float_digits": "1",
    # Literals in our statements have backslashes, such as '\\x00'::bytea.
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "array_nulls": "on",
    # The listing of the schema is compared by its text.
    "quote_all_identifiers": "off",
    # Appends and followers are proved for this level; a stricter one would fail them
    # with serialization errors that nobody expects.
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    # Policies show requests their callers' rows. Whoever has to see all of them asks
    # whether none is hidden: `refuse_hidden_rows`.
    "row_security": "on",
}
"""What every session is set to. Read-only is not among them: an operator who makes a
database read-only is obeyed, and the health says so."""

NAME_LENGTH = 63
"""Bytes of a session's name that the server keeps."""

_SET = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[])"


def given_name() -> str:
    """Return the name of this process's sessions in `pg_stat_activity`.

    The command line sets it, as libpq reads it: `redress work`.
    """
    return os.environ.get("PGAPPNAME") or "redress"


def settle(connection: Connection[Any], search_path: str | None = None) -> None:
    """Give a session its settings; the connection has to be in autocommit mode.

    `search_path` is a list of schemas as SQL writes it; None leaves the server's.
    """
    connection.execute(*settling(search_path))


def settling(search_path: str | None) -> tuple[bytes, tuple[list[str], list[str]]]:
    """Return the statement that gives a session its settings, and its parameters."""
    wanted = dict(SETTINGS)
    if search_path is not None:
        wanted["search_path"] = search_path
    # As one statement: every start and every new connection of a pool waits for it.
    names, values = list(wanted), list(wanted.values())
    return f"{_SET} AS wanted (name, value)".encode(), (names, values)


def open_session(
    url: str,
    *,
    autocommit: bool = True,
    search_path: str | None = None,
    wait_seconds: int | None = None,
    job: str = "",
) -> Connection[TupleRow]:
    """Open a connection of its own, outside any pool, in the role that the URL names.

    `job` is put behind the process's name: `redress work views`.
    Raises psycopg.OperationalError if there is no answer within `wait_seconds`.
    """
    connection = psycopg.connect(url, autocommit=True, connect_timeout=wait_seconds)
    try:
        settle(connection, search_path)
        if job:
            _name(connection, job)
        be_patient(connection, OF_OWNERS)
        # Only now: settings that are made in a transaction go with its rollback.
        connection.autocommit = autocommit
    except BaseException:
        connection.close()
        raise
    return connection


def _name(connection: Connection[TupleRow], job: str) -> None:
    process = connection.info.parameter_status("application_name") or given_name()
    named = f"{process} {job}"[:NAME_LENGTH]
    connection.execute("SELECT set_config('application_name', %s, false)", (named,))
