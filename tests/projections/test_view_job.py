"""All views go together; one that cannot go on holds up none of the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import psycopg
import pytest

from application.cases.disputes import Disputes
from projections.figures import figure_cube
from projections.figures.transparency import TRANSPARENCY
from projections.following import ledger_batch, row_cache, view_group, view_job
from projections.following.follower import Following
from projections.following.state_cache import StateCache
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from projections.reports.period import Question
from projections.reports.report import report
from tests.conftest import Clock, ManualWorker
from tests.projections.test_follower import dump
from tests.sample_cases import tell, tell_all

pytestmark = pytest.mark.store


def places(session: psycopg.Connection) -> dict[str, int]:
    query = "SELECT name, position FROM followers WHERE name = ANY(%s)"
    names = [view.name for view in VIEWS]
    return dict(session.execute(query, (names,)).fetchall())


def end(session: psycopg.Connection) -> int:
    row = session.execute("SELECT max(position) FROM ledger").fetchone()
    return int(row[0]) if row else 0


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def running(url: str) -> Iterator[ViewJob]:
    """Have the views followed in a thread."""
    job, stop = ViewJob(url, VIEWS), Event()

    def run() -> None:
        while not stop.is_set():
            job.tick()
            stop.wait(0.01)
        job.close()

    thread = Thread(target=run)
    thread.start()
    yield job
    stop.set()
    thread.join()


def test_a_view_that_was_dropped_by_hand_holds_up_no_other(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    running: ViewJob,
) -> None:
    session.execute("ALTER TABLE notices RENAME TO hidden")
    tell_all(disputes, clock)
    worker.parts[0].tick()
    others = {view.name for view in VIEWS} - {"notices"}
    assert within(
        10,
        lambda: (
            {name for name, at in places(session).items() if at == end(session)}
            == others
        ),
    )
    assert places(session)["notices"] == 0
    assert within(
        5,
        lambda: bool(
            session.execute(
                "SELECT 1 FROM log_reports WHERE part = 'notices'"
                " AND problem LIKE '%does not exist%'"
            ).fetchone()
        ),
    )
    session.execute("ALTER TABLE hidden RENAME TO notices")
    assert within(10, lambda: set(places(session).values()) == {end(session)})
    # It is one of them again: all move in one transaction.
    assert within(5, lambda: len(running.together) == len(VIEWS))
    aside = "SELECT count(*) FROM parked"
    assert session.execute(aside).fetchone() == (0,)


def test_a_table_that_somebody_locks_holds_up_its_view_alone(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    running: ViewJob,
    url: str,
) -> None:
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE redress.audit_trail IN EXCLUSIVE MODE")
        tell_all(disputes, clock)
        worker.parts[0].tick()
        assert within(
            10,
            lambda: (
                sorted(places(session).values())[1] == end(session)
                and places(session)["audit_trail"] == 0
            ),
        )
    assert within(20, lambda: set(places(session).values()) == {end(session)})
    assert within(5, lambda: len(running.together) == len(VIEWS))


def test_a_view_that_is_far_behind_is_brought_up_beside_the_others(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    worker.close()
    grown = {view.name: dump(session, view) for view in VIEWS}
    monkeypatch.setattr(view_job, "NEAR", 10)
    session.execute("DELETE FROM agenda")
    session.execute("UPDATE followers SET position = 0 WHERE name = 'agenda'")
    job = ViewJob(url, VIEWS)
    job.tick()
    assert len(job.together) == len(VIEWS) - 1
    assert within(10, lambda: bool(job.tick() or len(job.together) == len(VIEWS)))
    while job.tick():
        pass
    job.close()
    assert {view.name: dump(session, view) for view in VIEWS} == grown


@pytest.mark.parametrize("alone", [True, False])
def test_figures_are_added_up_while_events_go_on_coming(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    alone: bool,
) -> None:
    """In a round that finds events, and for a view that goes on by itself, too."""
    worker.close()
    monkeypatch.setattr(figure_cube, "AT_ONCE", 0)
    job = ViewJob(url, VIEWS)
    job.tick()
    tell_all(disputes, clock)
    worker.parts[0].tick()
    if alone:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SET search_path TO redress")
            assert Following(TRANSPARENCY, other).advance()
    else:
        assert job.tick()
    job.close()
    pending = "SELECT count(*) FROM figures_pending"
    assert session.execute(pending).fetchone() == (0,)
    question = Question(period="all", by="reason")
    summed = report(session, question)
    assert summed.groups
    assert summed == report(session, question, from_rows=True)


def test_small_caches_change_nothing(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for n in range(2):
        tell(disputes, clock, "closed", f"o-{n}")
    tell_all(disputes, clock)
    worker.catch_up()
    worker.close()
    grown = {view.name: dump(session, view) for view in VIEWS}
    session.execute("UPDATE followers SET position = 0")
    for view in VIEWS:
        session.execute(f"DELETE FROM {view.name}".encode())
        for table in view.tables:
            session.execute(f"DELETE FROM {table}".encode())
    monkeypatch.setattr(ledger_batch, "StateCache", lambda: StateCache(1, 1_000))
    monkeypatch.setattr(row_cache, "CASES", 1)
    # Batches of seven events: every case is taken up again several times.
    monkeypatch.setattr(view_group, "BATCH", 7)
    job = ViewJob(url, VIEWS)
    while job.tick():
        pass
    job.close()
    assert {view.name: dump(session, view) for view in VIEWS} == grown


def test_what_held_a_view_up_is_over_when_it_was_rebuilt(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    running: ViewJob,
) -> None:
    def problems() -> int:
        query = (
            "SELECT count(*) FROM log_reports"
            " WHERE part = 'queue' AND problem IS NOT NULL"
        )
        return int((session.execute(query).fetchone() or (0,))[0])

    session.execute("DROP TABLE queue")
    tell_all(disputes, clock)
    worker.parts[0].tick()
    assert within(10, lambda: problems() == 1)
    rebuild_views(url, [QUEUE], lambda *_: None)
    assert within(10, lambda: problems() == 0)
    assert within(10, lambda: len(running.together) == len(VIEWS))
