"""Every session is bounded in how long it waits for locks, and in what it may take."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from psycopg import Connection

from application.record.database import Database, connected
from application.record.patience import (
    LOCK_SECONDS,
    OF_JOBS,
    OF_OWNERS,
    PATIENCE,
    Patience,
    take_turn,
)
from application.record.session import open_session

pytestmark = pytest.mark.store


def patience(connection: Connection[Any]) -> Patience:
    query = (
        "SELECT name, setting::float / 1000 AS seconds FROM pg_settings"
        " WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name"
    )
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        lock, statement = (one[1] for one in cursor.execute(query.encode()))
    return Patience(lock=lock, statement=statement)


def test_jobs_and_owners_have_bounds_of_their_own(url: str) -> None:
    with connected(url) as job, open_session(url) as owner:
        assert patience(job) == OF_JOBS
        assert patience(owner) == OF_OWNERS


def test_a_pooled_session_has_the_patience_of_the_work_at_hand(
    database: Database,
) -> None:
    with database.get_connection() as connection:
        assert patience(connection) == OF_JOBS
    of_a_request = Patience(lock=LOCK_SECONDS, statement=15.0)
    token = PATIENCE.set(of_a_request)
    with database.get_connection() as connection:
        assert patience(connection) == of_a_request
    PATIENCE.reset(token)
    with database.get_connection() as connection:
        assert patience(connection) == OF_JOBS


def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    token = PATIENCE.set(Patience(lock=0.1, statement=0.2))
    began = time.monotonic()
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        database.get_connection() as connection,
    ):
        connection.execute("SELECT pg_sleep(30)")
    PATIENCE.reset(token)
    assert time.monotonic() - began < 10


def test_a_turn_is_waited_for_as_long_as_another_process_works(url: str) -> None:
    with open_session(url) as first, open_session(url) as second:
        take_turn(first, 1)
        taken: list[float] = []

        def wait() -> None:
            # Longer than a lock on a table is waited for, which would end it.
            second.execute("SET lock_timeout = '50ms'")
            take_turn(second, 1)
            taken.append(time.monotonic())

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        assert not taken
        first.execute("SELECT pg_advisory_unlock(1)")
        waiting.join(timeout=5)
        assert taken
        assert patience(second) == OF_OWNERS
