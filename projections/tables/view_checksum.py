"""Keeps count of a view's rows and the sum of their hashes, as they are written.

Triggers do it, so that rows that were changed by hand are in the sum as well. A sum
does not depend on the order of rows and, unlike XOR, does not forget a row that is
there twice.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from projections.read_model import View


class Sum(Struct, frozen=True):
    """What a table holds, whatever the order of its rows."""

    rows: int
    checksum: str

    def __str__(self) -> str:
        return f"{self.rows} rows ({self.checksum})"


# `followers` is that of the table's own schema: of the live views, or of those that are
# being rebuilt. A session that changes rows by hand may look elsewhere. A changed row
# that hashes as before, such as one of the agenda that only notes a try, moves nothing
# and waits for nobody.
_FUNCTION = """
CREATE OR REPLACE FUNCTION redress.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more bigint := 0;
    sum_more numeric := 0;
    less bigint := 0;
    sum_less numeric := 0;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('UPDATE %I.followers SET rows = 0, checksum = 0'
            ' WHERE name = $1', TG_TABLE_SCHEMA) USING '{view}';
        RETURN NULL;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        SELECT count(*), coalesce(sum({hash}), 0) INTO more, sum_more FROM added AS t;
    END IF;
    IF TG_OP IN ('DELETE', 'UPDATE') THEN
        SELECT count(*), coalesce(sum({hash}), 0) INTO less, sum_less FROM gone AS t;
    END IF;
    IF more <> less OR sum_more <> sum_less THEN
        EXECUTE format('UPDATE %I.followers SET rows = rows + $1,'
            ' checksum = checksum + $2 WHERE name = $3', TG_TABLE_SCHEMA)
            USING more - less, sum_more - sum_less, '{view}';
    END IF;
    RETURN NULL;
END $$
"""
_TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS added",
    "DELETE": "REFERENCING OLD TABLE AS gone",
    "UPDATE": "REFERENCING NEW TABLE AS added OLD TABLE AS gone",
    "TRUNCATE": "",
}


def keep(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Have the sum of a view's table kept from now on; it has to be right by then."""
    name = function_of(view)
    text = _FUNCTION.format(name=name, view=view.name, hash=_hash(view))
    connection.execute(text.encode())
    for event, tables in _TRIGGERS.items():
        trigger = f"sum_{event.lower()}"
        connection.execute(
            f"CREATE TRIGGER {trigger} AFTER {event} ON {view.name} {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION redress.{name}()".encode()
        )
        connection.execute(
            f"ALTER TABLE {view.name} ENABLE ALWAYS TRIGGER {trigger}".encode()
        )


def function_of(view: View[Any]) -> str:
    """Return the name of the function that keeps the sum of a view of this form."""
    # Editions may stand side by side, and differ in their columns.
    return f"sum_{view.name}_{view.revision[:8]}"


def summed(connection: Connection[TupleRow], view: View[Any], schema: str) -> Sum:
    """Count the rows of a table and add up their hashes, by reading all of them."""
    query = SQL("SELECT count(*), coalesce(sum({}), 0)::text FROM {} AS t").format(
        SQL(_hash(view)),
        Identifier(schema, view.name),
    )
    row = connection.execute(query).fetchone()
    return Sum(*row) if row else Sum(0, "0")


def kept(connection: Connection[TupleRow], view: View[Any], schema: str) -> Sum:
    """Return what was kept of a view in a schema."""
    query = SQL("SELECT rows, checksum::text FROM {} WHERE name = %s").format(
        Identifier(schema, "followers")
    )
    row = connection.execute(query, (view.name,)).fetchone()
    return Sum(*row) if row else Sum(0, "0")


def _hash(view: View[Any]) -> str:
    # The columns of the fold only: `agenda` also notes what the worker has tried.
    columns = ", ".join(f't."{name}"' for name in view.row.__struct_fields__)
    return f"hash_record_extended(ROW({columns}), 0)"
