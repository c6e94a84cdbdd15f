"""Makes erasures final, and records it: in a history of their own, beside the cases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

import msgspec
from eventsourcing.persistence import IntegrityError
from psycopg import Connection

from application.cases.disputes import Disputes
from application.privacy.data_keys import FRESH_SECONDS
from application.privacy.destruction import destroy_wrapping
from application.privacy.erasure_requests import ErasureRequest, ErasureRequests
from application.record.envelope import Envelope, leaf
from application.record.movable_clock import held
from application.record.record import append_within
from domain.identity import ERASURES
from domain.privacy.erasure_events import ErasureFinal
from domain.roles import CLOCK

ATTEMPTS = 20
"""How often it is tried again because another erasure was recorded first."""

_LAST = """
SELECT originator_version AS version, state FROM events WHERE originator_id = %s
ORDER BY originator_version DESC LIMIT 1
"""

_NAMING = """
SELECT state FROM events WHERE originator_id = %s AND position(%s::bytea IN state) > 0
"""


class FinalRecorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """The end of an erasure in its envelope; `case` is the id of their history."""

    event: ErasureFinal


decode_final = msgspec.json.Decoder(FinalRecorded).decode


class FinalErasures:
    """The history of erasures that became final."""

    def __init__(self, disputes: Disputes, erasures: ErasureRequests) -> None:
        self._keys, self._erasures = disputes.keys, erasures
        self._record, self._clock = disputes.record, disputes.clock

    def make(self, erasure: ErasureRequest) -> ErasureRequest:
        """Leave nothing that opens copies of the destroyed keys, and record it."""
        buckets = destroy_wrapping(self._keys, erasure.key_ids or ())
        # It is final once every process has forgotten the keys.
        time.sleep(FRESH_SECONDS)
        return self.add(erasure, buckets)

    def has(self, erasure: ErasureRequest) -> bool:
        """Tell whether the record says that an erasure is final."""
        with self._erasures.database.get_connection() as connection:
            named = str(erasure.erasure_id).encode()
            rows = connection.execute(_NAMING, (ERASURES, named)).fetchall()
        finals = (decode_final(row["state"]).event for row in rows)
        return any(one.erasure == erasure.erasure_id for one in finals)

    def add(self, erasure: ErasureRequest, buckets: Sequence[str]) -> ErasureRequest:
        """Record that an erasure is done and final, unless that is recorded already."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._add(erasure, buckets)
            except IntegrityError:
                continue
        return self._add(erasure, buckets)

    def _add(self, erasure: ErasureRequest, buckets: Sequence[str]) -> ErasureRequest:
        with (
            held(self._clock),
            self._erasures.database.get_connection() as connection,
            connection.transaction(),
        ):
            now = self._clock()
            if self._erasures.finish(connection, erasure.erasure_id, now):
                self._append(connection, erasure, tuple(buckets), now)
        return self._erasures.find(erasure.erasure_id) or erasure

    def _append(
        self,
        connection: Connection[Any],
        erasure: ErasureRequest,
        buckets: tuple[str, ...],
        now: datetime,
    ) -> None:
        last = connection.execute(_LAST, (ERASURES,)).fetchone()
        recorded = FinalRecorded(
            case=ERASURES,
            version=last["version"] + 1 if last else 1,
            at=now,
            recorded_at=now,
            actor=CLOCK,
            command_id=uuid5(ERASURES, str(erasure.erasure_id)),
            event=ErasureFinal(
                erasure=erasure.erasure_id,
                keys=erasure.key_ids or (),
                buckets=buckets,
            ),
        )
        head = leaf(last["state"]) if last else None
        append_within(connection, self._record.encoded([recorded], head))
