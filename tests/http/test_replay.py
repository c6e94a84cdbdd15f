"""Replaying a case, and its history as it was known at some time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People, file_for


@pytest.fixture
def case(people: People, background: Worker, clock: Clock) -> str:
    """File a case, and admit it three days later, which is late."""
    filed = file_for(people)
    clock.forward(days=3)
    people.mediator.act(filed, "admission", {"note": "Late, sorry."})
    background.catch_up()
    return filed


def replayed(people: People, case: str, **query: Any) -> list[dict[str, Any]]:
    response = people.regulator.get(f"/v1/audit/disputes/{case}/replay", **query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["etag"] == f'"{len(lines)}"'
    return lines


def test_a_replay_gives_each_fact_with_the_state_after_it(
    people: People, case: str
) -> None:
    steps = replayed(people, case)
    assert [(step["type"], step["state"]["phase"]) for step in steps] == [
        ("filed", "filed"),
        ("deadline-missed", "filed"),
        ("admitted", "awaiting-response"),
        ("notice-served", "awaiting-response"),
    ]
    assert steps[0]["payload"]["facts"] == FILING["facts"]
    assert steps[0]["state"]["deadlines"][0]["awaited"] == "admission"
    assert steps[2]["state"]["claim"]["amount"] == {
        "amount": "129.00",
        "currency": "CNY",
    }
    assert people.mediator.get(f"/v1/audit/disputes/{case}/replay").status_code == 403
    stranger = people.named("auditor", "a-1", platform="other")
    assert stranger.get(f"/v1/audit/disputes/{case}/replay").status_code == 404


@pytest.mark.parametrize(
    ("as_of", "events"),
    [
        ("1", 1),
        ("3", 3),
        ("99", 4),
        ("2026-03-02T02:00:00Z", 1),
        # The deadline was missed on the third, which was learnt on the fifth.
        ("2026-03-04T00:00:00Z", 1),
        ("2026-03-05T10:00:00+08:00", 4),
    ],
)
def test_a_history_as_it_was_known_then(
    people: People, case: str, as_of: str, events: int
) -> None:
    path = f"/v1/audit/disputes/{case}"
    history = people.auditor.get(path, as_of=as_of).json()
    assert (history["version"], len(history["facts"])) == (events, events)
    assert len(replayed(people, case, as_of=as_of)) == events


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-03-01T00:00:00Z", 404),
        ("0", 404),
        ("-1", 400),
        ("2026-02-30", 400),
        ("2026-03-02T02:00:00", 400),
        ("yesterday", 400),
        ("9" * 30, 400),
    ],
)
def test_an_as_of_that_is_none(
    people: People, case: str, as_of: str, status: int
) -> None:
    for path in (f"/v1/audit/disputes/{case}", f"/v1/audit/disputes/{case}/replay"):
        assert people.auditor.get(path, as_of=as_of).status_code == status
