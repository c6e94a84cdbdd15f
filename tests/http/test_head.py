"""HEAD is GET without the body, on every path."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.http import lasting
from tests.http.conftest import People, file_for
from tests.http.read_paths import READABLE

# To look changes nothing but the log of who looked, which is asked of one case.
url, home, clock = lasting.url, lasting.home, lasting.clock
system, http, people = lasting.system, lasting.http, lasting.people
COUNTING = {"/metrics", "/v1/audit/access-log"}


@pytest.mark.parametrize("path", READABLE)
def test_head_is_get_without_the_body(
    http: TestClient[Any], people: People, path: str
) -> None:
    assert "{" not in path
    auditor = people.named("auditor", "a-1", None)
    get = http.get(path, headers=auditor.headers)
    head = http.head(path, headers=auditor.headers)
    assert (head.status_code, head.content) == (get.status_code, b"")
    own = {"x-request-id", "date"}
    # What counts requests has another length the next time.
    own |= {"content-length"} if path in COUNTING else set()
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in get.headers.items() if k not in own
    }


def test_head_asks_for_the_same_token_and_is_recorded_like_get(
    http: TestClient[Any], people: People
) -> None:
    assert len(READABLE) > 35
    case = file_for(people)
    assert http.head(f"/v1/disputes/{case}").status_code == 401
    auditor = people.auditor
    assert http.head(f"/v1/disputes/{case}", headers=auditor.headers).is_success
    log = auditor.get("/v1/audit/access-log", dispute=case).json()["items"]
    assert [one["event"]["what"] for one in log] == ["case"]


def test_what_takes_no_get_names_no_head(http: TestClient[Any], people: People) -> None:
    headers = people.mediator.headers
    refused = http.get("/v1/queue/claim", headers=headers)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "OPTIONS, POST")
    assert http.head("/v1/queue/claim", headers=headers).status_code == 405
    refused = http.put("/v1/disputes", headers=headers)
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    options = http.options("/v1/queue", headers=people.mediator.headers)
    assert options.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_of_liveness_as_load_balancers_ask(http: TestClient[Any]) -> None:
    assert http.head("/health/live").status_code == 200
