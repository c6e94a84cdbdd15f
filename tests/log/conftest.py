"""What every test of the log has at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.database import Database
from tests.conftest import Clock
from tests.log.log_fixture import Log
from tests.log.signed_record import Owner, Scene
from tests.log.signer_fixture import Desk
from tests.log.witness_fixture import Post
from tests.log.witness_set import Panel


@pytest.fixture
def log(url: str, database: Database) -> Iterator[Log]:
    one = Log(url, database)
    yield one
    one.close()


@pytest.fixture
def app(url: str) -> Iterator[Connection[TupleRow]]:
    """A connection as the application has it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE redress_app")
        connection.execute("SET search_path TO redress")
        connection.execute("SET timezone TO 'UTC'")
        yield connection


@pytest.fixture
def desk(url: str, tmp_path: Path, clock: Clock) -> Desk:
    return Desk(url, tmp_path, clock)


@pytest.fixture
def scene(log: Log, desk: Desk, app: Owner) -> Scene:
    return Scene(log, desk, app)


@pytest.fixture
def post(tmp_path: Path, clock: Clock) -> Post:
    return Post(tmp_path / "witness", clock)


@pytest.fixture
def panel(desk: Desk, tmp_path: Path, clock: Clock) -> Iterator[Panel]:
    one = Panel(desk, tmp_path, clock)
    yield one
    one.servers.close()
