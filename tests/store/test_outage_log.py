"""An outage of the database is told when it begins, while it lasts, and at its end."""

from __future__ import annotations

import logging

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from application.record.outage_log import OutageLog
from application.record.sqlstates import Cause


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def down() -> Exception:
    try:
        psycopg.connect("host=127.0.0.1 port=1", connect_timeout=5)
    except psycopg.OperationalError as error:
        wrapped = OperationalError(str(error))
        wrapped.__cause__ = error
        return wrapped
    raise AssertionError


def test_an_outage_is_one_line_for_all_and_one_at_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    clock = Seconds()
    log = OutageLog(clock)
    assert log.note("sequencer", down()) is Cause.DOWN
    # It may be a single connection that broke: the next one may do.
    assert caplog.messages == []
    clock.now += 1
    for who in ("sequencer", "log", "queue"):
        assert log.note(who, down()) is Cause.DOWN
    (begun,) = caplog.messages
    assert begun.startswith("database: down, noticed by sequencer: connection failed")
    clock.now += 61
    log.note("log", down())
    log.note("queue", down())
    assert caplog.messages[1:] == ["database: down, for 62 s"]
    clock.now += 2.5
    log.end(Cause.DOWN)
    log.end(Cause.DOWN)
    assert caplog.messages[2:] == ["database: back, was down for 64.5 s"]
    # The next one is a new one; one that is over at once is none.
    log.note("log", down())
    log.end(Cause.DOWN)
    assert len(caplog.messages) == 3
    log.note("log", down())
    clock.now += 1
    log.note("log", down())
    assert len(caplog.messages) == 4


def test_what_is_no_outage_is_left_to_whoever_met_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Seconds()
    log = OutageLog(clock)
    assert log.note("log", psycopg.errors.UniqueViolation()) is None
    assert log.note("log", OSError("full")) is None
    for _ in range(2):
        clock.now += 1
        assert log.note("log", psycopg.errors.DiskFull("no space")) is Cause.FULL
    assert len(caplog.messages) == 1
