"""Lists what a schema holds, one line of text each, to be compared and shown.

A line is "kind name: definition", as PostgreSQL writes definitions, without owners. One
listing serves every supported version, so NOT NULL is part of its column (PostgreSQL 18
also catalogues it as a constraint). In the queries, `%%` stands for the `%` of
PostgreSQL's `format`: psycopg takes a single one for a parameter of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from psycopg import Connection
from psycopg.rows import TupleRow

_OF = """
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
"""

# Owners have many names, but who may only append must not be one, and a table that was
# given to somebody else is no longer only its schema's owner's to change.
_TABLES = f"""
SELECT format('table %%s: %%s', c.relname, concat_ws(', ',
    CASE c.relkind WHEN 'r' THEN 'plain' ELSE 'of kind ' || c.relkind::text END,
    CASE c.relpersistence WHEN 'p' THEN NULL ELSE 'not logged' END,
    CASE WHEN c.relrowsecurity THEN 'row security' END,
    CASE WHEN c.relforcerowsecurity THEN 'row security for the owner too' END,
    CASE WHEN c.relowner::regrole::text IN ('redress_app', 'redress_api')
            THEN 'owned by ' || c.relowner::regrole::text
        WHEN c.relowner <> n.nspowner THEN 'owned by another than its schema' END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_inherits i
        WHERE c.oid IN (i.inhrelid, i.inhparent)) THEN 'inherited' END))
FROM pg_class c {_OF}
"""

_COLUMNS = f"""
SELECT format('column %%s.%%s: %%s', c.relname, a.attname, concat_ws(' ',
    format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN 'not null' END,
    CASE WHEN a.attcollation NOT IN (0, t.typcollation)
        THEN 'collate ' || a.attcollation::regcollation::text END,
    CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity' END,
    CASE WHEN a.attgenerated <> '' THEN 'generated' END,
    'default ' || pg_get_expr(d.adbin, d.adrelid, true)))
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
{_OF} AND a.attnum > 0 AND NOT a.attisdropped
"""

# NOT VALID is part of the definition: rows of before it were never checked. But for the
# one that a migration makes so; a dump that is restored makes it valid.
_CONSTRAINTS = f"""
SELECT format('constraint %%s on %%s: %%s', o.conname, c.relname,
    CASE o.conname WHEN 'events_notification_id_check'
        THEN regexp_replace(pg_get_constraintdef(o.oid, true), ' NOT VALID$', '')
        ELSE pg_get_constraintdef(o.oid, true) END)
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
{_OF} AND o.contype IN ('c', 'f', 'p', 'u', 'x')
"""

_INDEXES = f"""
SELECT format('index %%s on %%s: %%s%%s', i.relname, c.relname,
    pg_get_indexdef(x.indexrelid, 0, true),
    CASE WHEN x.indisvalid AND x.indisready THEN '' ELSE ' (not valid)' END)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid {_OF}
"""

# A trigger without ALWAYS does not fire for a session that plays a replica
# (session_replication_role), which would be a way around the append-only triggers.
_TRIGGERS = f"""
SELECT format('trigger %%s on %%s: %%s %%s', t.tgname, c.relname,
    CASE t.tgenabled WHEN 'A' THEN 'always' WHEN 'D' THEN 'disabled'
        WHEN 'R' THEN 'on replicas only' ELSE 'not always on' END,
    pg_get_triggerdef(t.oid, true))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid {_OF} AND NOT t.tgisinternal
"""

# The triggers that keep foreign keys have names that change with every database.
_UNENFORCED = f"""
SELECT DISTINCT format('foreign key %%s on %%s: disabled', o.conname, c.relname)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_constraint o ON o.oid = t.tgconstraint
{_OF} AND t.tgisinternal AND t.tgenabled IN ('D', 'R')
"""

# As JSON, a body of many lines is one.
_FUNCTIONS = """
SELECT format('function %%s(%%s): returns %%s, %%s, %%s', p.proname,
    pg_get_function_identity_arguments(p.oid), p.prorettype::regtype, concat_ws(', ',
        'language ' || l.lanname, p.provolatile::text,
        CASE WHEN p.prosecdef THEN 'security definer' END,
        CASE WHEN p.proleakproof THEN 'leakproof' END,
        'set ' || array_to_string(p.proconfig, ', ')),
    to_json(p.prosrc))
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %(schema)s AND (p.proname LIKE 'sum\\_%%'
    AND p.prorettype = 'trigger'::regtype) = %(of_views)s
    AND (NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid)
        OR EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE t.tgfoid = p.oid AND c.relnamespace = n.oid))
"""
# Those that keep the sums of views are the views', and come and go with them. Those of
# a view that is being rebuilt are used in another schema.

_POLICIES = f"""
SELECT format('policy %%s on %%s: %%s', p.polname, c.relname, concat_ws(' ',
    p.polcmd::text, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
    'to ' || (SELECT string_agg(CASE one WHEN 0 THEN 'everybody'
        ELSE one::regrole::text END, ', ' ORDER BY one::regrole::text)
        FROM unnest(p.polroles) AS one),
    'using ' || regexp_replace(pg_get_expr(p.polqual, p.polrelid, true),
        '\\s+', ' ', 'g'),
    'with check ' || regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid, true),
        '\\s+', ' ', 'g')))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid {_OF}
