"""Errors of the database by their meaning, as a real server raises them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from psycopg import errors

from application.record.recent_failures import RECENT_SECONDS, RecentFailures
from application.record.session import open_session
from application.record.sqlstates import SURROUNDINGS, Cause, cause_of

pytestmark = pytest.mark.store

BY_STATE = {
    "08006": Cause.DOWN,
    "22003": Cause.INPUT,
    "22P05": Cause.INPUT,
    "23505": Cause.CONFLICT,
    "25006": Cause.READ_ONLY,
    "25P03": Cause.BUSY,
    "28000": Cause.DOWN,
    "3D000": Cause.DOWN,
    "40001": Cause.BUSY,
    "40P01": Cause.BUSY,
    "42501": Cause.PROGRAM,
    "42P01": Cause.PROGRAM,
    "53100": Cause.FULL,
    "53200": Cause.EXHAUSTED,
    "53300": Cause.EXHAUSTED,
    "54000": Cause.INPUT,
    "55P03": Cause.BUSY,
    "57014": Cause.BUSY,
    "57P01": Cause.DOWN,
    "57P02": Cause.DOWN,
    "57P03": Cause.DOWN,
    "58030": Cause.DOWN,
    "P0001": Cause.PROGRAM,
    "XX001": Cause.DOWN,
}


@pytest.mark.parametrize(("state", "cause"), BY_STATE.items())
def test_each_state_has_one_meaning(state: str, cause: Cause) -> None:
    assert cause_of(errors.lookup(state)()) is cause


def test_only_what_cannot_be_stored_is_the_fault_of_an_event() -> None:
    assert {Cause.INPUT, Cause.CONFLICT} == set(Cause) - SURROUNDINGS


STATEMENTS = {
    "SELECT 9223372036854775808::int8": Cause.INPUT,
    "SELECT 'x'::timestamptz": Cause.INPUT,
    "SELECT nobody FROM nowhere": Cause.PROGRAM,
    "SET statement_timeout = 20; SELECT pg_sleep(5)": Cause.BUSY,
    "BEGIN READ ONLY; CREATE TABLE t ()": Cause.READ_ONLY,
    "SELECT pg_terminate_backend(pg_backend_pid())": Cause.DOWN,
}


@pytest.mark.parametrize(("statement", "cause"), STATEMENTS.items())
def test_a_real_error_is_understood_also_when_it_is_wrapped(
    url: str, statement: str, cause: Cause
) -> None:
    with open_session(url) as session, pytest.raises(psycopg.Error) as found:
        session.execute(statement.encode())
    assert cause_of(found.value) is cause
    wrapper = OperationalError(str(found.value))
    wrapper.__cause__ = found.value
    assert cause_of(wrapper) is cause


def test_a_nul_that_the_driver_refuses_is_input(url: str) -> None:
    with open_session(url) as session, pytest.raises(psycopg.DataError) as found:
        session.execute("SELECT %s", ("\0",))
    assert cause_of(found.value) is Cause.INPUT
    assert cause_of(ValueError()) is None


def test_a_failure_to_write_is_remembered_for_a_while() -> None:
    now = [0.0]
    clock: Callable[[], float] = lambda: now[0]  # noqa: E731
    failures = RecentFailures(clock)
    failures.note(errors.QueryCanceled())
    assert failures.recent() is None
    failures.note(errors.DiskFull())
    assert failures.recent() is Cause.FULL
    now[0] = RECENT_SECONDS + 1
    assert failures.recent() is None
