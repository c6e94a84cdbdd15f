"""What is shown as evidence is the record's, or it is not shown."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from projections.rebuild.rebuild_run import rebuild
from projections.registry import named
from tests.http.case_story import CaseStory
from tests.http.conftest import People, full_health

SHOWN = {
    "audit_trail": "/v1/audit/search?limit=5",
    "transparency": "/v1/transparency/reports/all",
    "sanctions": "/v1/sanctions",
}
PLANTED = {
    "audit_trail": "DELETE FROM audit_trail WHERE version = 1",
    "transparency": "UPDATE transparency SET offers = 7",
    "sanctions": "DELETE FROM sanctions",
}


@pytest.fixture
def case(people: People, background: Worker, clock: Any) -> CaseStory:
    story = CaseStory(people, background, clock)
    story.contested()
    background.catch_up()
    return story


@pytest.mark.parametrize("view", SHOWN)
def test_a_view_that_differs_is_not_shown_as_evidence(
    people: People, background: Worker, case: CaseStory, system: System, view: str
) -> None:
    assert people.auditor.get(SHOWN[view]).status_code == 200
    with psycopg.connect(system.url) as connection:
        connection.execute("SET search_path TO redress")
        connection.execute("SET ROLE redress_app")
        assert connection.execute(PLANTED[view].encode()).rowcount > 0
    background.catch_up("view-auditor")
    refused = people.auditor.get(SHOWN[view])
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:redress:problem:view-differs"
    assert "not what the record says" in refused.json()["detail"]
    asked = people.auditor.headers | {"Accept-Language": "zh"}
    chinese = people.auditor.http.get(SHOWN[view], headers=asked)
    assert "与记录不一致" in chinese.json()["detail"]
    for other in SHOWN.keys() - {view}:
        assert people.auditor.get(SHOWN[other]).status_code == 200
    ready = people.auditor.http.get("/health/ready")
    assert (ready.status_code, ready.json()["parts"]) == (503, [view])
    told = full_health(people.auditor.http).json()
    (wrong,) = told["wrong"]
    assert wrong.startswith(f"{view} is not what the record says: view {view}: case ")

    # What is read from the record needs no view.
    history = people.auditor.get(f"/v1/audit/disputes/{case.id}").json()
    assert [one["version"] for one in history["facts"]][:2] == [1, 2]
    assert people.auditor.get(f"/v1/audit/disputes/{case.id}/replay").status_code == 200

    rebuild(system.url, named(view), lambda *_: None)
    assert people.auditor.get(SHOWN[view]).status_code == 200
    assert people.auditor.http.get("/health/ready").status_code == 200