"""

_RULES = f"""
SELECT format('rule %%s on %%s: %%s', r.rulename, c.relname,
    regexp_replace(pg_get_ruledef(r.oid, true), '\\s+', ' ', 'g'))
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class {_OF}
"""

_SEQUENCES = f"""
SELECT format('sequence %%s: from %%s by %%s between %%s and %%s%%s', s.relname,
    q.seqstart, q.seqincrement, q.seqmin, q.seqmax,
    CASE WHEN q.seqcycle THEN ', again and again' ELSE '' END)
FROM pg_sequence q
JOIN pg_class s ON s.oid = q.seqrelid
JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class c ON c.oid = d.refobjid {_OF}
"""

# Of others than our own role only what lets them write: who may read is the operator's
# decision. Owners and superusers can do all of it anyway.
_GRANTS = """
WITH granted AS (
    SELECT c.relname::text AS on_what, c.relowner AS owner, g.*
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
    LATERAL aclexplode(c.relacl) g
    WHERE n.nspname = %(schema)s AND (c.relname = ANY(%(tables)s)
        OR c.oid IN (SELECT d.objid FROM pg_depend d JOIN pg_class t
            ON t.oid = d.refobjid WHERE d.classid = 'pg_class'::regclass
            AND d.refclassid = 'pg_class'::regclass AND c.relkind = 'S'
            AND t.relnamespace = n.oid AND t.relname = ANY(%(tables)s)))
    UNION ALL
    SELECT c.relname || '.' || a.attname, c.relowner, g.*
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL aclexplode(a.attacl) g
    WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
    UNION ALL
    SELECT 'schema ' || n.nspname, n.nspowner, g.*
    FROM pg_namespace n, LATERAL aclexplode(n.nspacl) g WHERE n.nspname = %(schema)s
)
SELECT DISTINCT format('grant %%s on %%s to %%s:', g.privilege_type, g.on_what,
    coalesce(r.rolname, 'everybody'))
FROM granted g LEFT JOIN pg_roles r ON r.oid = g.grantee
WHERE g.grantee <> g.owner AND NOT coalesce(r.rolsuper, false)
    AND (g.grantee = 0 OR r.rolname IN ('redress_app', 'redress_api')
        OR g.privilege_type NOT IN ('SELECT', 'USAGE'))
"""

# What the roles can do beyond the grants on our tables.
_ROLE = """
SELECT format('role %%s: %%s', r.rolname, may) FROM pg_roles r, LATERAL unnest(ARRAY[
    CASE WHEN r.rolsuper THEN 'superuser' END,
    CASE WHEN r.rolbypassrls THEN 'passes by row security' END,
    CASE WHEN r.rolreplication THEN 'replication' END]) AS may
WHERE r.rolname IN ('redress_app', 'redress_api') AND may IS NOT NULL
UNION ALL
SELECT format('role %%s: member of %%s', r.rolname, m.roleid::regrole)
FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
WHERE r.rolname IN ('redress_app', 'redress_api')
"""

_QUERIES = (
    _TABLES,
    _COLUMNS,
    _CONSTRAINTS,
    _INDEXES,
    _TRIGGERS,
    _UNENFORCED,
    _POLICIES,
    _RULES,
    _SEQUENCES,
    _GRANTS,
)


def listing(
    connection: Connection[TupleRow],
    schema: str,
    known: tuple[str, ...],
    *,
    tables_only: bool = False,
) -> tuple[str, ...]:
    """List tables and all that changes what they do, one line each.

    With the functions of the schema and the rights of the role, unless `tables_only`:
    then with those that keep the sums of views.
    """
    names = {"schema": schema, "tables": list(known), "of_views": tables_only}
    queries = (*_QUERIES, _FUNCTIONS) if tables_only else (*_QUERIES, _FUNCTIONS, _ROLE)
    with connection.transaction():
        # Definitions name the schema unless it is in the path: here it never is.
        path = connection.execute("SELECT current_setting('search_path')").fetchone()
        connection.execute("SET LOCAL search_path TO pg_catalog")
        lines = tuple(sorted(_lines(connection, queries, names)))
        # Within a longer transaction, the setting would outlast this one.
        connection.execute("SELECT set_config('search_path', %s, true)", path)
    return lines


def tables(connection: Connection[TupleRow], schema: str) -> tuple[str, ...]:
    """Return the names of a schema's tables, views and whatever else can be read."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " ORDER BY c.relname",
        (schema,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def _lines(
    connection: Connection[TupleRow],
    queries: tuple[str, ...],
    names: Mapping[str, object],
) -> Iterator[str]:
    for query in queries:
        for (line,) in connection.execute(query.encode(), names).fetchall():
            yield line
