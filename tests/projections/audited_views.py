"""What the audit of views finds, and what health says of it."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection

from application.jobs.view_skips import skip
from application.record.envelope import decode
from projections.following.ledger_batch import in_turn
from projections.health.examination import examine
from projections.health.health_finding import Kind
from projections.health.view_health import ViewHealth
from projections.placed_events import Placed
from projections.registry import VIEWS
from projections.view_audit.view_difference import ViewDifference
from projections.view_audit.view_walk import ViewWalk
from tests.conftest import Clock

CASE = "(SELECT case_id FROM queue WHERE phase = 'closed' ORDER BY case_id LIMIT 1)"
OTHER = "(SELECT case_id FROM queue WHERE phase <> 'closed' ORDER BY case_id LIMIT 1)"


def found(app: Connection[Any], size: int = 2_000) -> dict[str, ViewDifference]:
    walk = ViewWalk(app, VIEWS, size)
    while walk.step():
        pass
    return walk.found


def placed(app: Connection[Any], case: Any) -> tuple[Placed, ...]:
    rows = app.execute(
        "SELECT l.position, e.state FROM ledger l JOIN events e USING (notification_id)"
        " WHERE l.originator_id = %s ORDER BY l.position",
        (case,),
    ).fetchall()
    return in_turn((position, decode(state)) for position, state in rows)


def let_pass(app: Connection[Any], who: str, clock: Clock) -> None:
    skip(
        app,
        "transparency",
        1,
        reason="Put in by SQL",
        by=who,
        now=clock(),
        announce=lambda _: None,
    )


def findings_of(
    app: Connection[Any], clock: Clock, kind: Kind = Kind.DIFFERS
) -> list[Any]:
    with psycopg.connect(app.info.dsn, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        connection.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        found = examine(connection, clock(), witnesses=None, calendars=())
    return [one for one in found.findings if one.kind is kind]


def health_of(app: Connection[Any], clock: Clock, name: str) -> ViewHealth:
    with psycopg.connect(app.info.dsn, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        connection.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        found = examine(connection, clock(), witnesses=None, calendars=())
    (view,) = [one for one in found.views if one.name == name]
    return view


def one_value(app: Connection[Any], query: str) -> Any:
    row = app.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
