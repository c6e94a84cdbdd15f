"""Connections to PostgreSQL: one pool a process, working as the application's role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, OperationalError
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, TupleRow, dict_row

from application.record.patience import PatientConnection, keep_patience
from application.record.prepared import Prepared, Values, prepared
from application.record.recent_failures import RecentFailures
from application.record.row_scope import API_ROLE, APP_ROLE, APPLICATION, SCOPE, Scope
from application.record.schema.migrations import STORE
from application.record.schema.whole_sight import refuse_hidden_rows
from application.record.session import open_session, settle

POOL_SIZE = 24
"""As many as the threads that answer requests, and what runs beside them.

A serving process has two pools: of requests, and of the application itself, which
requests use for what they read beyond their callers' rows.
"""

WAIT_SECONDS = 5.0
"""How long a caller waits for a connection before the database counts as down."""


class NotLent(OperationalError):
    """The pool had no connection to lend: nothing was sent to the server."""


def connected(url: str, job: str = "") -> Connection[TupleRow]:
    """Open a connection outside any pool, in the role that can only append.

    `job` names what it is for, in the list of sessions. Raises InsufficientPrivilege if
    row security hides rows from that role, which sees every row.
    """
    connection = open_session(url, search_path=STORE.name, job=job)
    try:
        connection.execute("SET ROLE redress_app")
        refuse_hidden_rows(connection)
        keep_patience(connection)
    except BaseException:
        connection.close()
        raise
    return connection


_ENTER = prepared(
    "SELECT set_config('redress.sees', $1, false),"
    " set_config('redress.role', $2, false), set_config('redress.platform', $3, false),"
    " set_config('redress.subject', $4, false), set_config('redress.caller', $5, false)"
)


class Database(PostgresDatastore):
    """A pool on a connection URL; every session is a role that can only append.

    A connection is lent in the scope of the work that goes on, and in `otherwise`
    where no work has said its scope.
    """

    def __init__(
        self,
        url: str,
        *,
        size: int = POOL_SIZE,
        schema: str = STORE.name,
        otherwise: Scope = APPLICATION,
    ) -> None:
        # The parent class takes the URL in parts; its own pool is never opened.
        super().__init__("", "", "", "", "", schema=schema)
        self.url = url
        self.failures = RecentFailures()
        self.otherwise = otherwise
        self.pool = self._pool(APP_ROLE, size)
        # Apart, so that no session ever changes its role: only its caller.
        self.request_pool = self._pool(API_ROLE, size)

    def _pool(self, role: str, size: int) -> ConnectionPool[Connection[DictRow]]:
        return ConnectionPool(
            self.url,
            connection_class=PatientConnection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            configure=lambda connection: self._configure(connection, role),
            min_size=1,
            max_size=size,
            timeout=WAIT_SECONDS,
            reconnect_timeout=2.0,
            open=False,
            num_workers=1,
        )

    def _configure(self, connection: Connection[DictRow], role: str) -> None:
        connection.execute(f"SET ROLE {role}".encode())
        settle(connection, self.schema)
        # A client that hangs between INSERT and COMMIT holds the lock that the
        # sequencer waits for, so that no event of anyone gets a position. The server
        # ends it.
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        # The default is meant for turning disks. With it, a page of a list is made by
        # sorting thousands of rows instead of reading fifty in the order of an index.
        connection.execute("SET random_page_cost = 1.1")

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Lend a connection; psycopg's errors become those of the library."""
        scope = self._scope()
        with self._lent(scope) as connection:
            _enter(connection, scope)
            yield connection

    @contextmanager
    def _lent(self, scope: Scope) -> Iterator[PatientConnection[DictRow]]:
        """Lend a connection that is still in the scope of its last borrower."""
        pool = self.pool if scope.works_as == APP_ROLE else self.request_pool
        pool.open()
        connection = None
        try:
            # The pool's own context would ask the server to commit, which autocommit
            # has done; `putconn` rolls back what was left open.
            connection = pool.getconn()
            if not isinstance(connection, PatientConnection):
                raise TypeError("the pool lends connections that know their scope")
            keep_patience(connection)
            yield connection
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.failures.note(error)
            kind = NotLent if connection is None else OperationalError
            raise kind(str(error)) from error
        except psycopg.errors.ReadOnlySqlTransaction as error:
            self.failures.note(error)
            self.replace_connections()
            raise OperationalError(str(error)) from error
        finally:
            if connection is not None:
                pool.putconn(connection)

    def rows(self, statement: Prepared, values: Values) -> list[tuple[Any, ...]]:
        """Run one statement of plain values; return its rows, [] if it returns none.

        The scope goes to the server with the statement.
        """
        scope = self._scope()
        with self._lent(scope) as connection:
            if _is_within(connection, scope):
                return connection.run(statement, values)
            connection.scope = None
            found = connection.run(statement, values, (_ENTER, _settings(scope)))
            connection.scope = scope
            return found

    def _scope(self) -> Scope:
        # Keys are no platform's: what they open is what row security has shown.
        if self.schema != STORE.name:
            return APPLICATION
        return SCOPE.get() or self.otherwise

    def replace_connections(self) -> None:
        """Close every connection, also those in use once they come back.

        After a failover they lead to a server that takes no writes any more; new ones
        lead to wherever the URL does now.
        """
        for pool in (self.pool, self.request_pool):
            pool.drain()

    def discard_broken(self) -> None:
        """Close the connections of the pool that a restart of the server broke."""
        for pool in (self.pool, self.request_pool):
            if not pool.closed:
                pool.check()

    def close(self) -> None:
        """Close all connections."""
        super().close()
        self.request_pool.close()

    def register_type_adapters(self) -> None:
        """Do nothing: our statements need no composite types."""


def _enter(connection: PatientConnection[DictRow], scope: Scope) -> None:
    """Tell a session of requests whose rows it is to see.

    Each time, and not when it is given back: whatever became of the last borrower, the
    next one never sees by the last one's scope.
    """
    if _is_within(connection, scope):
        return
    connection.scope = None
    connection.run(_ENTER, _settings(scope))
    connection.scope = scope


def _is_within(connection: PatientConnection[DictRow], scope: Scope) -> bool:
    """Tell whether a session sees already what it is to see."""
    return scope.works_as == APP_ROLE or connection.scope == scope


def _settings(scope: Scope) -> tuple[str, ...]:
    return scope.sees, scope.role, scope.platform, scope.subject, scope.caller
