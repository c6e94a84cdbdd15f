"""A ledger with events, and the log over it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from application.jobs.locks import LOG_BUILDING, SEQUENCING
from application.log.build.integrate import LogBuilder
from application.record.codec import EventCodec, chained
from application.record.database import Database
from application.record.envelope import Recorded, topic
from application.record.recorder import LockFreeRecorder
from application.record.sequencer import Sequencer
from application.record.statements import Sign
from domain.case.event_order import EVENT_ORDER
from domain.case.events import DisputeEvent
from domain.roles import Actor
from tests.samples import BUYER, CLOSED, NOW, play

STORY = play(*CLOSED)
PATIENCE = 10

_HELD = """
SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database() AND objid IN (%s, %s)
"""


class LogFixture:
    """Appends stories, and runs sequencer and builder by hand."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.recorder = LockFreeRecorder(database, events_table_name="events")
        self.sequencer, self.builder = Sequencer(url), LogBuilder(url)
        self.now = NOW
        self.sign_as(None)

    def sign_as(self, sign: Sign | None) -> None:
        """Append with statements from now on, as the application does."""
        self._mapper = EventCodec(None, sign)  # type: ignore[arg-type]

    def tell(self, events: Sequence[DisputeEvent] = STORY) -> UUID:
        """Append a case of its own, as one batch of facts."""
        case = uuid4()
        self.recorder.insert_events(self._chained(case, events))
        return case

    def tell_in_parts(self, *versions: int) -> Iterator[UUID]:
        """Append one case as far as each version in turn."""
        case = uuid4()
        stored = self._chained(case, STORY)
        for after, upto in pairwise((0, *versions)):
            self.recorder.insert_events(stored[after:upto])
            yield case

    def tell_mixed(self, cases: int, seed: int = 1) -> list[UUID]:
        """Append several cases, their facts in a mixed order."""
        ids = [uuid4() for _ in range(cases)]
        ahead = {one: self._chained(one, STORY) for one in ids}
        chance = random.Random(seed)
        while open_cases := [one for one in ids if ahead[one]]:
            one = chance.choice(open_cases)
            self.recorder.insert_events([ahead[one].pop(0)])
        return ids

    def _chained(self, case: UUID, events: Sequence[DisputeEvent]) -> list[StoredEvent]:
        return chained(self._mapper, recorded(case, events, self.now), None)

    def build(self) -> None:
        """Give every event its position, and take it into the log."""
        while self.sequencer.tick() + self.builder.tick():
            pass

    def close(self) -> None:
        """Close the connections, and wait until the server has given up their locks.

        It does so a moment later; what is built until then would be built by nobody.
        """
        self.sequencer.close()
        self.builder.close()
        until = time.monotonic() + PATIENCE
        with psycopg.connect(self.url, autocommit=True) as connection:
            while connection.execute(_HELD, (SEQUENCING, LOG_BUILDING)).fetchone():
                assert time.monotonic() < until, "a lock is still held"
                time.sleep(0.01)


def _actor(event: DisputeEvent) -> Actor:
    """Return somebody who may record an event."""
    roles = EVENT_ORDER[topic(event)].roles
    return BUYER if BUYER.role in roles else Actor(role=min(roles), id="x-1")


def recorded(
    case: UUID, events: Sequence[DisputeEvent], now: datetime
) -> list[Recorded]:
    return [
        Recorded(
            case=case,
            version=version,
            at=now,
            recorded_at=now,
            actor=_actor(event),
            command_id=uuid4(),
            policy="cn-default/1",
            event=event,
        )
        for version, event in enumerate(events, 1)
    ]
