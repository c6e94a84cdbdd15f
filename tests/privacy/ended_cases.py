"""Cases that have ended, and what is asked of their data."""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import FILING, People, file_for

FACTS = FILING["facts"]
YEARS = 3 * 366
HOLD = {"basis": "Order 2026-77"}
ASKED = {"subject": "b-1", "role": "buyer", "basis": "Request 2026-12"}


def story_on(people: People, background: Worker, clock: Clock, order: str) -> CaseStory:
    return CaseStory(people, background, clock, file_for(people, order))


def with_a_file(story: CaseStory, content: bytes = PNG) -> CaseStory:
    story.contested()
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    assert story.people.buyer.upload(story.id, content).status_code == 201
    story.act("buyer", "withdrawal", {"reason": "Settled outside."})
    return story


@pytest.fixture
def ended_case(people: People, background: Worker, clock: Clock) -> CaseStory:
    return with_a_file(CaseStory(people, background, clock))


def ask(people: People, **changes: Any) -> Any:
    return people.supervisor.post("/v1/erasures", ASKED | changes)


def erased(people: People, background: Worker, **changes: Any) -> Any:
    asked = ask(people, **changes)
    assert asked.status_code == 201, asked.text
    path = f"/v1/erasures/{asked.json()['id']}"
    other = people.named("supervisor", "v-2")
    assert other.post(f"{path}/approval").status_code == 200
    background.catch_up()
    return people.supervisor.get(path).json()
