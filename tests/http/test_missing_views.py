"""A view that was dropped by hand: what reads it says so, and all else goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import httpx
import psycopg
import pytest
from click.testing import CliRunner

from interface.api import present_views
from interface.bootstrap import System, build
from interface.cli.main import redress
from interface.run.worker import Worker
from projections.registry import VIEWS
from projections.tables.view_presence import ViewMissing
from tests.deliveries.patience import until
from tests.http.conftest import People, file_for, full_health
from tests.projections.conftest import session
from tests.sizes import WHOLE

pytestmark = pytest.mark.long

__all__ = ["session"]

SHOWN = {
    "queue": "/v1/disputes",
    "audit_trail": "/v1/audit/search?limit=5",
    "transparency": "/v1/transparency/reports/all",
    "sanctions": "/v1/sanctions",
    "notices": "/v1/notices",
}
LOST = {
    "table": "DROP TABLE {0} CASCADE",
    "position": "DELETE FROM followers WHERE name = '{0}'",
}
LOSSES = [
    (view, lost)
    for n, view in enumerate(SHOWN)
    for m, lost in enumerate(LOST)
    if WHOLE or n % 2 == m
]
"""Each view is lost in one of the ways; in the whole size, in both."""

WORDS = {
    "queue": "案件列表",
    "audit_trail": "审计记录",
    "transparency": "统计数据",
    "sanctions": "处罚公示",
    "notices": "通知",
}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present_views, "LOOK_SECONDS", 0.0)


@pytest.fixture
def working(system: System) -> Iterator[Worker]:
    """Yield a worker that works beside the requests, as in a server."""
    worker = Worker(system)
    worker.start()
    yield worker
    worker.stop()


def gone(view: str) -> str:
    return str(ViewMissing(view))


def shown_of(people: People, view: str, case: str) -> bool:
    return case in asked(people, view).text


def asked(people: People, view: str) -> httpx.Response:
    person = people.buyer if view in {"notices", "queue"} else people.auditor
    return person.get(SHOWN[view])


def command(system: System, *arguments: str) -> str:
    environ = {
        "DATABASE_URL": system.url,
        "REDRESS_HOME": str(system.settings.home),
    }
    done = CliRunner(env=environ).invoke(redress, arguments)
    return done.output


@pytest.mark.parametrize(("view", "lost"), LOSSES)
def test_a_lost_view_is_named_and_comes_back_by_a_rebuild(
    people: People,
    working: Worker,
    system: System,
    session: psycopg.Connection,
    view: str,
    lost: str,
) -> None:
    del working
    file_for(people, "o-1")
    until(lambda: all(asked(people, one).status_code == 200 for one in SHOWN))
    until(lambda: people.buyer.http.get("/health/ready").status_code == 200)
    session.execute(LOST[lost].format(view).encode())

    refused = asked(people, view)
    assert refused.status_code == 503, refused.text
    assert refused.json()["type"] == "urn:redress:problem:view-missing"
    assert f"The view {view} is missing" in refused.json()["detail"]
    assert int(refused.headers["Retry-After"]) > 0
    assert_told(people, system, view)

    # The others go on, and so does the record.
    case = file_for(people, "o-2")
    others = [one for one in SHOWN if one not in {view, "sanctions", "transparency"}]
    for one in others:
        # The buyer is told of what comes next, not of what they filed themselves.
        until(partial(shown_of, people, one, case if one != "notices" else ""))
    assert people.auditor.get(f"/v1/audit/disputes/{case}").status_code == 200

    output = command(system, "rebuild", view)
    assert "swapped in" in output, output
    until(lambda: asked(people, view).status_code == 200)
    third = file_for(people, "o-3")
    if view in {"queue", "audit_trail"}:
        until(lambda: third in asked(people, view).text)
    until(lambda: people.buyer.http.get("/health/ready").status_code == 200)


def assert_told(people: People, system: System, view: str) -> None:
    """Health, doctor and the list name it, and say what brings it back."""
    ready = people.auditor.http.get("/health/ready")
    assert ready.status_code == 503
    assert view in ready.json()["parts"]
    assert gone(view) in full_health(people.auditor.http).json()["wrong"]
    doctor = command(system, "doctor")
    assert f"BAD  view {view}: {gone(view)}" in doctor
    listed = command(system, "views")
    assert gone(view) in listed
    assert all(one.name in listed for one in VIEWS)
    metrics = people.auditor.http.get("/metrics")
    assert metrics.status_code == 200
    assert f'part="{view}"' in metrics.text


def test_it_is_told_in_chinese(people: People, session: psycopg.Connection) -> None:
    for view in SHOWN:
        session.execute(LOST["position"].format(view).encode())
        person = people.buyer if view in {"notices", "queue"} else people.auditor
        headers = person.headers | {"Accept-Language": "zh"}
        told = person.http.get(SHOWN[view], headers=headers).json()["detail"]
        assert told.startswith(f"{WORDS[view]}的视图缺失")


def test_without_the_agenda_health_and_cases_go_on(
    people: People, background: Worker, session: psycopg.Connection, system: System
) -> None:
    file_for(people, "o-1")
    background.catch_up()
    session.execute("DROP TABLE agenda CASCADE")
    assert_told(people, system, "agenda")
    case = file_for(people, "o-2")
    assert people.buyer.get(f"/v1/disputes/{case}").status_code == 200


def test_a_server_starts_without_a_view_and_says_so(
    people: People,
    background: Worker,
    session: psycopg.Connection,
    system: System,
    caplog: pytest.LogCaptureFixture,
) -> None:

    file_for(people, "o-1")
    background.catch_up()
    session.execute("DROP TABLE queue CASCADE")
    again = build(system.settings)
    again.close()
    assert gone("queue") in caplog.text


def test_another_table_that_is_not_there_is_a_fault_of_ours(
    people: People, session: psycopg.Connection
) -> None:
    session.execute("ALTER TABLE report_editions RENAME TO elsewhere")
    answer = people.buyer.http.get("/v1/transparency/published")
    assert answer.status_code == 500, answer.text


@pytest.mark.parametrize("lost", LOST)
def test_whatever_reads_the_queue_says_that_it_is_missing(
    people: People, background: Worker, session: psycopg.Connection, lost: str
) -> None:
    file_for(people, "o-1")
    background.catch_up()
    session.execute(LOST[lost].format("queue").encode())
    answers = [
        people.mediator.get("/v1/queue"),
        people.mediator.get("/v1/queue/counts"),
        people.mediator.get("/v1/disputes?order=o-1"),
        people.mediator.get("/v1/disputes/counts"),
        people.mediator.post("/v1/queue/claim?most_open=3"),
    ]
    told = [(one.status_code, one.json()["type"]) for one in answers]
    assert set(told) == {(503, "urn:redress:problem:view-missing")}, told
