"""A client says how long it waits for what it has just written."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from interface.api.preferences import preferred_wait
from interface.run.worker import Worker
from tests.http.conftest import People, file_for


@pytest.mark.parametrize(("wait", "most"), [("0", 0.9), ("1", 2.5)])
def test_a_client_says_how_long_it_waits_for_a_view(
    people: People, http: TestClient[Any], wait: str, most: float
) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"Prefer": f"wait={wait}"}
    for query in (f"?after={case}:1", f"?after={UUID(int=7)}:1"):
        begun = time.monotonic()
        answer = http.get(f"/v1/disputes{query}", headers=headers)
        spent = time.monotonic() - begun
        assert answer.status_code == 503
        assert answer.headers["Preference-Applied"] == f"wait={wait}"
        assert float(wait) <= spent < most


def test_a_client_may_wait_longer_than_usual_for_a_view(
    people: People,
    http: TestClient[Any],
    background: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("interface.api.read_your_writes.PATIENCE_SECONDS", 0.0)
    case = file_for(people)
    late = threading.Timer(1.0, background.catch_up)
    late.start()
    headers = people.buyer.headers | {"Prefer": "wait=20"}
    answer = http.get(f"/v1/disputes?after={case}:1", headers=headers)
    late.join()
    assert answer.status_code == 200
    assert answer.headers["Preference-Applied"] == "wait=20"


def test_the_longest_wait_is_thirty_seconds() -> None:
    assert preferred_wait({"prefer": "wait=9000"}) == 30
    assert preferred_wait({"prefer": "respond-async, wait=7; x=1"}) == 7
    for odd in ("wait", "wait=-1", "wait=soon", "waiting=3", ""):
        assert preferred_wait({"prefer": odd}) is None


def test_every_route_that_waits_takes_the_preference(http: TestClient[Any]) -> None:
    paths = http.get("/schema/openapi.json").json()["paths"]
    waiting = {}
    for path, item in paths.items():
        names = {one["name"] for one in item.get("get", {}).get("parameters", ())}
        if names & {"after", "min_version"}:
            waiting[path] = "Prefer" in names
    assert len(waiting) >= 8
    assert all(waiting.values()), waiting


def test_what_does_not_wait_applies_no_preference(
    people: People, http: TestClient[Any]
) -> None:
    headers = people.buyer.headers | {"Prefer": "wait=3"}
    answer = http.get("/v1/disputes", headers=headers)
    assert "Preference-Applied" not in answer.headers
