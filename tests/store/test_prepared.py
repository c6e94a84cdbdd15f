"""Prepared statements that libpq is given: values, errors, and the scope before."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from application.record.patience import PatientConnection
from application.record.prepared import prepared

pytestmark = pytest.mark.store

SET = prepared("SELECT set_config('redress.sees', $1, false)")
SEEN = prepared("SELECT current_setting('redress.sees', true)")
ADD = prepared("INSERT INTO noted (id) VALUES ($1)")
SIZE = prepared("SELECT count(*) FROM noted")
DIVIDE = prepared("SELECT 1 / $1::integer")


@pytest.fixture
def connection(url: str) -> Iterator[PatientConnection[Any]]:
    one: PatientConnection[Any]
    with PatientConnection.connect(url, autocommit=True) as one:
        one.execute("CREATE TEMP TABLE noted (id uuid PRIMARY KEY)")
        yield one


def test_values_come_back_as_they_went(connection: PatientConnection[Any]) -> None:
    row = UUID(int=7), b"\0\xff", "“壶” ok", -(2**63), 2**31 - 1, None
    same = prepared(
        "SELECT $1::uuid, $2::bytea, $3::text, $4::bigint, $5::integer, $6::text,"
        " true, false"
    )
    assert connection.run(same, row) == [(*row, True, False)]
    assert connection.run(ADD, (uuid4(),)) == []
    assert connection.run(SIZE, ()) == [(1,)]


def test_the_scope_goes_before_the_statement(
    connection: PatientConnection[Any],
) -> None:
    assert connection.run(SEEN, (), (SET, ("buyer",))) == [("buyer",)]
    assert connection.run(SEEN, ()) == [("buyer",)]


def test_without_its_scope_a_statement_is_not_run(
    connection: PatientConnection[Any],
) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        connection.run(ADD, (uuid4(),), (DIVIDE, (0,)))
    assert connection.run(SIZE, ()) == [(0,)]


def test_a_scope_is_not_kept_by_a_statement_that_fails(
    connection: PatientConnection[Any],
) -> None:
    one = uuid4()
    connection.run(ADD, (one,), (SET, ("buyer",)))
    with pytest.raises(psycopg.errors.UniqueViolation) as raised:
        connection.run(ADD, (one,), (SET, ("all",)))
    assert raised.value.diag.constraint_name == "noted_pkey"
    assert connection.run(SEEN, ()) == [("buyer",)]


def test_statements_are_prepared_anew_once_the_server_has_none(
    connection: PatientConnection[Any],
) -> None:
    connection.run(SEEN, (), (SET, ("buyer",)))
    connection.execute("DEALLOCATE ALL")
    assert connection.run(SEEN, (), (SET, ("seller",))) == [("seller",)]
    connection.execute("DEALLOCATE ALL")
    assert connection.run(SIZE, ()) == [(0,)]
    connection.prepared.clear()
    assert connection.run(SIZE, ()) == [(0,)]


@pytest.mark.parametrize("scoped", [True, False])
def test_a_lost_connection_is_told_as_such(
    connection: PatientConnection[Any], url: str, *, scoped: bool
) -> None:
    before = (SET, ("buyer",)) if scoped else None
    connection.run(SEEN, (), (SET, ("buyer",)))
    with psycopg.connect(url, autocommit=True) as other:
        pid = connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        connection.run(SEEN, (), before)
    assert connection.broken


@pytest.mark.parametrize("scoped", [True, False])
def test_other_threads_work_while_one_waits(
    connection: PatientConnection[Any], *, scoped: bool
) -> None:
    slow = prepared("SELECT pg_sleep(0.5) IS NULL")
    before = (SET, ("buyer",)) if scoped else None
    waiting = threading.Thread(target=connection.run, args=(slow, (), before))
    waiting.start()
    began, turns = time.monotonic(), 0
    while time.monotonic() - began < 0.3:
        turns += 1
        time.sleep(0.001)
    assert waiting.is_alive()
    waiting.join()
    assert turns > 50
