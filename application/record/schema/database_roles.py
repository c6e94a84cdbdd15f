"""The roles that the application works as: both can add to the record and read it.

`redress_app` reads all of it; `redress_api`, as which requests are answered, only the
rows that row security shows their callers.
"""

from __future__ import annotations

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.jobs.locks import MIGRATING
from application.operator_error import OperatorError
from application.record.patience import take_turn
from application.record.row_scope import API_ROLE, APP_ROLE
from application.record.session import open_session


class Onlooker(Struct, frozen=True, kw_only=True):
    """As whom a session looks at the tables: its role, and who logged in.

    `superuser`, `bypasses_row_security` and `owner` (of the events) are the role's:
    whoever is none of them sees no more than row security lets it see, and a session of
    this program gets an error instead of fewer rows.
    """

    role: str
    login: str
    superuser: bool
    bypasses_row_security: bool
    owner: bool

    def __str__(self) -> str:
        """Return it in words."""
        rights = (
            ("a superuser", self.superuser),
            ("who passes by row security", self.bypasses_row_security),
            ("the tables' owner", self.owner),
        )
        said = " and ".join(words for words, holds in rights if holds)
        beside = "" if self.login == self.role else f" (logged in as {self.login})"
        return f"{self.role}{beside}{', ' + said if said else ''}"


def onlooker(connection: Connection[TupleRow]) -> Onlooker:
    """Return as whom a session looks."""
    row = connection.execute(
        "SELECT r.rolname, session_user, r.rolsuper, r.rolbypassrls,"
        " c.relowner = r.oid FROM pg_roles r, pg_class c"
        " WHERE r.rolname = current_user AND c.oid = 'redress.events'::regclass"
    ).fetchone()
    if row is None:
        raise LookupError("the session's role is not known")
    return Onlooker(
        role=row[0],
        login=row[1],
        superuser=row[2],
        bypasses_row_security=row[3],
        owner=row[4],
    )


class RoleMissing(OperatorError):
    """The database user may not create the roles that the application works as."""


def ensure_app_role(connection: Connection[TupleRow]) -> None:
    """Create the roles, and make the connected user a member, who can work as them.

    Raises RoleMissing with the statements that an administrator has to run.
    """
    user = connection.info.user
    # What requests are answered as is no more than a part of what the application is.
    wanted = {
        APP_ROLE: (_is_member(connection, "current_user", APP_ROLE), user),
        API_ROLE: (_is_member(connection, APP_ROLE, API_ROLE), APP_ROLE),
    }
    missing = [(role, to) for role, (is_there, to) in wanted.items() if not is_there]
    try:
        for role, to in missing:
            _create(connection, role)
            grant = SQL("GRANT {} TO {}")
            connection.execute(grant.format(Identifier(role), Identifier(to)))
    except psycopg.errors.InsufficientPrivilege:
        statements = " ".join(
            f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO {to};" for role, to in missing
        )
        raise RoleMissing(
            f"{user} may not create roles; have an administrator run: {statements}"
        ) from None


def _is_member(connection: Connection[TupleRow], who: str, role: str) -> bool:
    row = connection.execute(
        "SELECT pg_has_role(m.oid, r.oid, 'MEMBER') FROM pg_roles m, pg_roles r"
        " WHERE r.rolname = %(role)s AND m.rolname = CASE %(who)s"
        " WHEN 'current_user' THEN current_user::text ELSE %(who)s END",
        {"role": role, "who": who},
    ).fetchone()
    return row == (True,)


def let_app_log_in(url: str) -> None:
    """Let the application's role log in; for a server of our own, without passwords.

    Elsewhere an administrator makes a login that is a member of the role.
    """
    with open_session(url) as connection:
        # Several processes may start at once, and a role cannot be changed by two.
        take_turn(connection, MIGRATING)
        ensure_app_role(connection)
        query = "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s"
        if connection.execute(query, (APP_ROLE,)).fetchone() != (True,):
            connection.execute(f"ALTER ROLE {APP_ROLE} LOGIN")


def _create(connection: Connection[TupleRow], role: str) -> None:
    """Create a role, unless it is there or somebody else just has."""
    # All databases of a server share one set of roles, and the lock on migrations is a
    # database's own. Two that create it at the same time meet in the catalogue's index.
    query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    if connection.execute(query, (role,)).fetchone():
        return
    try:
        connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return
