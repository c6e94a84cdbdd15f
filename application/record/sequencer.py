"""Gives every committed event its dense position: 1, 2, 3 … with no gap, ever.

Commits do not happen in the order of ids, so a reader that polls by id steps over what
commits behind it. An id is final once every transaction that could still commit a
smaller one is over. The sequencer reads the sequence's last value L, then who holds
the lock that an INSERT takes on the table; when those are gone, all ids up to L are
decided.
"""

from __future__ import annotations

from msgspec import Struct
from psycopg.rows import TupleRow

from application.jobs.leader import LeaderJob
from application.jobs.locks import SEQUENCING

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


class Waiting(Struct, frozen=True):
    """An id limit that is not final yet, and the transactions it waits for."""

    limit: int
    holders: frozenset[str]


class Sequencer(LeaderJob):
    """Extends the ledger. Only the one that holds the leader's lock does anything."""

    name = "sequencer"
    lock = SEQUENCING
    tells = True

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._waiting: Waiting | None = None
        self._position = 0
        self._last = 0

    def take_up(self) -> None:
        """Go on where the ledger ends."""
        self._waiting = None
        (self._position, self._last), *_ = self._execute(
            "SELECT coalesce(max(position), 0), coalesce(max(notification_id), 0)"
            " FROM ledger"
        )

    def work(self) -> int:
        """Do one round; return how many events got their position.

        While transactions are open that might still commit, that is none.
        """
        if self._waiting is None:
            self._waiting = self._begin()
        if self._waiting is None or not self._is_final(self._waiting):
            return 0
        return self._extend(self._waiting.limit)

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
        cursor = self.connection.execute(query.encode(), parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
