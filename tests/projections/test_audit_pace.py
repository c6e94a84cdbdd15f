"""What the audits cost: next to nothing while nothing happens, more while it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from application.jobs import audit_pace
from application.jobs.audit_pace import BUSY_SHARE, MOST_REST, AuditPace
from application.jobs.custody_audit import QUIET_SHARE as OF_CUSTODY
from application.log.fsck.auditor import QUIET_SHARE as OF_LOG
from application.record.sequencer import Sequencer
from projections.health.log_health import SILENT
from projections.registry import VIEWS
from projections.view_audit import view_auditor
from projections.view_audit.view_auditor import (
    LOOK_SECONDS,
    QUIET_SHARE,
    ViewAuditor,
)
from tests.conftest import Clock, ManualWorker
from tests.projections.audited_views import health_of
from tests.sample_cases import tell, tell_all

pytestmark = pytest.mark.store


@pytest.fixture
def numbered(disputes: Disputes, clock: Clock, url: str) -> Iterator[Callable[[], Any]]:
    """Return what appends a case and gives its events their positions."""
    sequencer = Sequencer(url)
    orders = iter(range(1_000))

    def append() -> None:
        tell(disputes, clock, "filed", f"n-{next(orders)}")
        sequencer.tick()

    yield append
    sequencer.close()


@pytest.fixture
def auditor(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ViewAuditor]:
    """Yield one that has saved nothing up."""
    monkeypatch.setattr(audit_pace, "SAVED_SECONDS", 0.0)
    # So small that a round has many slices, and any step owes more than one rest.
    monkeypatch.setattr(view_auditor, "QUIET_EVENTS", 20)
    monkeypatch.setattr(view_auditor, "QUIET_SHARE", 1e-5)
    one = ViewAuditor(url, VIEWS)
    yield one
    one.close()


def test_all_audits_together_leave_an_idle_server_below_a_percent() -> None:
    assert QUIET_SHARE + OF_LOG + OF_CUSTODY <= 0.004


@pytest.fixture
def elapsed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose sum is the time that has passed, in seconds."""
    passed = [0.0]
    clock = SimpleNamespace(monotonic=lambda: sum(passed))
    monkeypatch.setattr(audit_pace, "time", clock)
    return passed


def test_a_long_round_costs_its_share_however_long_its_steps_are(
    elapsed: list[float],
) -> None:
    pace, spent = AuditPace(0.001), 0.0
    for seconds in (0.01, 0.1, 3.0) * 20:
        elapsed.append(seconds)
        pace.spend(seconds)
        spent += seconds
        while (rest := pace.rest()) > 0:
            assert rest <= MOST_REST
            elapsed.append(rest)
    saved = audit_pace.SAVED_SECONDS
    assert (spent - saved) / sum(elapsed) == pytest.approx(0.001, rel=0.01)
    # Between rests it reports: it must not count as ended.
    assert SILENT.total_seconds() > MOST_REST


def test_a_small_record_is_compared_again_and_again(elapsed: list[float]) -> None:
    pace = AuditPace(0.001)
    for _ in range(100):
        for _ in range(3):
            elapsed.append(0.01)
            pace.spend(0.01)
            elapsed.append(pace.rest())
        elapsed.append(60.0)
    assert sum(elapsed) / 100 < 70


def test_events_hurry_it_and_a_minute_after_the_last_it_is_slow_again(
    numbered: Callable[[], Any],
    app: Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_pace, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(audit_pace, "QUIET_SECONDS", 0.2)
    numbered()
    pace = AuditPace(0.001)
    pace.look(app)
    # A server that starts has as much to compare as before.
    assert pace.is_quiet
    pace.spend(1.0)
    pace.rest()
    assert pace.is_resting
    numbered()
    pace.look(app)
    assert (pace.is_quiet, pace.is_resting) == (False, False)
    pace.spend(1.0)
    assert pace.rest() == pytest.approx(1 / BUSY_SHARE - 1)
    time.sleep(0.25)
    pace.look(app)
    assert pace.is_quiet


def test_a_changed_row_begins_a_round_at_once(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    auditor: ViewAuditor,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    while auditor.tick():
        pass
    # In the middle of a slow round, a row is changed that is behind it.
    assert auditor.tick() == 1
    assert auditor.rest(1) == LOOK_SECONDS
    app.execute(
        "UPDATE transparency SET offers = offers + 1 WHERE case_id ="
        " (SELECT case_id FROM transparency ORDER BY case_id LIMIT 1)"
    )
    while auditor.tick():
        # It goes on as while events come.
        assert auditor.rest(1) < LOOK_SECONDS / 2
    assert health_of(app, clock, "transparency").differs is not None
    assert health_of(app, clock, "queue").differs is None
    # The alarm is over with the round.
    assert auditor.tick() == 1
    assert auditor.rest(1) == LOOK_SECONDS


def test_what_followers_write_is_no_alarm(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    auditor: ViewAuditor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alarms: list[int] = []
    monkeypatch.setattr(AuditPace, "alarm", lambda _: alarms.append(1))
    for n in range(5):
        tell(disputes, clock, "closed", f"o-{n}")
        worker.catch_up()
        auditor.tick()
    assert alarms == []


def test_a_resting_audit_looks_each_minute_and_reports(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    auditor: ViewAuditor,
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.catch_up()
    auditor.tick()
    assert auditor.rest(0) == LOOK_SECONDS
    app.execute("UPDATE log_reports SET at = now() - interval '1 hour'")
    compared = app.execute("SELECT * FROM view_rounds ORDER BY view").fetchall()
    assert auditor.tick() == 1
    assert app.execute("SELECT * FROM view_rounds ORDER BY view").fetchall() == compared
    row = app.execute(
        "SELECT now() - at < '1 minute' FROM log_reports WHERE part = 'view-auditor'"
    ).fetchone()
    assert row == (True,)


def test_a_running_audit_rests_by_it(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    auditor: ViewAuditor,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    stop = threading.Event()
    thread = threading.Thread(target=auditor.run, args=(stop,))
    thread.start()
    time.sleep(2.0)
    row = app.execute("SELECT max(position) FROM ledger").fetchone()
    told = app.execute(
        "SELECT reached FROM log_reports WHERE part = 'view-auditor'"
    ).fetchone()
    stop.set()
    thread.join()
    assert row is not None
    assert told is not None
    # One slice, and then a rest that is longer than this test.
    assert 0 < told[0] < 40 < row[0]
