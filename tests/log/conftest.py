"""Fixtures of the log: a ledger, its signer, a witness or three, a signed record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.database import Database
from tests.conftest import Clock
from tests.log.log_fixture import LogFixture
from tests.log.signed_record import Owner, SignedRecord
from tests.log.signer_fixture import SignerFixture
from tests.log.witness_fixture import WitnessFixture
from tests.log.witness_set import WitnessSet


@pytest.fixture
def log(url: str, database: Database) -> Iterator[LogFixture]:
    one = LogFixture(url, database)
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
def signer(url: str, tmp_path: Path, clock: Clock) -> SignerFixture:
    return SignerFixture(url, tmp_path, clock)


@pytest.fixture
def record(log: LogFixture, signer: SignerFixture, app: Owner) -> SignedRecord:
    return SignedRecord(log, signer, app)


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> WitnessFixture:
    return WitnessFixture(tmp_path / "witness", clock)


@pytest.fixture
def witnesses(
    signer: SignerFixture, tmp_path: Path, clock: Clock
) -> Iterator[WitnessSet]:
    one = WitnessSet(signer, tmp_path, clock)
    yield one
    one.servers.close()
