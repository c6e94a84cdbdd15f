"""The worker as it runs: threads that serve notices and follow deadlines by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, file_for


def within_seconds(limit: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_started_worker_serves_notices_and_lets_deadlines_pass(
    people: People, system: System, clock: Clock
) -> None:
    worker = Worker(system)
    worker.start()
    try:
        case = file_for(people)
        people.mediator.act(case, "admission", {})

        def awaited() -> str:
            shown = people.seller.get(f"/v1/disputes/{case}").json()
            return str(shown["waiting_on"]["for"])

        assert within_seconds(10, lambda: awaited() == "response")
        clock.forward(days=3)
        assert within_seconds(10, lambda: awaited() == "escalation")
    finally:
        worker.stop()


def test_a_part_that_the_worker_does_not_have_is_refused(system: System) -> None:
    worker = Worker(system)
    with pytest.raises(ValueError, match=r"no part named queue, transparency$"):
        worker.catch_up("sequencer", "transparency", "queue")
    worker.close()
