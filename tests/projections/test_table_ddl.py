"""A view's DDL is run in two parts, and makes what it makes as a whole."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.read_model import View
from projections.registry import VIEWS
from projections.tables.table_ddl import bare, indexes
from tests.postgres import Server

COMMENTED = """
-- CREATE TABLE never (a text PRIMARY KEY); what's left out.
CREATE TABLE shelf (
    -- The key; it has two columns.
    place text NOT NULL DEFAULT 'a;b -- c',
    number numeric(10, 2),
    "odd;name" text, /* PRIMARY KEY (number); */
    PRIMARY KEY (place, number)
);
-- By number; NULLs last.
CREATE UNIQUE INDEX shelf_number ON shelf (number) WHERE place <> 'x;y';
CREATE TABLE book (title text COLLATE "C" NOT NULL PRIMARY KEY, pages integer);
CREATE TABLE loan (book text, day date);
"""


@pytest.mark.parametrize("ddl", [COMMENTED, *(view.ddl for view in VIEWS)])
def test_ddl_in_two_parts_makes_what_it_makes_whole(server: Server, ddl: str) -> None:
    with server.database() as url, psycopg.connect(url) as connection:
        made = []
        for schema, parts in (("whole", [ddl]), ("parts", [bare(ddl), *indexes(ddl)])):
            name = Identifier(schema)
            connection.execute(SQL("CREATE SCHEMA {}").format(name))
            connection.execute(SQL("SET search_path TO {}").format(name))
            for part in parts:
                connection.execute(part.encode())
            made.append(_listed(connection, schema))
    whole, parted = made
    assert len(whole) > 5
    assert parted == whole


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_bare_tables_have_no_keys_or_indexes(server: Server, view: View[Any]) -> None:
    with server.database() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA bare; SET search_path TO bare")
        connection.execute(view.bare_ddl.encode())
        made = connection.execute(_RELATIONS).fetchall()
    # A table may keep what says that its values are one of a kind: filling asks it.
    assert made == [(name, False, False) for name in sorted(view.tables)]


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TABLE shelf (a text, CONSTRAINT k PRIMARY KEY (a))",
        "CREATE TABLE shelf (a text PRIMARY KEY, b text PRIMARY KEY)",
        "CREATE TABLE shelf (a numeric(10, 2) PRIMARY KEY)",
    ],
)
def test_a_key_that_is_not_understood_is_refused(ddl: str) -> None:
    with pytest.raises(ValueError, match="which key does this table have"):
        indexes(ddl)


def test_a_statement_that_would_be_run_nowhere_is_refused() -> None:
    ddl = "CREATE TABLE shelf (a text); CREATE TYPE pair AS (a text, b text);"
    with pytest.raises(ValueError, match="neither a table nor an index: CREATE TYPE"):
        bare(ddl)


def _listed(
    connection: psycopg.Connection[tuple[object, ...]], schema: str
) -> list[tuple[object, ...]]:
    """List columns, constraints and indexes of a schema, without its name."""
    return connection.execute(_LISTED, {"schema": schema}).fetchall()


_RELATIONS = """
SELECT relname::text,
    EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p'),
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = i.indexrelid))
FROM pg_class c WHERE relnamespace = 'bare'::regnamespace AND relkind = 'r'
ORDER BY relname"""
_LISTED = """
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %(schema)s::text::regnamespace
    AND a.attnum > 0 AND c.relkind = 'r'
UNION ALL
SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.connamespace = %(schema)s::text::regnamespace AND contype <> 'n'
UNION ALL
SELECT tablename::text, indexname::text,
    replace(indexdef, ' ' || schemaname || '.', ' ')
FROM pg_indexes WHERE schemaname = %(schema)s::text
ORDER BY 1, 2, 3
"""
