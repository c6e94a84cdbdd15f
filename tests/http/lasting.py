"""One system for all tests of a module, where none is in the way of another.

A module takes these in the place of those that are made for each test: `url = lasting.
url` and so on. To make a database and a system takes longer than to read from it.
Whoever files a case takes an order line of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, wired
from tests.http_app import serving
from tests.postgres import Server
from tests.samples import NOW


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    with server.database() as one:
        yield one


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def system(url: str, home: Path, clock: Clock) -> Iterator[System]:
    one = wired(url, home, clock)
    yield one
    one.close()


@pytest.fixture(scope="module")
def http(system: System) -> Iterator[TestClient[Any]]:
    with serving(system) as client:
        yield client


@pytest.fixture(scope="module")
def background(system: System) -> Iterator[Worker]:
    worker = Worker(system)
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def people(http: TestClient[Any], system: System) -> People:
    return People(http, system)
