"""Views of all sample cases, and sessions of the application and of the owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from application.privacy.data_keys import KeyStore
from application.record.database import Database, connected
from application.record.schema.migrations import KEYS
from tests.conftest import MASTER, Clock, ManualWorker
from tests.postgres import Server
from tests.sample_cases import tell_all
from tests.samples import BOOKS, NOW


@pytest.fixture
def app(url: str) -> Iterator[Connection[Any]]:
    with connected(url) as connection:
        yield connection


@pytest.fixture
def session(url: str) -> Iterator[Connection[Any]]:
    """Connect as the owner of the tables, whom row security hides nothing from."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        yield connection


class Kept(NamedTuple):
    """A database that is copied for tests, and the time when it was left."""

    template: str
    now: datetime


@pytest.fixture(scope="session")
def kept(server: Server) -> Kept:
    """Have every sample case in every view, once: to tell them takes longest."""
    clock = Clock(NOW)
    with server.database() as url:
        with (
            closing(Database(url)) as database,
            closing(Database(url, schema=KEYS.name)) as keys,
            closing(ManualWorker(url)) as worker,
        ):
            tell_all(
                Disputes(database, KeyStore(keys, MASTER), BOOKS, clock=clock), clock
            )
            worker.catch_up()
        return Kept(server.keep(url), clock.now)


@pytest.fixture
def url(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield a database of the test's own, with the sample cases if it asks for them."""
    asked = "kept" in request.fixturenames
    template = request.getfixturevalue("kept").template if asked else None
    with server.database(template=template) as one:
        yield one


@pytest.fixture
def grown(kept: Kept, clock: Clock) -> None:
    """Have every sample case in every view."""
    clock.now = kept.now
