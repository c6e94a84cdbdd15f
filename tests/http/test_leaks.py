"""Nobody is shown what is not theirs: random requests, and with the conditions removed.

`TEST_LEAKS=100000 pytest tests/http/test_leaks.py` sends as many requests, and
`TEST_LEAKS_SEED` other ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.canary_world import CanaryWorld
from tests.http.random_requests import RandomRequests

MANY = int(os.environ.get("TEST_LEAKS", "1500"))
SEED = int(os.environ.get("TEST_LEAKS_SEED", "14"))

pytestmark = pytest.mark.long


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    one = wire(settings.read(environ), url, url, clock)
    yield one
    one.close()


@pytest.fixture
def world(http: TestClient[Any], system: System, background: Worker) -> CanaryWorld:
    one = CanaryWorld(http, system, background)
    one.populate()
    return one


def test_random_requests_show_nobody_what_is_not_theirs(
    world: CanaryWorld, background: Worker
) -> None:
    asked = RandomRequests(world, SEED)
    for _ in range(max(1, MANY // 500)):
        asked.go(min(MANY, 500))
        background.catch_up()
    assert not asked.leaks, asked.leaks[:5]
    assert sum(asked.statuses.values()) >= MANY
    assert not [one for one in asked.statuses if one >= 500 and one != 503]
    # Enough of them were answered: who is refused everything is shown nothing.
    assert asked.statuses[200] > MANY / 10
    assert len(asked.read) > 20
