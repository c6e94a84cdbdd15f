"""How many cases are filed for one buyer in one day, counted for all processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from math import ceil

from eventsourcing.persistence import PersistenceError
from msgspec import Struct

from application.record.database import Database
from application.record.prepared import prepared
from application.record.row_scope import Beyond, beyond


class Quota(Struct, frozen=True):
    """How much of a day's quota is left, and in how many seconds it begins anew."""

    limit: int
    left: int
    seconds: int


class QuotaUsed(Exception):
    """The buyer's quota of today is used up."""

    def __init__(self, quota: Quota) -> None:
        super().__init__(f"{quota.limit} cases were filed today")
        self.quota = quota


class FilingQuota:
    """Counts in the database, so that more processes do not give more.

    `taken` is what is left after the case that was counted last.
    """

    def __init__(self, database: Database, limit: int) -> None:
        self._database = database
        self._limit = limit
        self.taken: Quota | None = None

    @contextmanager
    def counted(self, platform: str, buyer: str, now: datetime) -> Iterator[None]:
        """Count one more case, unless filing it fails. Raises QuotaUsed."""
        whose = (platform, buyer, now.astimezone(UTC).date())
        rows = self._database.rows(_TAKE, (*whose, self._limit))
        used = rows[0][0] if rows else None
        if used == 1:
            # Once a day for each buyer is often enough, and needs no job.
            with beyond(Beyond.QUOTA), self._database.get_connection() as connection:
                connection.execute(_FORGET, whose[2:])
        if used is None:
            raise QuotaUsed(self._quota(self._limit, now))
        self.taken = self._quota(used, now)
        try:
            yield
        except Exception:
            # Most often the case was there already; a refusal uses nothing up.
            # What cannot be given back stays counted, until the day is over.
            with (
                suppress(PersistenceError),
                self._database.get_connection() as connection,
            ):
                connection.execute(_GIVE_BACK, whose)
            raise

    def _quota(self, used: int, now: datetime) -> Quota:
        now = now.astimezone(UTC)
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        seconds = ceil((midnight - now).total_seconds())
        return Quota(self._limit, max(0, self._limit - used), seconds)


_ONE_DAY = " WHERE platform = %s AND buyer = %s AND day = %s"
_GIVE_BACK = f"UPDATE filing_counts SET used = used - 1{_ONE_DAY}"
_FORGET = "DELETE FROM filing_counts WHERE day < %s"

# One statement: of two that file at once, the second waits for the first one's row. Its
# commit waits for no disk: a count that a crash of the database loses hurts nobody.
_TAKE = prepared(
    "WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO filing_counts AS c (platform, buyer, day, used)"
    " SELECT $1, $2, $3, 1 FROM unsynced ON CONFLICT (platform, buyer, day)"
    " DO UPDATE SET used = c.used + 1 WHERE c.used < $4 RETURNING used"
)
