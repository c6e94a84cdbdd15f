"""Every row of every view is held against the record; the first that differs is named.

Each change here is one that the application's own role can make.
"""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.following.follower import Following
from projections.queue.queue_view import QUEUE
from projections.registry import VIEWS
from projections.view_audit.view_walk import ViewWalk
from tests.conftest import Clock, ManualWorker
from tests.projections.audited_views import CASE, OTHER, found, one_value, placed
from tests.sample_cases import tell

pytestmark = pytest.mark.store


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("size", [1, 2, 7, 40, 2_000])
def test_views_that_grew_from_the_record_do_not_differ(
    app: Connection[Any], size: int
) -> None:
    walk = ViewWalk(app, VIEWS, size)
    while walk.step():
        pass
    assert walk.found == {}
    rows = {
        view.name: one_value(app, f"SELECT count(*) FROM {view.name}") for view in VIEWS
    }
    assert walk.compared == rows
    assert min(rows.values()) > 0
    last = one_value(app, "SELECT max(position) FROM ledger")
    # The rules' first use has a position as well, and belongs to no case.
    assert walk.events == rows["audit_trail"] < last
    assert set(walk.upto.values()) == {last}


PLANTED = {
    "queue: a changed column": (
        "queue",
        f"UPDATE queue SET seller = 's-9' WHERE case_id = {CASE}",
        "column seller: the row is not what the record says: expected s-1, got s-9",
    ),
    "queue: a deleted row": (
        "queue",
        f"DELETE FROM queue WHERE case_id = {CASE}",
        "a row of the record is missing",
    ),
    "queue: a case that never was": (
        "queue",
        (
            "INSERT INTO queue (case_id, version, phase, platform, channel, category,"
            " reason, opened_at, changed_at, case_number, tags, cell) VALUES"
            " (gen_random_uuid(), 1, 'filed', 'shop', 'app', 'quality', 'defect',"
            " now(), now(), '1', '{}', 1)"
        ),
        "the record calls for no such row",
    ),
    "audit_trail: a deleted first row": (
        "audit_trail",
        f"DELETE FROM audit_trail WHERE version = 1 AND case_id = {CASE}",
        "a row of the record is missing",
    ),
    "audit_trail: a row of another case": (
        "audit_trail",
        (
            f"UPDATE audit_trail SET version = 900, case_id = {OTHER}"
            f" WHERE version = 2 AND case_id = {CASE}"
        ),
        "row",
    ),
    "audit_trail: other terms": (
        "audit_trail",
        (
            "UPDATE audit_trail SET terms = terms[2:] WHERE version = 3"
            f" AND case_id = {CASE}"
        ),
        "column terms: the row is not what the record says",
    ),
    "transparency: a milestone undone": (
        "transparency",
        f"UPDATE transparency SET closed_at = NULL WHERE case_id = {CASE}",
        "column closed_at: the row is not what the record says",
    ),
    "transparency: an amount": (
        "transparency",
        f"UPDATE transparency SET awarded = 0 WHERE case_id = {CASE}",
        "column awarded: the row is not what the record says: expected 12900, got 0",
    ),
    "agenda: a deadline taken off": (
        "agenda",
        "DELETE FROM agenda WHERE kind = 'deadline'",
        "a row of the record is missing",
    ),
    "agenda: a deadline moved": (
        "agenda",
        "UPDATE agenda SET due = due + interval '1 year' WHERE kind = 'deadline'",
        "column due",
    ),
    "notices: a notice taken out": (
        "notices",
        f"DELETE FROM notices WHERE case_id = {CASE} AND party = 'seller'",
        "a row of the record is missing",
    ),
    "sanctions: another platform": (
        "sanctions",
        f"UPDATE sanctions SET platform = 'other' WHERE case_id = {CASE}",
        "column platform: the row is not what the record says: expected shop, got oth",
    ),
    "sanctions: one that was never imposed": (
        "sanctions",
        (
            f"INSERT INTO sanctions SELECT {CASE}, 1, 'shop', 's-1', 'warning', 'x',"
            " 'y', now(), now(), NULL, NULL"
        ),
        "number 1: the record calls for no such row",
    ),
}


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("size", [5, 2_000])
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_change_is_found_and_named(
    app: Connection[Any], planted: str, size: int
) -> None:
    view, statement, said = PLANTED[planted]
    assert app.execute(statement.encode()).rowcount > 0
    one = found(app, size)
    assert list(one) == [view]
    assert str(one[view]).startswith(f"view {view}: case ")
    assert said in str(one[view])


@pytest.mark.usefixtures("grown")
def test_a_sum_that_was_changed_is_found(app: Connection[Any]) -> None:
    app.execute("UPDATE figure_cells SET cases = cases + 1")
    one = found(app)
    assert list(one) == ["transparency"]
    assert "is not the sum of its cases" in str(one["transparency"])


def test_the_row_of_an_earlier_state_is_found(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.parts[0].tick()
    worker.catch_up()
    case = one_value(app, "SELECT case_id FROM queue")
    walk = ViewWalk(app, VIEWS)
    assert not walk.step()
    assert walk.found == {}
    before = QUEUE.rows_of(placed(app, case)[:-1])
    app.execute("DELETE FROM queue")
    with app.cursor() as cursor:
        QUEUE.store(cursor, {}, {case: before})
    one = found(app)["queue"]
    assert (one.case, one.column) == (case, "version")


@pytest.mark.usefixtures("grown")
def test_what_the_worker_notes_is_no_difference(app: Connection[Any]) -> None:
    app.execute("UPDATE agenda SET tries = 9, retry_at = now()")
    assert found(app) == {}


def test_each_view_is_judged_at_its_own_position(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.catch_up()
    tell(disputes, clock, "ruled", "o-2")
    worker.parts[0].tick()
    Following(AUDIT_TRAIL, app).advance()
    positions = {
        row[0] for row in app.execute("SELECT position FROM followers").fetchall()
    }
    assert len(positions) == 2
    assert found(app) == {}
