"""Seals the access log: records its length and last hash as an event.

The log that is signed and witnessed then holds the seal. Cutting off the access log's
end, or making its chain again, contradicts what others have seen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid5

import msgspec

from application.jobs.leader import LeaderJob
from application.jobs.locks import ACCESS_SEALING
from application.record.envelope import Envelope, leaf
from application.record.movable_clock import held
from application.record.record import Record
from domain.access_events import AccessSealed
from domain.identity import ACCESS_LOG
from domain.roles import CLOCK

PERIOD_SECONDS = 60.0
"""For how long entries have no seal, at most, while this job runs."""

_LAST_SEAL = """
SELECT state FROM events WHERE originator_id = %s
ORDER BY originator_version DESC LIMIT 1
"""


class SealRecorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """A seal in its envelope; `case` is the id of the history of seals."""

    event: AccessSealed


decode_seal = msgspec.json.Decoder(SealRecorded).decode


class AccessSealJob(LeaderJob):
    """Seals what the access log has gained, once a minute."""

    name = "access seals"
    reports_failures = True
    lock = ACCESS_SEALING
    channels = ()
    idle_seconds = 1.0

    def __init__(self, url: str, record: Record, clock: Callable[[], datetime]) -> None:
        super().__init__(url)
        self._record = record
        self._clock = clock

    def take_up(self) -> None:
        """Find the last seal."""
        row = self.connection.execute(_LAST_SEAL, (ACCESS_LOG,)).fetchone()
        self._head = leaf(row[0]) if row else None
        self._last = decode_seal(row[0]) if row else None

    def work(self) -> int:
        """Seal the access log if it has grown since the last seal; return 1 then."""
        row = self.connection.execute(
            "SELECT number, hash FROM access_log ORDER BY number DESC LIMIT 1"
        ).fetchone()
        sealed = self._last.event.entries if self._last else 0
        # A log that became shorter was cut: the last seal shows it, and a new one would
        # vouch for what is left.
        if row is None or row[0] <= sealed:
            return 0
        with held(self._clock):
            return self._seal(*row)

    def _seal(self, entries: int, last: bytes) -> int:
        now = self._clock()
        seal = SealRecorded(
            case=ACCESS_LOG,
            version=self._last.version + 1 if self._last else 1,
            at=now,
            recorded_at=now,
            actor=CLOCK,
            command_id=uuid5(ACCESS_LOG, str(entries)),
            event=AccessSealed(entries=entries, hash=last),
        )
        # If somebody else seals too, the version is taken: `run` begins again.
        (state,) = self._record.append([seal], self._head)
        self._head, self._last = leaf(state), seal
        return 1

    def rest(self, done: int) -> float:
        """Wait before the next seal."""
        return PERIOD_SECONDS if done else 0.0
