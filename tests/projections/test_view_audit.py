"""Every row of every view is held against the record; the first that differs is named.

Each change here is one that the application's own role can make.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from application.jobs.view_skips import skip
from application.record.database import connected
from application.record.envelope import decode
from projections.agenda import leased
from projections.health.examination import ViewHealth, examine
from projections.health.health_finding import Kind
from projections.queue import QUEUE
from projections.read_model import Placed
from projections.rebuild import RebuildDiffers, rebuild
from projections.registry import VIEWS
from projections.view_audit.view_auditor import BETWEEN_SECONDS, SHARE, ViewAuditor
from projections.view_audit.view_difference import ViewDifference
from projections.view_audit.view_rounds import ViewDiffers, check_sound
from projections.view_audit.view_walk import ViewWalk
from tests.conftest import Clock, ManualWorker
from tests.projections.test_follower import add_poison
from tests.sample_cases import tell, tell_all

pytestmark = pytest.mark.store


@pytest.fixture
def app(url: str) -> Iterator[Connection[Any]]:
    with connected(url) as connection:
        yield connection


@pytest.fixture
def grown(disputes: Disputes, clock: Clock, worker: ManualWorker) -> None:
    """Have every sample case in every view."""
    tell_all(disputes, clock)
    worker.catch_up()


def found(app: Connection[Any], size: int = 2_000) -> dict[str, ViewDifference]:
    walk = ViewWalk(app, VIEWS, size)
    while walk.step():
        pass
    return walk.found


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("size", [1, 2, 7, 40, 2_000])
def test_views_that_grew_from_the_record_do_not_differ(
    app: Connection[Any], size: int
) -> None:
    walk = ViewWalk(app, VIEWS, size)
    while walk.step():
        pass
    assert walk.found == {}
    rows = {view.name: _one(app, f"SELECT count(*) FROM {view.name}") for view in VIEWS}
    assert walk.compared == rows
    assert min(rows.values()) > 0
    last = _one(app, "SELECT max(position) FROM ledger")
    # The rules' first use has a position as well, and belongs to no case.
    assert walk.events == rows["audit_trail"] < last
    assert set(walk.upto.values()) == {last}


CASE = "(SELECT case_id FROM queue WHERE phase = 'closed' ORDER BY case_id LIMIT 1)"
OTHER = "(SELECT case_id FROM queue WHERE phase <> 'closed' ORDER BY case_id LIMIT 1)"

PLANTED = {
    "queue: a changed column": (
        "queue",
        f"UPDATE queue SET seller = 's-9' WHERE case_id = {CASE}",
        "column seller: the row is not what the record says: expected s-1, got s-9",
    ),
    "queue: another state": (
        "queue",
        (
            'UPDATE queue SET state = replace(state, \'"phase":"closed"\','
            f' \'"phase":"ruled"\') WHERE case_id = {CASE}'
        ),
        "column state",
    ),
    "queue: no state": (
        "queue",
        f"UPDATE queue SET state = 'lost' WHERE case_id = {CASE}",
        "got lost",
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
            " reason, opened_at, changed_at, state) VALUES (gen_random_uuid(), 1,"
            " 'filed', 'shop', 'app', 'quality', 'defect', now(), now(), '{}')"
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
    "audit_trail: another rule": (
        "audit_trail",
        (
            "UPDATE audit_trail SET rules = ARRAY['x/1'] WHERE type = 'ruled'"
            f" AND case_id = {CASE}"
        ),
        "column rules: the row is not what the record says",
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


def test_the_row_of_an_earlier_state_is_found(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.parts[0].tick()
    worker.catch_up()
    case = _one(app, "SELECT case_id FROM queue")
    walk = ViewWalk(app, VIEWS)
    assert not walk.step()
    assert walk.found == {}
    before = QUEUE.rows_of(_placed(app, case)[:-1])
    app.execute("DELETE FROM queue")
    with app.cursor() as cursor:
        QUEUE.store(cursor, {}, {case: before})
    one = found(app)["queue"]
    assert (one.case, one.column) == (case, "version")


@pytest.mark.usefixtures("grown")
def test_what_the_worker_notes_is_no_difference(app: Connection[Any]) -> None:
    app.execute("UPDATE agenda SET tries = 9, retry_at = now()")
    assert found(app) == {}


@pytest.mark.usefixtures("grown")
def test_a_state_of_an_older_program_is_the_same_in_other_words(
    app: Connection[Any],
) -> None:
    app.execute("UPDATE queue SET state = replace(state, '\",\"', '\", \"')")
    assert found(app) == {}


def test_each_view_is_judged_at_its_own_position(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.parts[0].tick()
    for follower in worker.parts[1:]:
        follower.tick()
    tell(disputes, clock, "ruled", "o-2")
    worker.parts[0].tick()
    worker.parts[2].tick()
    positions = {
        row[0] for row in app.execute("SELECT position FROM followers").fetchall()
    }
    assert len(positions) == 2
    assert found(app) == {}


def test_what_a_view_set_aside_or_halted_at_is_no_difference(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    add_poison(disputes)
    tell(disputes, clock, "closed", "o-2")
    worker.catch_up()
    assert _one(app, "SELECT count(*) FROM parked") == 3
    assert _one(app, "SELECT count(*) FROM followers WHERE halted IS NOT NULL") == 3
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
    case = _one(app, "SELECT originator_id FROM parked")
    app.execute(f"DELETE FROM {view} WHERE case_id = %s".encode(), (case,))
    one = found(app, size)
    assert list(one) == [view]
    assert one[view].case == case
    assert said in one[view].said
    # To find out whether the view takes it, it was not put there.
    rows = f"SELECT count(*) FROM {view} WHERE case_id = '{case}'"
    assert _one(app, rows) == 0


def test_a_case_whose_rows_its_table_refuses_is_set_aside_with_a_cause(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "closed", "o-1")
    with psycopg.connect(app.info.dsn) as owner:
        owner.execute(
            "ALTER TABLE redress.queue ADD CONSTRAINT open CHECK (phase <> 'closed')"
        )
    worker.catch_up()
    assert _one(app, "SELECT count(*) FROM parked") == 1
    assert found(app) == {}


@pytest.mark.usefixtures("grown")
def test_a_view_beyond_the_end_of_the_record_is_named(
    app: Connection[Any], clock: Clock, url: str
) -> None:
    end = _one(app, "SELECT max(position) FROM ledger")
    app.execute("UPDATE followers SET position = position + 100")
    said = f"it stands at position {end + 100}, beyond the end of the record at {end}"
    one = found(app)
    assert {view.name for view in VIEWS} <= one.keys()
    assert {str(it) for it in one.values()} == {f"view {name}: {said}" for name in one}
    told = {it.part: it.said for it in _findings(app, clock)}
    assert told == {name: f"{name}: {said}" for name in one}
    auditor = ViewAuditor(url, VIEWS)
    auditor.tick()
    auditor.close()
    assert said in (_view(app, clock, "queue").differs or "")


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
        _skip(app, who, clock)
    worker.catch_up()
    assert found(app) == {}
    auditor = ViewAuditor(url, VIEWS)
    assert auditor.tick() == 0
    said = _view(app, clock, "transparency").differs
    assert said == (
        "view transparency: row position 1: it passes over a position, which nobody"
        " has approved on record"
    )
    auditor.close()


def test_the_audit_reports_until_a_whole_round_finds_nothing(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    app: Connection[Any],
    url: str,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    assert _view(app, clock, "queue").audited_at is None
    auditor = ViewAuditor(url, VIEWS)
    assert auditor.tick() == 0
    assert auditor.rest(0) >= BETWEEN_SECONDS
    last = _one(app, "SELECT max(position) FROM ledger")
    clean = _view(app, clock, "queue")
    assert (clean.audited_upto, clean.differs) == (last, None)
    check_sound(app, "transparency")

    app.execute("UPDATE transparency SET offers = offers + 1")
    assert auditor.tick() == 0
    differs = _view(app, clock, "transparency").differs
    assert differs is not None
    assert "column offers" in differs
    (finding,) = _findings(app, clock)
    assert (finding.part, finding.kind) == ("transparency", Kind.DIFFERS)
    with pytest.raises(ViewDiffers, match="column offers"):
        check_sound(app, "transparency")

    app.execute("UPDATE transparency SET offers = offers - 1")
    assert _view(app, clock, "transparency").differs == differs
    assert auditor.tick() == 0
    assert _view(app, clock, "transparency").differs is None
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
    auditor.tick()
    auditor.close()
    assert "queue" in [one.part for one in _findings(app, clock)]
    rebuild(url, QUEUE, lambda *_: None)
    assert _findings(app, clock) == []
    assert found(app) == {}


def test_the_audit_leaves_the_core_to_others(
    disputes: Disputes, clock: Clock, worker: ManualWorker, url: str
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.catch_up()
    auditor = ViewAuditor(url, VIEWS)
    auditor.tick()
    assert auditor.rest(1) >= BETWEEN_SECONDS
    assert SHARE <= 0.25
    auditor.close()


def test_a_deadline_that_is_hidden_by_a_lease_is_told_and_acted_on(
    disputes: Disputes, clock: Clock, worker: ManualWorker, app: Connection[Any]
) -> None:
    tell(disputes, clock, "filed", "o-1")
    worker.catch_up()
    clock.forward(days=30)
    app.execute("UPDATE agenda SET retry_at = now() + interval '99 years'")
    assert _findings(app, clock, Kind.OVERDUE)
    # To be found is not enough: the worker takes it all the same.
    now = clock()
    rows = leased(app, now, now + timedelta(seconds=30), 50)
    assert [row.name for row in rows] == ["admission"]
    assert leased(app, now, now + timedelta(seconds=30), 50) == []


def _placed(app: Connection[Any], case: Any) -> list[Placed]:
    rows = app.execute(
        "SELECT l.position, e.state FROM ledger l JOIN events e USING (notification_id)"
        " WHERE l.originator_id = %s ORDER BY l.position",
        (case,),
    ).fetchall()
    return [Placed(position, decode(state)) for position, state in rows]


def _skip(app: Connection[Any], who: str, clock: Clock) -> None:
    skip(
        app,
        "transparency",
        1,
        reason="Put in by SQL",
        by=who,
        now=clock(),
        announce=lambda _: None,
    )


def _findings(
    app: Connection[Any], clock: Clock, kind: Kind = Kind.DIFFERS
) -> list[Any]:
    with psycopg.connect(app.info.dsn, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        connection.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        found = examine(connection, clock(), witnesses=None, calendars=())
    return [one for one in found.findings if one.kind is kind]


def _view(app: Connection[Any], clock: Clock, name: str) -> ViewHealth:
    with psycopg.connect(app.info.dsn, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        connection.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        found = examine(connection, clock(), witnesses=None, calendars=())
    (view,) = [one for one in found.views if one.name == name]
    return view


def _one(app: Connection[Any], query: str) -> Any:
    row = app.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
