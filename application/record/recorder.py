"""Appends events without a lock, and reads them back in the ledger's order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    OperationalError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.rows import DictRow

from application.jobs.wakeup import APPENDED, BELLS
from application.record.append_sql import FEW, KeyUse, few_events, insertion
from application.record.database import Database, NotLent
from application.record.prepared import Prepared, Values, prepared

R = TypeVar("R")

MAX_VERSION = 2**63 - 1
"""The largest bigint: an upper bound that bounds nothing."""

NOTIFY_SECONDS = 0.05
"""How long a process is quiet after it has notified: the sequencer is awake then."""


class VersionTaken(IntegrityError):
    """Somebody else appended to this history first."""


class KeyTaken(IntegrityError):
    """The idempotency key has been used already."""


class InDoubt(OperationalError):
    """The connection broke during the append: it may have been committed or not."""


class LockFreeRecorder(PostgresApplicationRecorder):
    """Appends with a single INSERT statement: no table lock, no NOTIFY.

    Commit order is therefore not id order; the sequencer gives final events their
    position, and `select_notifications` reads by position only.
    """

    datastore: Database
    _notified = 0.0

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        key_use: KeyUse | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Append events and the use of an idempotency key: all of it or nothing.

        Raises VersionTaken, KeyTaken, InDoubt, or OperationalError if the database
        could not be reached at all.
        """
        if not stored_events:
            return None
        if len(stored_events) <= FEW:
            few = few_events(stored_events, key_use)
            self._write(lambda: self.datastore.rows(*few))
        else:
            self._write(lambda: self._execute(*insertion(stored_events, key_use)))
        self._wake_sequencer()
        return None

    def _wake_sequencer(self) -> None:
        """Say that there are events, to this process or, now and then, to others."""
        now = time.monotonic()
        if BELLS.ring(APPENDED) or now - self._notified < NOTIFY_SECONDS:
            return
        self._notified = now
        # Committed is committed: without the word, the sequencer looks a little later.
        with (
            suppress(PersistenceError, psycopg.Error),
            self.datastore.get_connection() as connection,
        ):
            connection.execute(f"NOTIFY {APPENDED}")

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Read the events of a history in order."""
        # LIMIT NULL is no limit.
        bounds = (originator_id, gt or 0, MAX_VERSION if lte is None else lte, limit)
        rows = self._read(_EVENTS_BACKWARDS if desc else _EVENTS, bounds)
        return [
            StoredEvent(originator_id, version, topic, state)
            for version, topic, state in rows
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Read events by their position in the ledger: dense, final, no gaps ever."""
        rows = self._fetch(
            "SELECT l.position, e.originator_id, e.originator_version, e.topic, e.state"
            " FROM ledger l JOIN events e USING (notification_id)"
            " WHERE l.position >= %s AND l.position <= %s"
            " AND (%s::text[] = '{}' OR e.topic = ANY(%s))"
            " ORDER BY l.position LIMIT %s",
            (
                (start or 0) + (not inclusive_of_start),
                MAX_VERSION if stop is None else stop,
                list(topics),
                list(topics),
                limit,
            ),
        )
        return [
            Notification(
                id=row["position"],
                originator_id=row["originator_id"],
                originator_version=row["originator_version"],
                topic=row["topic"],
                state=row["state"],
            )
            for row in rows
        ]

    def max_notification_id(self) -> int | None:
        """Return the last position, None in an empty ledger."""
        (row,) = self._fetch("SELECT max(position) AS last FROM ledger", ())
        last: int | None = row["last"]
        return last

    def key_use(self, command_id: UUID) -> KeyUse | None:
        """Return the use of an idempotency key, None if it was not used."""
        for case, digest, left_at in self._read(_KEY_USE, (command_id,)):
            return KeyUse(command_id, case, digest, left_at)
        return None

    def note_key(self, use: KeyUse) -> None:
        """Record the use of a key by a command that appends nothing.

        Raises KeyTaken, InDoubt, or OperationalError, as `insert_events` does.
        """
        self._write(
            lambda: self.datastore.rows(
                _NOTE_KEY, (use.command_id, use.case, use.digest, use.left_at)
            )
        )

    def _execute(self, statement: str, parameters: Sequence[Any]) -> None:
        with self.datastore.get_connection() as connection:
            connection.execute(statement, parameters, prepare=True)

    def _write(self, work: Callable[[], object]) -> None:
        try:
            work()
        except IntegrityError as error:
            raise _conflict(error) from error
        except OperationalError as error:
            # Never sent again from here: the statement may have been committed before
            # the connection broke (3 of 21 had been), and then only the case can tell.
            if _connection_broke(error) and not isinstance(error, NotLent):
                raise InDoubt(str(error)) from error
            raise

    def _read(self, statement: Prepared, values: Values) -> list[tuple[Any, ...]]:
        return self._again(lambda: self.datastore.rows(statement, values))

    def _fetch(self, query: str, parameters: Sequence[Any]) -> list[DictRow]:
        return self._again(lambda: self._fetch_once(query, parameters))

    def _fetch_once(self, query: str, parameters: Sequence[Any]) -> list[DictRow]:
        with self.datastore.get_connection() as connection:
            return connection.execute(query, parameters, prepare=True).fetchall()

    def _again(self, read: Callable[[], R]) -> R:
        """Read, and try once more if a restart of the server broke the connection."""
        try:
            return read()
        except OperationalError as error:
            if not _connection_broke(error):
                raise
            # A restart broke every connection of the pool: a second attempt alone would
            # be given the next broken one.
            self.datastore.discard_broken()
            return read()


_FOUND = (
    "SELECT originator_version, topic, state FROM events"
    " WHERE originator_id = $1 AND originator_version > $2"
    " AND originator_version <= $3 ORDER BY originator_version"
)
_EVENTS = prepared(f"{_FOUND} LIMIT $4")
_EVENTS_BACKWARDS = prepared(f"{_FOUND} DESC LIMIT $4")
_KEY_USE = prepared(
    "SELECT originator_id, digest, left_at FROM requests WHERE command_id = $1"
)
_NOTE_KEY = prepared(
    "INSERT INTO requests (command_id, originator_id, digest, left_at)"
    " VALUES ($1, $2, $3, $4)"
)


def _conflict(error: IntegrityError) -> IntegrityError:
    """Return the error that says which uniqueness an INSERT has violated."""
    cause = error.__cause__
    constraint = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else ""
    match constraint:
        case "events_pkey":
            return VersionTaken(str(error))
        case "requests_pkey":
            return KeyTaken(str(error))
        case _:
            return error


def _connection_broke(error: OperationalError) -> bool:
    """Tell a lost connection from a statement that the server refused and undid."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return True
    # Without a state the server said nothing. Class 08 is a broken connection, class 57
    # a server that shuts down; but it also has 57014, a cancelled statement, and that
    # the server has rolled back.
    lost = cause.sqlstate is None or cause.sqlstate[:2] in {"08", "57"}
    return lost and not isinstance(cause, psycopg.errors.QueryCanceled)
