"""Auditors and regulators who read a case that has something of everything."""

from __future__ import annotations

from typing import Any

import pytest

from domain.access_events import CaseViewed
from domain.roles import Actor, Role
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People

AUDITOR = Actor(role=Role.AUDITOR, id="a-1")
VIEWED = CaseViewed(what="case", path="/v1/disputes/1", purpose="Audit")


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    one = CaseStory(people, background, clock).escalated()
    sent = one.people.buyer.post(f"/v1/disputes/{one.id}/messages", {"text": "Soon?"})
    assert sent.status_code == 200
    background.catch_up()
    return one


def entries(people: People, **query: Any) -> list[dict[str, Any]]:
    response = people.regulator.get("/v1/audit/access-log", **query)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items
