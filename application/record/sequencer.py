"""Gives every committed event its dense position: 1, 2, 3 … with no gap, ever.

Commits do not happen in the order of ids, so a reader that polls by id steps over what
commits behind it. An id is final once every transaction that could still commit an
event under it, or under a smaller one, is over. The sequencer reads the sequence's last
value L, then the transactions that hold the lock which an INSERT takes on the table.
Once those are over, all ids up to L are final: each is committed, or never will be.
"""

from __future__ import annotations

import time

from msgspec import Struct
from psycopg.rows import TupleRow

from application.jobs.leader import LeaderJob
from application.jobs.locks import SEQUENCING
from application.jobs.wakeup import APPENDED, LEDGER

BATCH = 10_000

BUSY_SECONDS = 0.010
"""How long a new event waits for its position at most, while others are appended."""

AWAKE_SECONDS = 0.25
"""How long the sequencer looks that often after the last event, in seconds."""

# An INSERT takes this lock before it asks the sequence for an id, and keeps it until
# its transaction is over. A backend keeps its pid from one transaction to the next, so
# only the virtual transaction tells when the one that held the lock is over.
_HOLDERS = """
SELECT virtualtransaction, pid IS NULL AS prepared FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = 'redress.events'::regclass
"""

# The database hashes the events: their bytes need not travel. Should two sequencers
# ever work at once, both give the same next position, and the primary key refuses one.
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
    """The last id given out at some moment, and the transactions open since then."""

    limit: int
    holders: frozenset[str]


class Sequencer(LeaderJob):
    """Extends the ledger; of several sequencers, only the leader works."""

    name = "sequencer"
    lock = SEQUENCING
    channels = (APPENDED,)
    idle_seconds = 1.0
    reports_failures = True

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._waiting: Waiting | None = None
        self._awake_until = 0.0
        self._position = 0
        self._last = 0

    def take_up(self) -> None:
        """Continue at the end of the ledger."""
        self._waiting = None
        (self._position, self._last), *_ = self._execute(
            "SELECT coalesce(max(position), 0), coalesce(max(notification_id), 0)"
            " FROM ledger"
        )

    def work(self) -> int:
        """Do one round; return how many events got their position.

        No event gets one while a transaction is open that could commit before it.
        """
        if self._waiting is None:
            self._waiting = self._begin()
        if self._waiting is None:
            return 0
        self._awake_until = time.monotonic() + AWAKE_SECONDS
        if not self._is_final(self._waiting):
            return 0
        return self._extend(self._waiting.limit)

    def rest(self, done: int) -> float:
        """Look again soon while events are appended: not each of them is notified."""
        # Also after a full round: events that come together travel on together.
        if done < BATCH and time.monotonic() < self._awake_until:
            return BUSY_SECONDS
        return 0.0

    def _begin(self) -> Waiting | None:
        """Read how far ids have been given out, then who might still use them."""
        # Last value first, locks second: a transaction that has an id up to the last
        # value held the lock by then. Read the other way round, a transaction could
        # begin in between, get an id below the limit, and not be waited for. (The
        # sequence has CACHE 1: from a cached block, a session could give out ids below
        # the limit later on.)
        row = self._execute(
            "SELECT last_value, is_called FROM events_notification_id_seq"
        )[0]
        # A sequence that has given out nothing says 1 all the same.
        limit = row[0] if row[1] else 0
        if limit <= self._last:
            return None
        holders = frozenset(holder for holder, _ in self._execute(_HOLDERS))
        return Waiting(limit, holders)

    def _is_final(self, waiting: Waiting) -> bool:
        """Tell whether all transactions that were open then are over.

        PREPARE TRANSACTION gives a holder another virtual transaction and no pid, so
        every prepared one that is seen now may be one that was open then. Without this,
        19 of 995,792 events were missed.
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
            # RETURNING promises no order.
            self._position = max(position for position, _ in rows)
            self._last = max(last for _, last in rows)
            # After the commit, never in an appending transaction: there a NOTIFY takes
            # a lock on the whole cluster, and appends would wait for each other.
            self._execute(f"NOTIFY {LEDGER}")
        if len(rows) < BATCH:
            # The ids of rolled-back transactions are passed over for good.
            self._last, self._waiting = limit, None
        else:
            # The rest up to the limit is final already: there is nobody to wait for.
            self._waiting = Waiting(limit, frozenset())
        return len(rows)

    def _execute(
        self, query: str, parameters: dict[str, int] | None = None
    ) -> list[TupleRow]:
        cursor = self.connection.execute(query.encode(), parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
