"""The storm: receivers that misbehave while the worker is killed again and again.

After it, each endpoint has to have everything that was recorded, of each case in order,
and nothing twice but under the id that it had the first time.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from application.deliveries.webhook import State, Webhook
from domain.filing.commands import FileDispute
from domain.identity import natural_key
from domain.negotiation.commands import PostMessage
from interface.bootstrap import System, wire
from interface.settings import settings
from tests.deliveries.receiver import Answer, Receiver
from tests.processes import Process
from tests.sample_cases import ask
from tests.samples import BUYER, NEGOTIATING, SELLER

EACH = 10
"""Events of each case that the storm records: up to an answer, and messages."""


SCHEDULE = " ".join(["PT1S"] * 5 + ["PT5S"] * 5 + ["PT30S"] * 10)
"""Long enough for a receiver that is down for minutes, and quick at first."""


class Tempers(Struct, frozen=True, kw_only=True):
    """How receivers misbehave: shares of all messages, and seconds."""

    slow_seconds: float = 0.05
    failing: float = 0.2
    doubled: float = 0.2
    down_seconds: float = 5.0


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a storm: figures of all endpoints together."""

    events: int
    deliveries: int
    kills: int
    seconds: float
    duplicates: int
    dead: int


class Storm:
    """An installation, its receivers, and the worker that is killed."""

    def __init__(self, url: str, home: Path, tempers: Tempers, seed: int = 14) -> None:
        self._environ = {
            "DATABASE_URL": url,
            "REDRESS_HOME": str(home),
            "REDRESS_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "REDRESS_WEBHOOK_SCHEDULE": SCHEDULE,
            "REDRESS_CASES_PER_DAY": "1000000",
        }
        self._url, self._tempers = url, tempers
        self._random = random.Random(seed)
        self.system: System = wire(
            settings.read(self._environ), url, url, lambda: datetime.now(UTC)
        )
        self.receivers = {
            "steady": Receiver(),
            "slow": Receiver(lambda _: Answer(seconds=tempers.slow_seconds)),
            "failing": Receiver(self._failing),
            "down": Receiver(),
        }
        for receiver in self.receivers.values():
            self._endpoint(receiver.url)

    def run(self, events: int, kills: int, pause: float) -> Outcome:
        """Record so many events, kill so many workers; wait until all is delivered."""
        began = time.monotonic()
        recording = threading.Thread(target=self._record, args=[events])
        falling = threading.Thread(target=self._fall)
        worker = Process(self._environ, "work")
        recording.start()
        falling.start()
        for _ in range(kills):
            time.sleep(self._random.uniform(0.5, 1.5) * pause)
            worker.kill()
            worker.start()
        recording.join()
        falling.join()
        self._wait()
        worker.kill()
        return self._outcome(kills, time.monotonic() - began)

    def close(self) -> None:
        for receiver in self.receivers.values():
            receiver.stop()
        self.system.close()

    def _failing(self, message: dict[str, Any]) -> Answer:
        """Fail; or take a message and fail all the same, so that it comes twice."""
        del message
        drawn = self._random.random()
        if drawn < self._tempers.failing:
            return Answer(500)
        if drawn < self._tempers.failing + self._tempers.doubled:
            return Answer(504)
        return Answer(204)

    def _endpoint(self, url: str) -> None:
        self.system.webhooks.create(
            Webhook(
                webhook_id=uuid4(),
                platform="shop",
                url=url,
                topics=None,
                state=State.ACTIVE,
                after=0,
                created_at=datetime.now(UTC),
            ),
            "v-1",
        )

    def _record(self, events: int) -> None:
        for n in range(events // EACH):
            order = f"storm-{n}"
            case = natural_key("shop", "b-1", order, "1", "defect", 1)
            for step in NEGOTIATING:
                assert isinstance(step, tuple)
                actor, command = step
                if isinstance(command, FileDispute):
                    command = replace(command, order=replace(command.order, id=order))
                ask(self.system.disputes, case, actor, command)
            for number in range(EACH - len(NEGOTIATING)):
                actor = SELLER if number % 2 else BUYER
                ask(self.system.disputes, case, actor, PostMessage(text=f"{number}."))

    def _fall(self) -> None:
        """Let one receiver be down for a while, and come back."""
        time.sleep(self._tempers.down_seconds / 4)
        self.receivers["down"].stop()
        time.sleep(self._tempers.down_seconds)
        self.receivers["down"].start()

    def _wait(self, seconds: float = 3_600.0) -> None:
        until = time.monotonic() + seconds
        while not self._settled():
            assert time.monotonic() < until, "not everything was delivered in time"
            time.sleep(0.25)

    def _settled(self) -> bool:
        with psycopg.connect(self._url) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM redress.events)"
                " = (SELECT position FROM redress.followers"
                " WHERE name = 'deliveries') AND NOT EXISTS (SELECT FROM"
                " redress.deliveries WHERE state = 'waiting')"
            ).fetchone()
        return row == (True,)

    def expected(self) -> dict[str, list[int]]:
        """Return the positions of each case, as the ledger has them."""
        found: dict[str, list[int]] = {}
        with psycopg.connect(self._url) as connection:
            rows: list[tuple[UUID, int]] = connection.execute(
                "SELECT l.originator_id, l.position FROM redress.ledger l"
                " JOIN redress.events e USING (notification_id)"
                " WHERE e.topic NOT LIKE 'standing-%' AND e.topic NOT LIKE 'access-%'"
                " AND e.topic NOT LIKE 'rules-%' AND e.topic NOT LIKE 'erasure-%'"
                " ORDER BY l.position"
            ).fetchall()
        for case, position in rows:
            found.setdefault(str(case), []).append(position)
        return found

    def faults(self) -> Iterator[str]:
        """Yield what was lost, came in another order, or twice under another id."""
        expected = self.expected()
        for name, receiver in self.receivers.items():
            if receiver.by_case() != expected:
                yield f"{name}: lost or out of order"
            ids = {(one.name, one.message["position"]) for one in receiver.received}
            positions = {position for _, position in ids}
            if not len(ids) == len(positions) == sum(map(len, expected.values())):
                yield f"{name}: one message under two ids"
            if len({one.body for one in receiver.received}) != len(positions):
                yield f"{name}: one message with two bodies"

    def _outcome(self, kills: int, seconds: float) -> Outcome:
        received = [one for each in self.receivers.values() for one in each.received]
        with psycopg.connect(self._url) as connection:
            row = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE state = 'dead')"
                " FROM redress.deliveries"
            ).fetchone()
        delivered, dead = row or (0, 0)
        return Outcome(
            events=sum(map(len, self.expected().values())),
            deliveries=delivered,
            kills=kills,
            seconds=seconds,
            duplicates=len([one for one in received if one.status < 300]) - delivered,
            dead=dead,
        )


@contextmanager
def storm(url: str, home: Path, tempers: Tempers | None = None) -> Iterator[Storm]:
    """Make an installation on a database that is migrated, and clean up after it."""
    one = Storm(url, home, tempers or Tempers())
    try:
        yield one
    finally:
        one.close()
