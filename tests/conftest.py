"""Fixtures that everything on a database shares."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from application.cases.disputes import Disputes
from application.deliveries.dispatch import Dispatch
from application.deliveries.webhook_plan import webhook_plan
from application.jobs.leader import LeaderJob
from application.privacy.data_keys import KeyStore
from application.privacy.master_key import made
from application.record.database import Database
from application.record.schema.migrations import KEYS
from application.record.sequencer import Sequencer
from projections.following.view_job import ViewJob
from projections.registry import VIEWS
from tests.postgres import Server, memory, running
from tests.processes import kill_what_is_left
from tests.samples import BOOKS, NOW
from tests.sizes import is_of_today

MASTER = made()

# Folders of tests too: the program waits for the disk with every file that it keeps.
if one := memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(one))
    # Those that tests and programs make of their own: clusters above all.
    os.environ.setdefault("TMPDIR", str(one))
    tempfile.tempdir = None


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Start what takes longest first, so that no worker is left alone with it."""

    def is_long(item: pytest.Item) -> bool:
        return any(map(item.get_closest_marker, ("long", "kill")))

    others = {one for one in items if is_long(one) and not is_of_today(one.nodeid)}
    if others:
        config.hook.pytest_deselected(items=[*others])
        items[:] = [one for one in items if one not in others]
    items.sort(key=lambda item: not is_long(item))
    # Others on the server would find what is changed for all of them.
    if "TEST_DATABASE_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
        reason = "changes what the databases of TEST_DATABASE_URL share: -m alone -n 0"
        for item in items:
            if item.get_closest_marker("alone"):
                item.add_marker(pytest.mark.skip(reason=reason))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    kill_what_is_left()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as one:
        yield one


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with server.database() as one:
        yield one


@pytest.fixture
def app_login(server: Server, url: str) -> Iterator[str]:
    """Yield the name of a login that is a member of the application's role."""
    # After the database, so that nothing in that refers to it when it is dropped.
    del url
    with server.role("LOGIN IN ROLE redress_app") as name:
        yield name


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    one = Database(url)
    yield one
    one.close()


@pytest.fixture
def keys(url: str) -> Iterator[KeyStore]:
    database = Database(url, schema=KEYS.name)
    yield KeyStore(database, MASTER)
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def disputes(database: Database, keys: KeyStore, clock: Clock) -> Disputes:
    return Disputes(database, keys, BOOKS, clock=clock)


@pytest.fixture
def worker(url: str) -> Iterator[ManualWorker]:
    one = ManualWorker(url)
    yield one
    one.close()


class ManualWorker:
    """Sequencer and followers, run by hand until nothing is left to do."""

    def __init__(self, url: str) -> None:
        self.parts: list[LeaderJob] = [
            Sequencer(url),
            ViewJob(url, VIEWS),
            Dispatch(url, [webhook_plan]),
        ]

    def catch_up(self) -> None:
        while sum(part.tick() for part in self.parts):
            pass

    def close(self) -> None:
        for part in self.parts:
            part.close()
