"""Appends events without a lock, and reads them back in the ledger's order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder
from msgspec import Struct
from psycopg.rows import DictRow

from application.database import Database

MAX_VERSION = 2**63 - 1
FEW = 16
"""Up to so many events go as plain values, in statements that stay prepared."""


class KeyUse(Struct, frozen=True):
    """Which command a client's idempotency key stands for.

    `digest` is a keyed hash of the request, 32 bytes.
    """

    command_id: UUID
    case: UUID
    digest: bytes


class VersionTaken(IntegrityError):
    """Somebody else appended to this case first."""


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

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        key_use: KeyUse | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Append events, and with them the use of an idempotency key, or nothing.

        Raises VersionTaken, KeyTaken, InDoubt, or OperationalError if the database
        could not be reached at all.
        """
        if not stored_events:
            return None
        statement, parameters = insertion(stored_events, key_use)
        connected = False
        try:
            with self.datastore.get_connection() as connection:
                connected = True
                connection.execute(statement, parameters, prepare=True)
        except IntegrityError as error:
            raise _conflict(error) from error
        except OperationalError as error:
            if connected and _connection_broke(error):
                raise InDoubt(str(error)) from error
            raise
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Read a case's events; once more if a restarted server broke connections."""
        query = _EVENTS + (" DESC LIMIT %s" if desc else " ASC LIMIT %s")
        bounds = (originator_id, gt or 0, MAX_VERSION if lte is None else lte, limit)
        try:
            rows = self._fetch(query, bounds)
        except OperationalError as error:
            if not _connection_broke(error):
                raise
            self.datastore.discard_broken()
            rows = self._fetch(query, bounds)
        return [
            StoredEvent(
                originator_id=originator_id,
                originator_version=row["originator_version"],
                topic=row["topic"],
                state=row["state"],
            )
            for row in rows
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
        """Return what an idempotency key was used for, if it was."""
        rows = self._fetch(
            "SELECT originator_id, digest FROM requests WHERE command_id = %s",
            (command_id,),
        )
        if not rows:
            return None
        return KeyUse(command_id, rows[0]["originator_id"], rows[0]["digest"])

    def _fetch(self, query: str, parameters: Sequence[Any]) -> list[DictRow]:
        with self.datastore.get_connection() as connection:
            return connection.execute(query, parameters, prepare=True).fetchall()


def insertion(
    events: Sequence[StoredEvent], key_use: KeyUse | None
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that appends events and the use of a key, and its values."""
    rows = [
        (one.originator_id, one.originator_version, one.topic, one.state)
        for one in events
    ]
    if len(rows) > FEW:
        parameters: tuple[Any, ...] = tuple(map(list, zip(*rows, strict=True)))
        statement = _statement(None, with_key=key_use is not None)
    else:
        parameters = tuple(chain.from_iterable(rows))
        statement = _statement(len(rows), with_key=key_use is not None)
    if key_use is not None:
        use = (key_use.command_id, key_use.case, key_use.digest)
        return statement, (*use, *parameters)
    return statement, parameters


@cache
def _statement(count: int | None, *, with_key: bool) -> str:
    """Compose the INSERT for so many rows, or for arrays of any length."""
    rows = _ARRAYS if count is None else "VALUES " + ", ".join([_ROW] * count)
    insert = (
        "INSERT INTO events (originator_id, originator_version, topic, state) " + rows
    )
    return _KEY_USE + insert if with_key else insert


_EVENTS = (
    "SELECT originator_version, topic, state FROM events"
    " WHERE originator_id = %s AND originator_version > %s"
    " AND originator_version <= %s ORDER BY originator_version"
)
# %b sends bytes as they are; as text they would be written in hex, twice as long.
_ROW = "(%b, %s, %s, %b)"
_ARRAYS = (
    "SELECT case_id, version, topic, state"
    " FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
    " WITH ORDINALITY AS new (case_id, version, topic, state, place) ORDER BY place"
)
_KEY_USE = (
    "WITH used AS (INSERT INTO requests (command_id, originator_id, digest)"
    " VALUES (%b, %b, %b)) "
)


def _conflict(error: IntegrityError) -> IntegrityError:
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
    lost = cause.sqlstate is None or cause.sqlstate[:2] in {"08", "57"}
    return lost and not isinstance(cause, psycopg.errors.QueryCanceled)
