"""Whether a session sees every row, or row security hides some of them from it.

A policy that hides rows makes queries answer less, and no error. Whoever has to see the
whole record asks first, and gets an error instead of fewer rows.
"""

from __future__ import annotations

import time
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


LOOKS_AGAIN, LOOKS_AGAIN_SECONDS = 2, 0.05


def refuse_hidden_rows(connection: Connection[Any]) -> None:
    """Raise InsufficientPrivilege if row security may hide rows from this session."""
    found = _hidden(connection)
    # A view that is swapped in at this very moment is dropped under the question, which
    # then knows its policy but no more what the policy says: asked again, it is gone.
    for _ in range(LOOKS_AGAIN):
        if found is None:
            return
        time.sleep(LOOKS_AGAIN_SECONDS)
        found = _hidden(connection)
    if found is not None:
        table, policies = found
        raise psycopg.errors.InsufficientPrivilege(
            f"a row-level security policy may hide rows of {table} from this session:"
            f" {policies}"
        )


def _hidden(connection: Connection[Any]) -> tuple[str, str] | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_HIDING).fetchone()
    return None if row is None else (row[0], row[1])
