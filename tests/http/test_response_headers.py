"""Headers that every answer has, wherever it comes from."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.http.conftest import People, file_for

PUBLIC_VARY = "Accept, Accept-Encoding, Accept-Language"
OWN_VARY = "Accept, Accept-Encoding, Accept-Language, Authorization"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/nothing",
        "/schema",
        "/schema/openapi.json",
        "/static/docs.js",
        "/static/nothing.js",
        "/static/verifier/index.html",
        "/v1/codes",
        "/v1/disputes",
        "/v1/disputes/x",
        "/v1/log/checkpoint",
        "/v1/nothing",
    ],
)
def test_every_answer_is_kept_from_being_taken_for_something_else(
    http: TestClient[Any], path: str
) -> None:
    for method in ("GET", "HEAD", "DELETE"):
        headers = http.request(method, path, follow_redirects=False).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        for kept in ("frame-ancestors 'none'", "base-uri 'none'"):
            assert kept in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_what_is_not_public_is_kept_by_no_cache(
    http: TestClient[Any], people: People
) -> None:
    case = file_for(people)
    mediator, regulator = people.mediator, people.named("regulator", "r-1", None)
    answers = [
        mediator.get(f"/v1/disputes/{case}"),
        mediator.get("/v1/disputes"),
        mediator.get("/v1/queue"),
        mediator.get("/v1/notices"),
        mediator.get("/v1/nothing"),
        people.buyer.get("/v1/queue"),
        people.buyer.post(f"/v1/disputes/{case}/withdrawal", {"reason": "x"}),
        people.buyer.file(),
        regulator.get(f"/v1/audit/disputes/{case}"),
        http.get("/v1/disputes"),
        http.get("/health/ready"),
        http.get("/nothing"),
    ]
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"], answer.url
        assert answer.headers["Vary"] == OWN_VARY
    for path in (
        "/v1/codes",
        "/v1/policies",
        "/v1/log/keys",
        "/v1/transparency/metrics",
    ):
        answer = http.get(path)
        assert answer.headers["Vary"] == PUBLIC_VARY
        assert "no-store" not in answer.headers.get("Cache-Control", "")
    # Who sends no token gets the same tiles; a cache may keep them.
    assert "Vary" not in http.get("/static/docs.js").headers


def test_no_page_elsewhere_reads_an_answer_and_none_sets_a_cookie(
    http: TestClient[Any], people: People
) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
        "Cookie": people.buyer.headers["Authorization"].replace("Bearer ", "token="),
    }
    for path in ("/", "/schema", "/v1/codes", "/v1/disputes", "/health/ready"):
        for method in ("GET", "POST", "OPTIONS"):
            answer = http.request(method, path, headers=asked, follow_redirects=False)
            names = {one.lower() for one in answer.headers}
            assert not {one for one in names if one.startswith("access-control-")}
            assert "set-cookie" not in names
            if path == "/v1/disputes" and method != "OPTIONS":
                assert answer.status_code == 401


def test_no_folder_is_listed(http: TestClient[Any]) -> None:
    for path in ("/static", "/static/", "/static/verifier/", "/static/swagger-ui/"):
        assert http.get(path).status_code == 404


def test_trace_is_no_method(http: TestClient[Any], people: People) -> None:
    for path in ("/", "/health/live", "/v1/codes", "/v1/disputes"):
        headers = {"X-Odd": "s3cret", **people.buyer.headers}
        answer = http.request("TRACE", path, headers=headers)
        assert answer.status_code == 405
        assert "s3cret" not in answer.text


@pytest.mark.parametrize("path", ["/v1/codes", "/v1/disputes", "/schema", "/nothing"])
def test_behind_a_proxy_that_ends_tls_browsers_are_kept_to_it(
    http: TestClient[Any], path: str
) -> None:
    name, age = "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    for headers, expected in (
        ({"X-Forwarded-Proto": "https"}, age),
        ({"X-Forwarded-Proto": "http"}, None),
        ({}, None),
    ):
        assert http.get(path, headers=headers).headers.get(name) == expected


def test_pages_may_load_what_their_own_policy_says(http: TestClient[Any]) -> None:
    docs = http.get("/schema").headers["Content-Security-Policy"]
    assert "script-src 'self'" in docs
    verifier = http.get("/static/verifier/index.html")
    assert verifier.headers["Content-Type"].startswith("text/html")
    assert "default-src" not in verifier.headers["Content-Security-Policy"]
    assert "object-src 'none'" in verifier.headers["Content-Security-Policy"]
    assert "default-src 'none'" in verifier.text
