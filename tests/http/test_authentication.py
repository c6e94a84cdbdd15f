"""Who calls is found out first, on every route there is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient

from domain.roles import Role
from interface.bootstrap import System
from tests.http.conftest import People, file_for
from tests.http_app import whole_app

APP = whole_app()

PATHS = {
    "dispute_id": "00000000-0000-0000-0000-000000000001",
    "erasure_id": "00000000-0000-0000-0000-000000000001",
    "grant_id": "00000000-0000-0000-0000-000000000001",
    "webhook_id": "00000000-0000-0000-0000-000000000001",
    "delivery_id": "00000000-0000-0000-0000-000000000001",
    "key_id": "000000000000",
    "number": "1",
    "version": "1",
    "seller": "s-1",
    "period": "2026-03",
    "name": "cn-default",
    "edition": "1",
    "tile": "0/000",
    "link": "none",
    "event": "1",
    "file_path": "docs.js",
    "path": "openapi.json",
}

PUBLIC = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/schema",
    "/schema/docs",
    "/schema/openapi.json",
    "/schema/{path}",
    "/static/{file_path}",
    "/static/verifier/{file_path}",
    "/v1/codes",
    "/v1/files/{link}",
    "/v1/log",
    "/v1/log/checkpoint",
    "/v1/log/consistency",
    "/v1/log/cosigned-checkpoint",
    "/v1/log/key-ends",
    "/v1/log/keys",
    "/v1/log/statement-keys",
    "/v1/log/tile/{tile}",
    "/v1/policies",
    "/v1/policies/{name}/{version}",
    "/v1/rules",
    "/v1/rules/{name}/{version}",
    "/v1/sandbox/clock",
    "/v1/sanctions",
    "/v1/transparency/metrics",
    "/v1/transparency/public/{period}",
    "/v1/transparency/published",
    "/v1/transparency/published/{name}",
    "/v1/transparency/published/{name}/editions/{edition}",
}
"""Everything that strangers may ask for."""


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Yield every path and method of the application, with its handler."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods):
                yield route.path_format, method, handler


# Whoever asks for a page comes with a session: see `tests/pages`.
PAGES = {path for path, _, handler in routes(APP) if "page" in handler.opt}
ROUTES = {
    (path, method): handler
    for path, method, handler in routes(APP)
    if path not in PAGES
}
SENT = [one for one in ROUTES if one[1] != "HEAD"]


def filled(path: str) -> str:
    return path.format(**PATHS) if "{" in path else path


def test_only_what_is_listed_is_public_and_says_why() -> None:
    opened = {path for path, method in SENT if "public" in ROUTES[path, method].opt}
    assert opened == PUBLIC
    for (path, _), handler in ROUTES.items():
        if "public" in handler.opt:
            assert len(str(handler.opt["public"])) > 10, path
    assert len(SENT) > 90


def test_a_stranger_gets_401_before_anything_is_looked_at(
    http: TestClient[Any],
) -> None:
    closed = [one for one in SENT if "public" not in ROUTES[one].opt]
    # Nothing of this would pass: media type, body, parameters, headers, ids.
    odd = {"Content-Type": "text/odd", "If-Match": "?"}
    for path, method in closed:
        for target in (filled(path), filled(path).replace("0" * 8, "zz")):
            for body in (b"{}", b"\xff{", b""):
                answer = http.request(
                    method,
                    target,
                    content=body,
                    params={"colour": "red", "limit": "\x00"},
                    headers=odd,
                )
                assert answer.status_code == 401, (method, target, answer.text)
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert answer.json()["type"] == "urn:redress:problem:unauthenticated"
    assert len(closed) > 70


def test_a_stranger_may_ask_for_what_is_public(http: TestClient[Any]) -> None:
    for path, method in SENT:
        if "public" in ROUTES[path, method].opt and path != "/v1/log/tile/{tile}":
            answer = http.request(method, filled(path), follow_redirects=False)
            assert answer.status_code not in {401, 403, 405}, (path, answer.text)


def test_a_filing_without_a_token_and_without_a_body(http: TestClient[Any]) -> None:
    # Trial G10.
    assert http.post("/v1/disputes", json={}).status_code == 401


def test_unknown_paths_tell_strangers_nothing(
    http: TestClient[Any], people: People
) -> None:
    for method in ("GET", "POST", "DELETE"):
        for path in ("/v1/nothing", "/v1/disputes/not-an-id", "/v1/"):
            assert http.request(method, path).status_code == 401
    assert http.get("/nothing").status_code == 404
    assert people.buyer.get("/v1/nothing").status_code == 404
    assert people.buyer.get("/v1/disputes/not-an-id").status_code == 404
    headers = people.buyer.headers
    assert http.delete("/v1/disputes", headers=headers).status_code == 405


@pytest.mark.parametrize("path", ["/v1/disputes", "/v1/codes", "/health/ready"])
def test_two_tokens_are_one_too_many(
    http: TestClient[Any], people: People, path: str
) -> None:
    # Trial G11: the first one won.
    for first, second in (("buyer", "seller"), ("buyer", "buyer")):
        tokens = [
            ("Authorization", getattr(people, role).headers["Authorization"])
            for role in (first, second)
        ]
        answer = http.request("GET", path, headers=tokens)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0] == {
            "pointer": "/Authorization",
            "code": "given-twice",
            "detail": "may be sent only once",
        }


@pytest.mark.parametrize("second", ["Bearer x", "bearer x"])
def test_two_tokens_that_a_proxy_joined_are_too_many(
    http: TestClient[Any], people: People, second: str
) -> None:
    first = people.buyer.headers["Authorization"]
    for joined in (f"{first},{second}", f"{first}, {second}"):
        answer = http.get("/v1/disputes", headers={"Authorization": joined})
        assert answer.json()["errors"][0]["code"] == "given-twice"


@pytest.mark.parametrize("end", [",", ", ", ",x", ", Basic eDp5", "!", "=", ".", " x"])
def test_a_token_with_something_behind_it_is_no_token(
    http: TestClient[Any], people: People, end: str
) -> None:
    header = f"{people.buyer.headers['Authorization']}{end}"
    answer = http.get("/v1/disputes", headers={"Authorization": header})
    assert answer.status_code == 401, answer.text


def test_a_wrong_token_on_a_public_route_that_may_tell_more(
    http: TestClient[Any],
) -> None:
    headers = {"Authorization": "Bearer x"}
    assert http.get("/health/ready", headers=headers).status_code == 401
    assert http.get("/v1/codes", headers=headers).status_code == 200


def test_a_remembered_token_takes_no_thread(
    people: People,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seller = people.seller
    seller.get("/v1/disputes")
    asked = []
    verify = system.tokens.authenticated

    async def watched(header: str | None) -> Any:
        coroutine = verify(header)
        # It ends without waiting for anything even once.
        with pytest.raises(StopIteration) as end:
            coroutine.send(None)
        asked.append(header)
        return end.value.value

    monkeypatch.setattr(type(system.tokens), "authenticated", lambda _, h: watched(h))
    for _ in range(2):
        assert seller.get("/v1/disputes").status_code == 200
    assert asked == [seller.headers["Authorization"]] * 2


def test_refusals_are_logged_with_caller_and_path_and_nothing_else(
    http: TestClient[Any], people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    file_for(people)
    caplog.clear()
    http.get("/v1/queue", params={"secret": "s3cret"})
    people.buyer.get("/v1/queue", secret="s3cret")
    http.get("/v1/queue", headers={"Authorization": "Bearer abc.def.ghi"})
    http.get("/v1/disputes/%0a%00FORGED%20403%e2%80%ae", headers={"Accept": "s3cret"})
    named = people.named("buyer", "a b\\c")
    assert named.get("/v1/queue").status_code == 403
    found = [one for one in caplog.records if "refusal_log" in one.name]
    assert [one.levelno for one in found] == [logging.WARNING] * 5
    assert [one.getMessage() for one in found] == [
        "refused 401 no-token GET /v1/queue by -",
        "refused 403 not-allowed GET /v1/queue by shop/buyer/b-1",
        "refused 401 not-a-token GET /v1/queue by -",
        r"refused 401 no-token GET /v1/disputes/\n\x00FORGED\x20403\u202e by -",
        r"refused 403 not-allowed GET /v1/queue by shop/buyer/a\x20b\x5cc",
    ]
    ours = [one.getMessage() for one in caplog.records if one.name != "httpx"]
    assert not any("s3cret" in one or "abc.def" in one for one in ours)


def test_probes_and_floods_are_logged_too(
    http: TestClient[Any], people: People, caplog: pytest.LogCaptureFixture
) -> None:
    case = file_for(people)
    caplog.clear()
    other = people.named("buyer", "b-9")
    assert other.get(f"/v1/disputes/{case}").status_code == 404
    nowhere = f"/v1/disputes/{PATHS['dispute_id']}"
    assert other.get(nowhere).status_code == 404
    gone = other.post(f"/v1/disputes/{case}/withdrawal", {"reason": "x"})
    assert gone.status_code == 404
    headers = {f"x-{n}": "s3cret" for n in range(100)}
    assert http.get("/health/live", headers=headers).status_code == 431
    assert http.get("/v1/codes", params={"q": "s" * 9_000}).status_code == 414
    found = [one.getMessage() for one in caplog.records if "refusal_log" in one.name]
    assert found == [
        f"refused 404 not-found GET /v1/disputes/{case} by shop/buyer/b-9",
        f"refused 404 not-found GET {nowhere} by shop/buyer/b-9",
        f"refused 404 not-found POST /v1/disputes/{case}/withdrawal by shop/buyer/b-9",
        "refused 431 headers-too-large GET /health/live by -",
        "refused 414 query-too-large GET /v1/codes by -",
    ]


def test_each_token_is_logged_once_when_it_is_taken(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    person = people.named("seller", "s 7")
    for _ in range(3):
        person.get("/v1/disputes")
    (found,) = [one for one in caplog.records if one.message.startswith("accepted")]
    claims = jwt.decode(
        person.headers["Authorization"].removeprefix("Bearer "),
        options={"verify_signature": False},
    )
    said = found.getMessage()
    assert said == rf"accepted shop/seller/s\x207 by key -, token {claims['jti']}"
    assert found.levelno == logging.INFO
    assert person.headers["Authorization"][-20:] not in caplog.text


def test_health_tells_strangers_which_parts_and_no_more(
    http: TestClient[Any], people: People, system: System
) -> None:
    case = file_for(people)
    halted = f"position 1, case {case} version 1: ValueError: b1@example.com"
    with system.database.get_connection() as connection:
        connection.execute(
            "UPDATE followers SET halted = %s WHERE name = 'queue'", (halted,)
        )
    strangers = [
        http.get("/health/ready"),
        *(
            getattr(people, role).get("/health/ready")
            for role in Role
            if role is not Role.CLOCK
        ),
    ]
    for answer in strangers:
        assert answer.status_code == 503
        assert answer.json() == {"status": "not ready", "parts": ["queue"]}
        assert answer.headers["Cache-Control"] == "no-store"
    metrics = http.get("/metrics").text
    assert 'redress_view_halted{view="queue"} 1.0' in metrics
    assert case not in metrics
    assert "b1@" not in metrics
    for role in ("auditor", "regulator"):
        overseer = people.named(role, "o-1", None)
        answer = overseer.get("/health/ready")
        assert answer.json()["wrong"] == [f"queue halted at {halted} (redress views)"]
