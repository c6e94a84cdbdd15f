"""Nobody is shown what is not theirs: random requests, and with the conditions removed.

`TEST_LEAKS=100000 pytest tests/http/test_leaks.py` sends as many requests, and
`TEST_LEAKS_SEED` other ones.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from litestar.testing import TestClient

from application.record.row_scope import working_as
from domain.roles import Role
from interface.api import recorded_reads, request_context
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.callers.caller_scope import scope_of
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.canary_world import CanaryWorld
from tests.http.forgetful_cursor import FORGOTTEN, ForgetfulCursor
from tests.http.random_requests import RandomRequests

MANY = int(os.environ.get("TEST_LEAKS", "1500"))
SEED = int(os.environ.get("TEST_LEAKS_SEED", "14"))

SECURED = (
    *("case_parties", "case_recusals", "events", "ledger", "requests", "queue"),
    *("audit_trail", "transparency", "notices", "access_log", "filing_counts"),
    "access_grants",
)
"""Tables with rows of cases and callers, each of which somebody here sees something of.
"""

TOLD = {
    (Role.ANALYST, "transparency"),
    (Role.MEDIATOR, "case_recusals"),
    (Role.SUPERVISOR, "case_recusals"),
}
"""Analysts count cases and are shown none; who was recused knows from which case."""

pytestmark = pytest.mark.long


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    one = wire(settings.read(environ), url, url, clock)
    yield one
    one.close()


@pytest.fixture
def world(http: TestClient[Any], system: System, background: Worker) -> CanaryWorld:
    one = CanaryWorld(http, system, background)
    one.populate()
    return one


@pytest.fixture
def forgetful(
    world: CanaryWorld, system: System, monkeypatch: pytest.MonkeyPatch
) -> CanaryWorld:
    """Leave out every condition on platforms, parties and relations, in SQL and out."""
    for pool in (system.database.pool, system.database.request_pool):
        vars(pool)["kwargs"]["cursor_factory"] = ForgetfulCursor
    system.database.replace_connections()
    monkeypatch.setattr(Caller, "may_see", lambda *_: True)
    for module in (request_context, recorded_reads):
        if hasattr(module, "bar_to_reading"):
            monkeypatch.setattr(module, "bar_to_reading", lambda *_: None)
    # Staff who name a case meet it, to be told that they are barred: no one tells them.
    monkeypatch.setattr(request_context, "meeting_any_case", lambda _: nullcontext())
    FORGOTTEN.clear()
    return world


def test_row_security_alone_shows_nobody_what_is_not_theirs(
    forgetful: CanaryWorld,
) -> None:
    asked = RandomRequests(forgetful, SEED)
    asked.go(MANY)
    assert not asked.leaks, asked.leaks[:5]
    assert asked.statuses[200] > MANY / 10
    assert len(FORGOTTEN) >= 6, FORGOTTEN
    assert FORGOTTEN.total() > MANY / 10


def test_without_row_security_the_same_requests_leak(
    forgetful: CanaryWorld, url: str
) -> None:
    """Else the test above could not fail."""
    with psycopg.connect(url) as owner:
        for (table,) in owner.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity"
        ).fetchall():
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
    asked = RandomRequests(forgetful, SEED)
    asked.go(MANY)
    paths = {one.asked.split("?")[0] for one in asked.leaks}
    assert len(asked.leaks) > MANY / 10
    assert len(paths) > 20
    assert len({one.who for one in asked.leaks}) > 10


def test_each_table_shows_each_caller_what_is_theirs_alone(
    world: CanaryWorld, system: System
) -> None:
    """Read whole, by queries that have no condition at all."""
    seen: Counter[str] = Counter()
    for caller in world.callers:
        with working_as(scope_of(caller)), system.database.get_connection() as one:
            for table in SECURED:
                query = f"SELECT row_to_json(t)::text AS row FROM {table} t"
                rows = [row["row"] for row in one.execute(query.encode())]
                seen[table] += len(rows)
                leaks = world.leaks_in(caller, b"", _Rows("\n".join(rows)))
                assert not leaks or (caller.role, table) in TOLD, (table, leaks[:3])
    assert not [table for table in SECURED if not seen[table]]


class _Rows:
    """Rows in the form of an answer."""

    status_code = 200

    def __init__(self, text: str) -> None:
        self.content = text.encode()


def test_random_requests_show_nobody_what_is_not_theirs(
    world: CanaryWorld, background: Worker
) -> None:
    asked = RandomRequests(world, SEED)
    for _ in range(max(1, MANY // 500)):
        asked.go(min(MANY, 500))
        background.catch_up()
    assert not asked.leaks, asked.leaks[:5]
    assert sum(asked.statuses.values()) >= MANY
    assert not [one for one in asked.statuses if one >= 500 and one != 503]
    # Enough of them were answered: who is refused everything is shown nothing.
    assert asked.statuses[200] > MANY / 10
    assert len(asked.read) > 20
