"""The audit of views in the background: what it reports, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from projections.agenda import leased
from projections.health.health_finding import Kind
from projections.queue.queue_view import QUEUE
from projections.rebuild.rebuild_run import rebuild
from projections.rebuild.swap import RebuildDiffers
from projections.registry import VIEWS
from projections.view_audit.view_auditor import BETWEEN_SECONDS, ViewAuditor
from projections.view_audit.view_rounds import ViewDiffers, check_sound
from tests.conftest import Clock, ManualWorker
from tests.projections.audited_views import findings_of, found, health_of, one_value
from tests.sample_cases import tell, tell_all

pytestmark = pytest.mark.store


def a_round(auditor: ViewAuditor) -> None:
    """Let the audit go through all cases, without its rests."""
    while auditor.tick():
        pass


def test_the_audit_reports_until_a_whole_round_finds_nothing(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    url: str,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    assert health_of(app, clock, "queue").audited_at is None
    auditor = ViewAuditor(url, VIEWS)
    a_round(auditor)
    assert auditor.rest(0) >= BETWEEN_SECONDS
    last = one_value(app, "SELECT max(position) FROM ledger")
    clean = health_of(app, clock, "queue")
    assert (clean.audited_upto, clean.differs) == (last, None)
    check_sound(app, "transparency")

    app.execute("UPDATE transparency SET offers = offers + 1")
    a_round(auditor)
    differs = health_of(app, clock, "transparency").differs
    assert differs is not None
    assert "column offers" in differs
    (finding,) = findings_of(app, clock)
    assert (finding.part, finding.kind) == ("transparency", Kind.DIFFERS)
    with pytest.raises(ViewDiffers, match="column offers"):
        check_sound(app, "transparency")

    app.execute("UPDATE transparency SET offers = offers - 1")
    assert health_of(app, clock, "transparency").differs == differs
    a_round(auditor)
    assert health_of(app, clock, "transparency").differs is None
    auditor.close()


def test_a_view_that_the_audit_has_named_is_rebuilt_from_the_record(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    url: str,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    app.execute("DELETE FROM queue WHERE phase = 'closed'")
    with pytest.raises(RebuildDiffers):
        rebuild(url, QUEUE, lambda *_: None)
    auditor = ViewAuditor(url, VIEWS)
    a_round(auditor)
    auditor.close()
    assert "queue" in [one.part for one in findings_of(app, clock)]
    rebuild(url, QUEUE, lambda *_: None)
    assert findings_of(app, clock) == []
    assert found(app) == {}


def test_a_deadline_that_is_hidden_by_a_lease_is_told_and_acted_on(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "filed", "o-1")
    worker.catch_up()
    clock.forward(days=30)
    app.execute("UPDATE agenda SET retry_at = now() + interval '99 years'")
    assert findings_of(app, clock, Kind.OVERDUE)
    # To be found is not enough: the worker takes it all the same.
    now = clock()
    rows = leased(app, now, now + timedelta(seconds=30), 50)
    assert [row.name for row in rows] == ["admission"]
    assert leased(app, now, now + timedelta(seconds=30), 50) == []
