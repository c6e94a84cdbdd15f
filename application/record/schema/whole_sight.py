"""Whether a session sees every row, or row security hides some of them from it.

A policy that hides rows makes queries answer less, and no error. Whoever has to see the
whole record asks first, and gets an error instead of fewer rows.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

# Owners and superusers pass by row security, as `row_security_active` knows. To others
# a table is whole if one policy shows all of it and none takes rows away again.
_HIDING = """
SELECT c.relname, coalesce(string_agg(p.polname, ', ' ORDER BY p.polname), 'none')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE n.nspname = 'redress' AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
GROUP BY c.oid, c.relname
HAVING NOT coalesce(bool_or(p.polpermissive AND p.polcmd = '*'
        AND pg_get_expr(p.polqual, p.polrelid) = 'true'
        AND pg_has_role(CASE p.polroles[1] WHEN 0 THEN current_user::regrole::oid
            ELSE p.polroles[1] END, 'USAGE')), false)
    OR bool_or(NOT p.polpermissive)
ORDER BY c.relname LIMIT 1
"""


def refuse_hidden_rows(connection: Connection[Any]) -> None:
    """Raise InsufficientPrivilege if row security may hide rows from this session."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_HIDING).fetchone()
    if found is not None:
        table, policies = found
        raise psycopg.errors.InsufficientPrivilege(
            f"a row-level security policy may hide rows of {table} from this session:"
            f" {policies}"
        )
