"""Which logins could change the record, and what runs when the schema changes."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

MIGHTY_ROLES = (
    "pg_write_all_data",
    "pg_write_server_files",
    "pg_execute_server_program",
)
"""Roles of PostgreSQL whose members can change any table, or the files under it."""

_MIGHTY_LOGINS = """
SELECT r.rolname AS name, concat_ws(', ',
    CASE WHEN r.rolsuper THEN 'superuser' END,
    CASE WHEN r.rolcreaterole AND NOT r.rolsuper THEN 'makes roles' END,
    CASE WHEN NOT r.rolsuper AND EXISTS (SELECT FROM pg_roles a WHERE a.rolbypassrls
        AND NOT a.rolsuper AND pg_has_role(r.oid, a.oid, 'MEMBER'))
        THEN 'passes by row security' END,
    CASE WHEN NOT r.rolsuper AND EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('redress', 'redress_keys', 'redress_jobs')
        AND pg_has_role(r.oid, c.relowner, 'MEMBER')
    ) THEN 'owner' END,
    (SELECT string_agg(a.rolname, ', ' ORDER BY a.rolname) FROM pg_roles a
        WHERE a.rolname = ANY (%(roles)s) AND NOT r.rolsuper
        AND pg_has_role(r.oid, a.oid, 'MEMBER'))
) AS why
FROM pg_roles r WHERE r.rolcanlogin ORDER BY name
"""

_EVENT_TRIGGERS = """
SELECT t.evtname AS name, t.evtevent AS at, p.proname AS does
FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid
WHERE t.evtenabled <> 'D' ORDER BY name
"""


def mighty_logins(connection: Connection[Any]) -> tuple[str, ...]:
    """Return the logins that can change the record, each with the reason."""
    rows = connection.execute(_MIGHTY_LOGINS.encode(), {"roles": list(MIGHTY_ROLES)})
    return tuple(f"{row['name']} ({row['why']})" for row in rows if row["why"])


def event_triggers(connection: Connection[Any]) -> tuple[str, ...]:
    """Return what runs by itself when somebody changes the schema."""
    rows = connection.execute(_EVENT_TRIGGERS)
    return tuple(f"{one['name']} ({one['does']} at {one['at']})" for one in rows)
