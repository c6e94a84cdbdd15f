"""Lists what a schema holds, one line of text each, to be stored, compared and shown.

In the queries, `%%` stands for the `%` of PostgreSQL's `format`: psycopg takes a single
one for a parameter of its own.
"""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow

_COLUMNS = """
SELECT format('column %%s.%%s %%s%%s', c.relname, a.attname,
              format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' ELSE '' END)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
  AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""

_INDEXES = """
SELECT format('index %%s on %%s%%s', i.relname, c.relname,
              CASE WHEN x.indisunique THEN ' unique' ELSE '' END)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
"""

# A trigger without ALWAYS does not fire for a session that plays a replica
# (session_replication_role), which would be a way around the append-only triggers.
_TRIGGERS = """
SELECT format('trigger %%s on %%s%%s', t.tgname, c.relname,
              CASE t.tgenabled WHEN 'A' THEN ' always' WHEN 'D' THEN ' disabled'
                   ELSE '' END)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND NOT t.tgisinternal
"""

_GRANTS = """
SELECT DISTINCT format('grant %%s on %%s to redress_app', g.privilege_type, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) g
JOIN pg_roles r ON r.oid = g.grantee
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
  AND r.rolname = 'redress_app'
"""


def listing(
    connection: Connection[TupleRow], schema: str, tables: tuple[str, ...]
) -> tuple[str, ...]:
    """List the columns, indexes, triggers and grants of tables, one line each."""
    names = {"schema": schema, "tables": list(tables)}
    rows = (
        row[0]
        for query in (_COLUMNS, _INDEXES, _TRIGGERS, _GRANTS)
        for row in connection.execute(query, names).fetchall()
    )
    return tuple(sorted(rows))
