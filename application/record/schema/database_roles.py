"""The role that the application works as: it can add to the record and read it."""

from __future__ import annotations

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.locks import MIGRATING
from application.operator_error import OperatorError
from application.record.patience import take_turn
from application.record.session import open_session

APP_ROLE = "redress_app"


class RoleMissing(OperatorError):
    """The database user may not create the role that the application works as."""


def ensure_app_role(connection: Connection[TupleRow]) -> None:
    """Create the role, and make the connected user a member, who can work as it.

    Raises RoleMissing with the statements that an administrator has to run.
    """
    query = "SELECT pg_has_role(rolname, 'USAGE') FROM pg_roles WHERE rolname = %s"
    row = connection.execute(query, (APP_ROLE,)).fetchone()
    if row is not None and row[0]:
        return
    user = connection.info.user
    try:
        if row is None:
            _create(connection)
        connection.execute("GRANT redress_app TO CURRENT_USER")
    except psycopg.errors.InsufficientPrivilege:
        raise RoleMissing(
            f"{user} may not create roles; have an administrator run: "
            f"CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO {user};"
        ) from None


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


def _create(connection: Connection[TupleRow]) -> None:
    """Create the role, unless somebody else just has."""
    # All databases of a server share one set of roles, and the lock on migrations is a
    # database's own. Two that create it at the same time meet in the catalogue's index.
    try:
        connection.execute("CREATE ROLE redress_app NOLOGIN")
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return
