"""Questions that cannot be answered say which part of them is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.http.conftest import People, file_for


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/disputes", {"limit": "0"}),
        ("/v1/disputes", {"limit": "201"}),
        ("/v1/disputes", {"limit": "many"}),
        ("/v1/disputes", {"sort": "colour"}),
        ("/v1/disputes", {"cursor": "zzz"}),
        ("/v1/disputes", {"cursor": "WzEsMl0"}),
        ("/v1/disputes", {"after": "nonsense"}),
        ("/v1/queue", {"overdue": "perhaps"}),
        ("/v1/queue", {"waiting_on": "godot"}),
        ("/v1/transparency/reports/2026-13", {}),
        ("/v1/transparency/reports/all", {"zone": "Mars/Base"}),
        ("/v1/transparency/reports/all", {"zone": "../../etc/passwd"}),
        ("/v1/transparency/reports/all", {"by": "colour"}),
        ("/v1/transparency/reports/all", {"zone": "localtime"}),
        ("/v1/transparency/reports/all", {"zone": "posix/UTC"}),
        ("/v1/transparency/reports/all", {"category": "zz"}),
        ("/v1/transparency/metrics", {"colour": "red"}),
        ("/v1/disputes", {"phase": "zz"}),
        ("/v1/disputes", {"category": "zz"}),
        ("/v1/disputes", {"categry": "quality"}),
        ("/v1/disputes", {"seller": "a\0b"}),
        ("/v1/queue", {"phase": "zz"}),
        ("/v1/queue", {"category": "zz"}),
        ("/v1/queue", {"system": "x"}),
        ("/v1/codes", {"request": "x"}),
        ("/health/live", {"verbose": "1"}),
    ],
)
def test_a_bad_query(people: People, path: str, query: dict[str, str]) -> None:
    response = people.mediator.get(path, **query)
    assert response.status_code == 400, response.text
    assert response.json()["type"] == "urn:redress:problem:malformed"
    assert next(iter(query), "2026-13") in response.text


def test_a_bad_search(people: People) -> None:
    for query in (
        {"since": "2026-01-01T00:00:00"},
        {"dispute": "x"},
        {"late": "all"},
        {"type": "zz"},
        {"category": "zz"},
        {"category": "quality/zz"},
        {"buyer": "\0"},
        {"rule": "\0"},
    ):
        response = people.auditor.get("/v1/audit/search", **query)
        assert response.status_code == 400, response.text


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_the_ends_of_time_can_be_asked_for(people: People, moment: str) -> None:
    case = file_for(people)
    for query in ({"since": moment}, {"until": moment}):
        response = people.auditor.get("/v1/audit/search", **query)
        assert response.status_code == 200, response.text
    response = people.auditor.get(f"/v1/audit/disputes/{case}", as_of=moment)
    assert response.status_code in {200, 404}, response.text


def test_a_parameter_comes_once(people: People) -> None:
    for values in (["1", "2"], ["1", "1"]):
        answer = people.mediator.get("/v1/disputes", limit=values)
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/limit", "given-twice")


@pytest.mark.parametrize(
    "path", ["/v1/disputes/not-a-uuid", "/v1/nothing", "/v1/disputes/../../x"]
)
def test_a_path_that_is_none(people: People, path: str) -> None:
    response = people.buyer.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/problem+json")


def test_a_method_that_is_not_there(http: TestClient[Any], people: People) -> None:
    response = http.delete("/v1/disputes", headers=people.buyer.headers)
    assert response.status_code == 405
    assert response.headers["content-type"].startswith("application/problem+json")


def test_a_number_too_large_for_a_column(people: People) -> None:
    case = file_for(people)
    huge = str(10**30)
    for path in (f"offers/{huge}/acceptance", f"fulfilments/{huge}/confirmation"):
        response = people.buyer.post(f"/v1/disputes/{case}/{path}")
        assert response.status_code in {404, 409}, response.text
