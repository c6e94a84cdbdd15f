"""What every address does alike: 304, gzip, and the id of the request."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.api.compression import LEAST_BYTES, wants_gzip
from tests.conftest import Clock, ManualWorker
from tests.http.conftest import FILING, People, file_for
from tests.http.read_paths import PARAMETERS, READABLE
from tests.http_app import whole_app

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ('"1"', 304),
        ('W/"1"', 304),
        ('"0", W/"1"', 304),
        ('"1-gzip"', 304),
        ('"1--gzip"', 304),
        ("*", 304),
        ('"2"', 200),
        ('"11"', 200),
        ("1", 200),
        ('"1', 200),
        ("", 200),
    ],
)
def test_who_has_an_answer_is_not_sent_it_again(
    http: TestClient[Any], people: People, known: str, status: int
) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"If-None-Match": known}
    answer = http.get(f"/v1/disputes/{case}", headers=headers)
    assert (answer.status_code, answer.headers["ETag"]) == (status, '"1"')
    assert bool(answer.content) == (status == 200)
    if status == 304:
        assert not {"content-length", "content-type"} & set(answer.headers)
        assert answer.headers["Cache-Control"] == "no-store"
        assert http.head(f"/v1/disputes/{case}", headers=headers).status_code == 304


def test_every_answer_with_an_etag_is_answered_304(
    http: TestClient[Any], people: People
) -> None:
    case = file_for(people)
    seen = 0
    for path in (one.replace(PARAMETERS["{dispute_id}"], case) for one in READABLE):
        headers = people.named("auditor", "a-1", None).headers
        first = http.get(path, headers=headers)
        if first.status_code != 200 or "ETag" not in first.headers:
            continue
        seen += 1
        again = http.get(
            path, headers=headers | {"If-None-Match": first.headers["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b""), path
    # The case, its history, as it was, and its replay.
    assert seen >= 4


def test_a_command_is_never_answered_304(people: People) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}/admission"
    done = people.mediator.post(path, {}, If_None_Match='"2"')
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')


def test_a_deadline_that_passed_is_news_before_its_event_is_there(
    http: TestClient[Any], people: People, clock: Clock
) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"If-None-Match": '"1"'}
    assert http.get(f"/v1/disputes/{case}", headers=headers).status_code == 304
    clock.forward(days=30)
    later = http.get(
        f"/v1/disputes/{case}", headers=people.named("buyer", "b-1").headers
    )
    headers = people.named("buyer", "b-1").headers
    assert later.headers["ETag"] == '"1-overdue"'
    again = http.get(f"/v1/disputes/{case}", headers=headers | {"If-None-Match": '"1"'})
    assert again.status_code == 200


def test_answers_are_compressed_for_who_asks(http: TestClient[Any]) -> None:
    plain = http.get("/v1/codes", headers={"Accept-Encoding": "identity"})
    packed = http.get("/v1/codes", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 3
    assert "Accept-Encoding" in plain.headers["Vary"]
    head = http.head("/v1/codes", headers={"Accept-Encoding": "gzip"})
    assert head.headers["Content-Length"] == packed.headers["Content-Length"]


@pytest.mark.parametrize(
    ("header", "is_wanted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("*;q=0", False),
        ("identity, *;q=0.1", True),
        ("br", False),
        ("gzip;q=x", False),
        ("", False),
    ],
)
def test_who_asks_for_gzip(header: str, *, is_wanted: bool) -> None:
    assert wants_gzip(header) is is_wanted


def test_what_holds_a_secret_beside_anothers_text_is_not_compressed(
    http: TestClient[Any], people: People, worker: ManualWorker
) -> None:
    case = file_for(people, facts="The kettle leaks. " * 200)
    for number in range(20):
        file_for(people, f"many-{number}")
    worker.catch_up()
    packed = {"Accept-Encoding": "gzip"}
    for path, is_packed in [
        (f"/v1/disputes/{case}", False),
        (f"/v1/audit/disputes/{case}", False),
        (f"/v1/audit/disputes/{case}/replay", False),
        ("/v1/disputes", True),
        ("/v1/audit/search", True),
        ("/v1/transparency/reports/2026", True),
    ]:
        answer = http.get(path, headers=people.auditor.headers | packed)
        assert answer.status_code == 200
        assert int(answer.headers.get("Content-Length", LEAST_BYTES)) >= LEAST_BYTES / 4
        assert ("Content-Encoding" in answer.headers) is is_packed, path


def test_an_encoded_body_is_refused_in_words(people: People) -> None:
    refused = people.buyer.post("/v1/disputes", FILING, Content_Encoding="gzip")
    assert (refused.status_code, refused.json()["type"]) == (
        415,
        "urn:redress:problem:encoded-body",
    )
    assert "Content-Encoding" in refused.json()["detail"]
    plain = people.buyer.post("/v1/disputes", FILING, Content_Encoding="identity")
    assert plain.status_code == 201


def test_the_id_of_a_request_is_answered_logged_and_in_the_problem(
    http: TestClient[Any], people: People, caplog: pytest.LogCaptureFixture
) -> None:
    headers = people.buyer.headers | {"X-Request-Id": "proxy-7f.1:2_a"}
    with caplog.at_level(logging.WARNING):
        refused = http.get("/v1/queue", headers=headers)
    assert refused.headers["X-Request-Id"] == "proxy-7f.1:2_a"
    assert refused.json()["request_id"] == "proxy-7f.1:2_a"
    fine = http.get("/v1/disputes", headers=headers)
    assert fine.headers["X-Request-Id"] == "proxy-7f.1:2_a"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, 'a"b', "a\x1bb", "é"])
def test_an_odd_id_of_a_request_is_replaced(http: TestClient[Any], sent: str) -> None:
    raw = [(b"X-Request-Id", sent.encode("latin-1"))]
    answer = http.get("/health/live", headers=raw)
    assert answer.status_code == 200
    assert MADE.fullmatch(answer.headers["X-Request-Id"])


def test_two_ids_are_none_and_each_request_has_its_own(http: TestClient[Any]) -> None:
    both = http.get(
        "/health/live", headers=[("X-Request-Id", "a"), ("X-Request-Id", "b")]
    )
    first, second = (http.get("/nothing").headers["X-Request-Id"] for _ in range(2))
    assert len({both.headers["X-Request-Id"], first, second}) == 3
    assert all(map(MADE.fullmatch, (first, second)))


def test_only_what_holds_no_secret_is_compressed() -> None:
    # A new route is in neither list until somebody has thought of it.
    by_length = {
        handler.operation_id
        for route in whole_app().routes
        for handler in getattr(route, "route_handlers", ())
        if handler.opt.get("compressed")
    }
    assert by_length == {
        "listCasesOfFigure",
        "listDifferingPairs",
        "listDisputes",
        "listNotices",
        "readConsistency",
        "readQueue",
        "readReport",
        "searchEvents",
    }


def test_keys_secrets_and_addresses_are_sent_as_they_are(
    people: People, http: TestClient[Any]
) -> None:
    ends = datetime.now(UTC) + timedelta(days=30)
    packed = {"Accept-Encoding": "gzip"}
    for number in range(8):
        terms = {
            "name": f"Order system {number} " + "x" * 60,
            "role": "platform",
            "subject": f"crm-{number}",
            "expires_at": ends.isoformat(),
        }
        assert people.supervisor.post("/v1/api-keys", terms).status_code == 201
        hook = {"url": f"https://8.8.8.8/{number}/" + "x" * 150}
        made = people.supervisor.post("/v1/webhooks", hook, **packed)
        assert made.status_code == 201
        assert "Content-Encoding" not in made.headers
    case = file_for(people, facts="x" * 2_000)
    supervisor = people.supervisor.headers | packed
    for path in (
        "/v1/api-keys",
        "/v1/webhooks",
        f"/v1/disputes/{case}",
        f"/v1/disputes/{case}/deliveries",
        "/v1/events",
    ):
        answer = http.get(path, headers=supervisor)
        assert answer.status_code == 200, path
        assert "Content-Encoding" not in answer.headers
        if path.count("/") == 2 and path != "/v1/events":
            assert len(answer.content) > LEAST_BYTES
