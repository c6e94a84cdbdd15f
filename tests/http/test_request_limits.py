"""Sizes and times are the server's decision, whatever a client sends."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from interface.api import request_limits
from interface.api.problems import MOST_FAULTS
from interface.bootstrap import wire
from interface.settings import settings
from tests.conftest import Clock
from tests.http.conftest import FILING, People, Person, file_for
from tests.http_app import serving
from tests.processes import Process, free_port, serving_environ, wait_until_ready


@pytest.fixture
def narrow(url: str, tmp_path: Path, clock: Clock) -> Iterator[People]:
    """A system with limits that a test can reach."""
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_CASE_FILES": "2",
        "REDRESS_CASE_MESSAGES": "3",
        "REDRESS_CASES_PER_DAY": "2",
    }
    system = wire(settings.read(environ), url, url, clock)
    with serving(system) as client:
        yield People(client, system)


def problem(response: Any) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    kind = response.json()["type"].removeprefix("urn:redress:problem:")
    return response.status_code, kind


def test_a_health_request_with_48000_keys_costs_nothing(
    http: TestClient[Any],
) -> None:
    body = msgspec.json.encode({f"key-{n}": n for n in range(48_000)})
    response = http.request("GET", "/health/live", content=body)
    assert problem(response) == (413, "too-large")
    assert len(response.content) < 1_000


def test_problems_are_listed_up_to_a_number(people: People) -> None:
    body = {f"key-{n}": n for n in range(20_000)}
    response = people.buyer.post("/v1/disputes/eligibility", FILING | {"claim": body})
    assert response.status_code in {400, 422}
    assert len(response.content) < 20_000
    query = {f"p{n}": "1" for n in range(60)}
    response = people.buyer.get("/v1/disputes", **query)
    assert problem(response) == (400, "malformed")
    errors = response.json()["errors"]
    assert len(errors) == MOST_FAULTS + 1
    assert errors[-1]["code"] == "and-more"


@pytest.mark.parametrize(
    ("query", "headers", "answer"),
    [
        ("&".join(["a=1"] * 65), {}, (414, "query-too-large")),
        ("a=" + "x" * 8_192, {}, (414, "query-too-large")),
        ("", {f"x-{n}": "1" for n in range(101)}, (431, "headers-too-large")),
        ("", {"x-long": "x" * 16_384}, (431, "headers-too-large")),
    ],
)
def test_headers_and_parameters_have_limits(
    http: TestClient[Any],
    query: str,
    headers: dict[str, str],
    answer: tuple[int, str],
) -> None:
    for path in ("/v1/disputes", "/health/ready", "/v1/codes"):
        assert problem(http.get(f"{path}?{query}", headers=headers)) == answer


def test_a_body_has_a_limit_with_and_without_a_length(people: People) -> None:
    body = msgspec.json.encode(FILING | {"facts": "x" * 600_000})
    headers = people.buyer.headers | {
        "Idempotency-Key": "1",
        "Content-Type": "application/json",
    }
    for content in (body, iter([body[:300_000], body[300_000:]])):
        response = people.buyer.http.post(
            "/v1/disputes", content=content, headers=headers
        )
        assert problem(response) == (413, "too-large")


def test_a_deep_body_is_malformed(people: People) -> None:
    response = people.buyer.http.post(
        "/v1/disputes",
        content=b'{"claim":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        headers=people.buyer.headers | {"Idempotency-Key": "1"},
    )
    assert problem(response) == (400, "malformed")


def test_a_case_takes_so_many_files_and_messages(narrow: People) -> None:
    case = file_for(narrow)
    narrow.mediator.act(case, "admission", {})
    for n in range(2):
        content = b"\x89PNG\r\n\x1a\n" + bytes([n])
        assert narrow.buyer.upload(case, content).status_code == 201
    refused = narrow.buyer.upload(case, b"\x89PNG\r\n\x1a\n third")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "too-many-files"
    for n in range(3):
        narrow.seller.act(case, "messages", {"text": f"Message {n}"})
    refused = narrow.buyer.post(f"/v1/disputes/{case}/messages", {"text": "One more"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "too-many-messages"
    # Those who work on the case still can.
    narrow.mediator.act(case, "messages", {"text": "We look into it."})


def test_a_buyer_files_so_many_cases_a_day(narrow: People, clock: Clock) -> None:
    def file(who: Person, order: str, **how: Any) -> Any:
        line = FILING["order"] | {"id": order}
        return who.post("/v1/disputes", FILING | {"order": line}, **how)

    first = file(narrow.buyer, "o-1", key="one")
    assert first.headers["ratelimit-policy"] == '"filings";q=2;w=86400'
    assert first.headers["ratelimit"].startswith('"filings";r=1;t=')
    # What is sent again, or refused, counts for nothing.
    assert file(narrow.buyer, "o-1", key="one").status_code == 201
    assert file(narrow.buyer, "o-1").status_code == 409
    assert file(narrow.buyer, "o-2").headers["ratelimit"].startswith('"filings";r=0')
    refused = file(narrow.buyer, "o-3")
    assert problem(refused) == (429, "quota-used")
    assert int(refused.headers["retry-after"]) <= 86_400
    assert file(narrow.named("buyer", "b-2"), "o-4").status_code == 201
    clock.forward(days=1)
    assert file(narrow.buyer, "o-5").status_code == 201


@pytest.mark.kill
def test_a_body_that_does_not_arrive_is_cut(url: str, tmp_path: Path) -> None:
    port = free_port()
    environ = serving_environ(url, tmp_path, port, REDRESS_BODY_SECONDS="1")
    server = Process(environ, "serve")
    wait_until_ready(f"http://127.0.0.1:{port}")
    head = b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab"
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(head)
        answer = client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 0.9 < time.monotonic() - began < request_limits.IDLE_SECONDS
    server.stop()
