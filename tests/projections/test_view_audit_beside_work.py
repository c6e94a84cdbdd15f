"""The audit of views beside all that goes on: it names nothing that is in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count

import pytest

from application.cases.disputes import Disputes
from application.jobs.leader import LeaderJob
from application.record.database import connected
from application.record.sequencer import Sequencer
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from projections.view_audit.view_walk import ViewWalk
from tests.conftest import Clock
from tests.sample_cases import tell

pytestmark = [pytest.mark.store, pytest.mark.long]

SECONDS = 8.0


def repeated(
    stop: threading.Event, failed: list[Exception], work: Callable[[], object]
) -> threading.Thread:
    def run() -> None:
        while not stop.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001 - told at the end
                failed.append(error)
                return

    return threading.Thread(target=run)


def test_rounds_beside_commands_followers_and_rebuilds_find_nothing(
    disputes: Disputes, clock: Clock, url: str
) -> None:
    stop, numbers = threading.Event(), count()
    failed: list[Exception] = []
    parts: list[LeaderJob] = [Sequencer(url), ViewJob(url, VIEWS)]

    def follow(part: LeaderJob) -> Callable[[], object]:
        return lambda: part.tick() or stop.wait(0.002)

    def new_case() -> None:
        tell(disputes, clock, "closed", f"o-{next(numbers)}")

    threads = [
        *(repeated(stop, failed, follow(part)) for part in parts),
        repeated(stop, failed, new_case),
        repeated(stop, failed, lambda: rebuild(url, QUEUE, lambda *_: None)),
    ]
    for thread in threads:
        thread.start()
    until, rounds = time.monotonic() + SECONDS, 0
    try:
        with connected(url) as connection:
            while time.monotonic() < until and not failed:
                walk = ViewWalk(connection, VIEWS, size=40)
                while walk.step():
                    pass
                assert {name: str(one) for name, one in walk.found.items()} == {}
                rounds += walk.events > 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for part in parts:
            part.close()
    assert failed == []
    assert rounds > 3
