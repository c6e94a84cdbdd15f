"""Where a view stands, and what it left out, is held against the record as well."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from projections.registry import VIEWS
from projections.view_audit.view_auditor import ViewAuditor
from tests.conftest import Clock, ManualWorker
from tests.projections.audited_views import (
    CASE,
    OTHER,
    findings_of,
    found,
    health_of,
    let_pass,
    one_value,
)
from tests.projections.test_follower import add_poison
from tests.sample_cases import tell

pytestmark = pytest.mark.store


def test_what_a_view_set_aside_or_halted_at_is_no_difference(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    add_poison(disputes)
    tell(disputes, clock, "closed", "o-2")
    worker.catch_up()
    assert one_value(app, "SELECT count(*) FROM parked") == 3
    assert (
        one_value(app, "SELECT count(*) FROM followers WHERE halted IS NOT NULL") == 4
    )
    assert found(app) == {}
    app.execute("DELETE FROM parked")
    assert "up to position" in str(found(app)["queue"])


ASIDE = "INSERT INTO parked SELECT '{view}', originator_id, {at}, 'x' FROM ledger {of}"
OF_CLOSED = f"WHERE originator_id = {CASE} GROUP BY originator_id"
OF_RULES = (
    "WHERE originator_id NOT IN (SELECT case_id FROM audit_trail)"
    " GROUP BY originator_id"
)
HIDDEN = {
    "at its first event": ("queue", "min(position)", OF_CLOSED, "event it can take"),
    "in the trail": ("audit_trail", "min(position)", OF_CLOSED, "sets no case aside"),
    "at its last event": ("agenda", "max(position)", OF_CLOSED, "event it can take"),
    "where another case has its event": (
        "queue",
        f"(SELECT min(position) FROM ledger WHERE originator_id = {OTHER})",
        OF_CLOSED,
        "where the case has no event",
    ),
    "later than the view is": (
        "queue",
        "max(position) + 1000",
        OF_CLOSED,
        "and stands at",
    ),
    "though the view halts": (
        "transparency",
        "min(position)",
        OF_CLOSED,
        "a view that sets no case aside",
    ),
    "a history that is no case": (
        "queue",
        "min(position)",
        OF_RULES,
        "where the case has no event",
    ),
}


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("size", [5, 2_000])
@pytest.mark.parametrize("how", HIDDEN)
def test_a_case_that_was_set_aside_without_a_cause_is_named(
    app: Connection[Any], how: str, size: int
) -> None:
    view, at, of, said = HIDDEN[how]
    aside = ASIDE.format(view=view, at=at, of=of)
    assert app.execute(aside.encode()).rowcount == 1
    case = one_value(app, "SELECT originator_id FROM parked")
    app.execute(f"DELETE FROM {view} WHERE case_id = %s".encode(), (case,))
    one = found(app, size)
    assert list(one) == [view]
    assert one[view].case == case
    assert said in one[view].said
    # To find out whether the view takes it, it was not put there.
    rows = f"SELECT count(*) FROM {view} WHERE case_id = '{case}'"
    assert one_value(app, rows) == 0


def test_a_case_whose_rows_its_table_refuses_is_set_aside_with_a_cause(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    with psycopg.connect(app.info.dsn) as owner:
        owner.execute(
            "ALTER TABLE redress.queue ADD CONSTRAINT open CHECK (phase <> 'closed')"
        )
    worker.catch_up()
    assert one_value(app, "SELECT count(*) FROM parked") == 1
    assert found(app) == {}


@pytest.mark.usefixtures("grown")
def test_a_view_beyond_the_end_of_the_record_is_named(
    app: Connection[Any], clock: Clock, url: str
) -> None:
    end = one_value(app, "SELECT max(position) FROM ledger")
    app.execute("UPDATE followers SET position = position + 100")
    said = f"it stands at position {end + 100}, beyond the end of the record at {end}"
    one = found(app)
    assert {view.name for view in VIEWS} <= one.keys()
    assert {str(it) for it in one.values()} == {f"view {name}: {said}" for name in one}
    told = {it.part: it.said for it in findings_of(app, clock)}
    assert told == {name: f"{name}: {said}" for name in one}
    auditor = ViewAuditor(url, VIEWS)
    auditor.tick()
    auditor.close()
    assert said in (health_of(app, clock, "queue").differs or "")


def test_a_position_that_two_people_let_a_view_pass_over(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    url: str,
) -> None:
    add_poison(disputes)
    tell(disputes, clock, "closed", "o-2")
    worker.catch_up()
    for who in ("v-1", "v-2"):
        let_pass(app, who, clock)
    worker.catch_up()
    assert found(app) == {}
    auditor = ViewAuditor(url, VIEWS)
    assert auditor.tick() == 0
    said = health_of(app, clock, "transparency").differs
    assert said == (
        "view transparency: row position 1: it passes over a position, which nobody"
        " has approved on record"
    )
    auditor.close()
