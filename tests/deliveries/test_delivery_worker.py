"""Who fails holds up nobody else; who dies is replaced; what is over is forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.deliveries.delivery import queue_of
from application.deliveries.delivery_log import prune, undelivered
from application.deliveries.job_queue import STALLED_SECONDS, take_back
from application.deliveries.webhook_sender import BOUND
from projections.health.delivery_health import delivery_findings, delivery_health
from tests.conftest import Clock
from tests.deliveries.conftest import Deliveries
from tests.deliveries.patience import until
from tests.deliveries.receiver import Answer, receiving
from tests.sample_cases import tell

JOBS = "SELECT id, status::text, lock, scheduled_at FROM procrastinate_jobs ORDER BY id"


@contextmanager
def jobs(deliveries: Deliveries) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(deliveries.url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress_jobs, redress")
        connection.execute("SET ROLE redress_app")
        yield connection


def test_a_receiver_that_hangs_holds_up_no_other(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    with receiving(lambda _: Answer(seconds=5.0)) as hangs, receiving() as quick:
        # The one that hangs is asked first, for many more cases than it has places.
        slow, _ = deliveries.endpoint(hangs.url)
        deliveries.endpoint(quick.url)
        for n in range(40):
            tell(disputes, clock, "filed", f"o-{n}")
        deliveries.dispatched()
        began = time.monotonic()
        with deliveries.sending():
            until(lambda: len(quick.taken) == 40)
            assert time.monotonic() - began < 5.0
            rows = deliveries.rows(
                "SELECT count(*) AS many FROM redress_jobs.procrastinate_jobs"
                " WHERE status = 'doing' AND queue_name = %s",
                queue_of(slow),
            )
            assert rows[0]["many"] == BOUND


def test_an_earlier_job_of_a_case_holds_up_those_behind_it_and_no_others(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    deliveries.endpoint("https://example.com/hook", "filed", "admitted")
    tell(disputes, clock, "admitted", "o-1")
    tell(disputes, clock, "filed", "o-2")
    deliveries.dispatched()
    fetch = "SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)"  # of any queue
    with jobs(deliveries) as connection:
        first, second, other = (row[0] for row in connection.execute(JOBS).fetchall())
        later = "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE id = %s"
        connection.execute(later, (datetime.now(UTC) + timedelta(hours=1), first))
        assert connection.execute(fetch).fetchall() == [(other,)]
        assert connection.execute(fetch).fetchall() == [(None,)]
        connection.execute(later, (None, first))
        assert connection.execute(fetch).fetchall() == [(first,)]
        assert connection.execute(fetch).fetchall() == [(None,)]
        finish = "SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)"
        connection.execute(finish, (first,))
        assert connection.execute(fetch).fetchall() == [(second,)]


def test_the_jobs_of_a_worker_that_died_are_given_to_others_and_no_others(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    deliveries.endpoint("https://example.com/hook")
    for n in range(3):
        tell(disputes, clock, "filed", f"o-{n}")
    deliveries.dispatched()
    with jobs(deliveries) as connection:
        beat = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)"
        now = datetime.now(UTC)
        for ago in (0.0, STALLED_SECONDS + 1):
            connection.execute(beat, (now - timedelta(seconds=ago),))
        workers = "SELECT id FROM procrastinate_workers ORDER BY last_heartbeat"
        dead, alive = (row[0] for row in connection.execute(workers).fetchall())
        fetch = "SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)"
        connection.execute(fetch, (alive,))
        connection.execute(fetch, (dead,))
        assert take_back(connection) == 1
        assert take_back(connection) == 0
        states = [row[1] for row in connection.execute(JOBS).fetchall()]
        assert states == ["doing", "todo", "todo"]
        # A worker that ended by itself has left none; one whose row is gone has died.
        connection.execute("DELETE FROM procrastinate_workers")
        assert take_back(connection) == 1


def test_the_pause_that_a_receiver_asks_for_is_kept(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    busy = Answer(429, headers=(("Retry-After", "2"),))
    answers = iter([busy, Answer(204)])
    with receiving(lambda _: next(answers)) as receiver, deliveries.sending():
        deliveries.endpoint(receiver.url)
        tell(disputes, clock, "filed", "o-1")
        deliveries.dispatched()
        until(lambda: deliveries.count("delivered") == 1)
    rows = deliveries.rows("SELECT at FROM delivery_attempts ORDER BY number")
    (pause,) = (after["at"] - before["at"] for before, after in pairwise(rows))
    assert timedelta(seconds=1.9) < pause < timedelta(seconds=10)


def test_a_receiver_that_was_away_is_sent_at_once_what_waits_for_it(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    with receiving(lambda _: Answer(500)) as receiver:
        webhook, _ = deliveries.endpoint(receiver.url)
        for n in range(3):
            tell(disputes, clock, "filed", f"o-{n}")
        deliveries.dispatched()
        with deliveries.sending((timedelta(hours=3),)):
            until(lambda: len(receiver.received) == 3)
            until(lambda: not _doing(deliveries))
            receiver.answering = lambda _: Answer(204)
            with jobs(deliveries) as connection:
                connection.execute(
                    "UPDATE webhooks SET failing_since = now() - interval '1 hour'"
                    " WHERE webhook_id = %s",
                    (webhook,),
                )
            # The next event finds it well again, and the others need not wait for 3 h.
            tell(disputes, clock, "filed", "o-3")
            deliveries.dispatched()
            until(lambda: deliveries.count("delivered") == 4)


def test_what_is_long_delivered_is_forgotten_and_dead_letters_are_not(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    answers = iter([Answer(204), Answer(500), Answer(500)])
    with receiving(lambda _: next(answers)) as receiver:
        deliveries.endpoint(receiver.url, "filed")
        tell(disputes, clock, "filed", "o-1")
        tell(disputes, clock, "filed", "o-2")
        deliveries.dispatched()
        with deliveries.sending((timedelta(0),)):
            until(lambda: deliveries.count("dead") == 1)
    now = datetime.now(UTC)
    with deliveries.database.get_connection() as connection:
        assert prune(connection, now - timedelta(days=1)) == 0
        assert prune(connection, now + timedelta(days=1)) == 1
        health = delivery_health(connection)
        (one,) = undelivered(connection)
    assert (health.dead, health.waiting, health.late_seconds) == (1, 0, 0.0)
    assert (one.dead, one.waiting) == (1, 0)
    assert [found.said for found in delivery_findings(health)] == [
        "webhooks: 1 messages were given up: redress deliveries"
    ]
    rows = deliveries.rows("SELECT DISTINCT delivery_id FROM delivery_attempts")
    assert len(rows) == 1


@pytest.mark.parametrize("state", ["active", "paused"])
def test_health_tells_of_what_nobody_sends_and_not_of_what_may_wait(
    deliveries: Deliveries, disputes: Disputes, clock: Clock, state: str
) -> None:
    deliveries.endpoint("https://example.com/hook")
    tell(disputes, clock, "filed", "o-1")
    deliveries.dispatched()
    with deliveries.database.get_connection() as connection:
        connection.execute("UPDATE webhooks SET state = %s", (state,))
        connection.execute(
            "UPDATE deliveries SET next_at = now() - interval '5 minutes',"
            " created_at = now() - interval '5 minutes'"
        )
        health = delivery_health(connection)
    assert health.waiting == 1
    assert health.oldest_seconds > 299
    kinds = [found.kind for found in delivery_findings(health)]
    assert kinds == (["overdue"] if state == "active" else [])


def _doing(deliveries: Deliveries) -> bool:
    query = "SELECT 1 FROM redress_jobs.procrastinate_jobs WHERE status = 'doing'"
    return bool(deliveries.rows(query))
