"""The tables of a view: made bare or whole, in the live schema or beside it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.record.row_scope import API_ROLE, APP_ROLE
from projections.read_model import View
from projections.tables.view_checksum import keep


def make(connection: Connection[TupleRow], view: View[Any], schema: str) -> None:
    """Make a view in a schema, at the beginning of the ledger."""
    make_bare(connection, view, schema)
    finish(connection, view)


def make_bare(connection: Connection[TupleRow], view: View[Any], schema: str) -> None:
    """Make a view that can be filled, but has no indexes yet, and is not secured."""
    # The DDL names no schema, so that a rebuild can run it in another one.
    connection.execute(SQL("SET LOCAL search_path TO {}").format(Identifier(schema)))
    connection.execute(view.bare_ddl.encode())
    connection.execute(
        "INSERT INTO followers (name, revision, position) VALUES (%s, %s, 0)",
        (view.name, view.revision),
    )


def finish(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Give a view what it lacks to be followed and read: in the schema of the path."""
    for statement in view.index_ddl:
        connection.execute(statement.encode())
    for table in view.tables:
        connection.execute(
            SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO redress_app").format(
                Identifier(table)
            )
        )
    secure(connection, view)
    keep(connection, view)


def secure(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Have requests see only those rows of a view that its condition shows them."""
    if view.seen is not None:
        secure_table(connection, view.name, view.seen)
    if view.sums is not None:
        for table, seen in view.sums.seen.items():
            secure_table(connection, table, seen)


def secure_table(connection: Connection[TupleRow], name: str, seen: str) -> None:
    """Have requests see only those rows of a table that a condition shows them."""
    table = Identifier(name)
    for policy, role, condition in (
        ("application", APP_ROLE, "true"),
        ("seen", API_ROLE, seen),
    ):
        query = f'CREATE POLICY {policy} ON "{name}" TO {role} USING ({condition})'
        connection.execute(query.encode())
    connection.execute(SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
    grant = SQL("GRANT SELECT ON {} TO {}")
    connection.execute(grant.format(table, Identifier(API_ROLE)))
