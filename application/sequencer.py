"""Gives every committed event its dense position: 1, 2, 3 … with no gap, ever.

Commits do not happen in the order of ids, so a reader that polls by id steps over what
commits behind it. An id is final once every transaction that could still commit a
smaller one is over. The sequencer reads the sequence's last value L, then who holds
the lock that an INSERT takes on the table; when those are gone, all ids up to L are
decided.
"""

from __future__ import annotations

import logging
from threading import Event

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.schema.migrations import STORE

LEADER = 7_243_002
"""Advisory lock that one sequencer at a time holds."""

BUSY_SECONDS = 0.010
IDLE_SECONDS = 0.050
BATCH = 10_000

CHANNEL = "redress_ledger"
"""Notified after new positions are committed, never in an appending transaction."""

_HOLDERS = """
SELECT virtualtransaction, pid IS NULL AS prepared FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = 'redress.events'::regclass
"""

_EXTEND = """
INSERT INTO redress.ledger
    (position, originator_id, originator_version, notification_id, leaf)
SELECT %(position)s + row_number() OVER (ORDER BY notification_id),
       originator_id, originator_version, notification_id,
       sha256('\\x00'::bytea || state)
FROM (
    SELECT * FROM redress.events
    WHERE notification_id > %(last)s AND notification_id <= %(limit)s
    ORDER BY notification_id LIMIT %(batch)s
) AS final
RETURNING position, notification_id
"""

_log = logging.getLogger(__name__)


class Waiting(Struct, frozen=True):
    """An id limit that is not final yet, and the transactions it waits for."""

    limit: int
    holders: frozenset[str]


class Sequencer:
    """Extends the ledger. Only the one that holds the leader's lock does anything."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection[TupleRow] | None = None
        self._waiting: Waiting | None = None
        self._position = 0
        self._last = 0

    def run(self, stop: Event) -> None:
        """Extend the ledger until stopped; a lost database is tried again."""
        pause = BUSY_SECONDS
        while not stop.is_set():
            try:
                added = self.tick()
            except psycopg.Error as error:
                _log.warning("sequencer: %s", str(error).strip())
                self.close()
                added, pause = 0, 1.0
            else:
                busy = added or self._waiting
                pause = BUSY_SECONDS if busy else min(pause * 1.5, IDLE_SECONDS)
            if added < BATCH:
                stop.wait(pause)
        self.close()

    def tick(self) -> int:
        """Do one round; return how many events got their position.

        A leader that waits for open transactions returns 0 and goes on in the next
        round. So does one that is not the leader.
        """
        if self._connection is None and not self._lead():
            return 0
        if self._waiting is None:
            self._waiting = self._begin()
        if self._waiting is None or not self._is_final(self._waiting):
            return 0
        return self._extend(self._waiting.limit)

    def close(self) -> None:
        """Give up leadership."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._waiting = None

    def _lead(self) -> bool:
        """Try to become the leader; if so, take up the ledger where it ends."""
        connection = psycopg.connect(self._url, autocommit=True)
        connection.execute("SET ROLE redress_app")
        connection.execute(f"SET search_path TO {STORE.name}")
        held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER,))
        if held.fetchone() != (True,):
            connection.close()
            return False
        self._connection = connection
        (self._position, self._last), *_ = self._execute(
            "SELECT coalesce(max(position), 0), coalesce(max(notification_id), 0)"
            " FROM ledger"
        )
        return True

    def _begin(self) -> Waiting | None:
        """Note how far ids have been given out, then who might still use them."""
        row = self._execute(
            "SELECT last_value, is_called FROM events_notification_id_seq"
        )[0]
        limit = row[0] if row[1] else 0
        if limit <= self._last:
            return None
        holders = frozenset(holder for holder, _ in self._execute(_HOLDERS))
        return Waiting(limit, holders)

    def _is_final(self, waiting: Waiting) -> bool:
        """Tell whether all transactions that were open then are over.

        PREPARE TRANSACTION gives a holder another identity, so that every prepared
        transaction seen now may be one of those that were seen then.
        """
        return not waiting.holders or not any(
            prepared or holder in waiting.holders
            for holder, prepared in self._execute(_HOLDERS)
        )

    def _extend(self, limit: int) -> int:
        bounds = {
            "position": self._position,
            "last": self._last,
            "limit": limit,
            "batch": BATCH,
        }
        rows = self._execute(_EXTEND, bounds)
        if rows:
            self._position = max(position for position, _ in rows)
            self._last = max(last for _, last in rows)
            self._execute(f"NOTIFY {CHANNEL}")
        if len(rows) < BATCH:
            # The ids of rolled-back transactions are passed over for good.
            self._last, self._waiting = limit, None
        else:
            self._waiting = Waiting(limit, frozenset())
        return len(rows)

    def _execute(
        self, query: str, parameters: dict[str, int] | None = None
    ) -> list[TupleRow]:
        if self._connection is None:
            raise psycopg.OperationalError("not the leader")
        cursor = self._connection.execute(query.encode(), parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
