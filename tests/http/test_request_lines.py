"""Each request has one line in the log: who, what, how it ended; nothing personal."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from interface.bootstrap import System
from interface.run.log_lines import FORMAT, REQUESTS, JsonFormatter, OneLineFormatter
from interface.settings.operation_settings import RequestLog
from interface.settings.settings import read
from tests.cli.test_settings import PRODUCTION
from tests.http.conftest import FILING, People, file_for
from tests.http_app import serving

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
Lines = Callable[[], list[logging.LogRecord]]
CANARY = "canary-13800138000"


@pytest.fixture
def http(system: System) -> Iterator[TestClient[Any]]:
    """Yield a client of an application that logs requests, as in production."""
    operation = replace(system.settings.operation, request_log=RequestLog.ON)
    settings = replace(system.settings, operation=operation)
    with serving(replace(system, settings=settings)) as client:
        yield client


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO, REQUESTS)
    return lambda: [one for one in caplog.records if one.name == REQUESTS]


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return found


def test_a_line_says_who_asked_for_what_and_how_it_ended(
    people: People, lines: Lines
) -> None:
    case = file_for(people)
    filed = fields_of(lines()[-1])
    assert (filed["route"], filed["case"]) == ("/v1/disputes", case)
    people.buyer.post(f"/v1/disputes/{case}/withdrawal", {}, traceparent=TRACE)
    record = lines()[-1]
    text = OneLineFormatter(FORMAT).format(record)
    assert re.search(
        r"INFO \d+ redress\.requests: POST /v1/disputes/\{dispute_id\}/withdrawal 200"
        rf" in [0-9.]+ ms by shop/buyer/b-1 case={case}"
        r" trace=4bf92f3577b34da6a3ce929d0e0e4736$",
        text,
    )
    found = fields_of(record)
    assert found["milliseconds"] > 0
    for name in ("time", "process", "thread", "message", "milliseconds"):
        del found[name]
    assert found == {
        "level": "INFO",
        "logger": "redress.requests",
        "method": "POST",
        "route": "/v1/disputes/{dispute_id}/withdrawal",
        "status": 200,
        "caller": "shop/buyer/b-1",
        "case": case,
        "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
    }


def test_a_refusal_s_line_has_the_code_of_its_problem(
    people: People, http: TestClient[Any], lines: Lines
) -> None:
    missing = str(UUID(int=1))
    people.buyer.get(f"/v1/disputes/{missing}")
    found = fields_of(lines()[-1])
    assert (found["status"], found["problem"]) == (404, "not-found")
    assert found["case"] == missing
    http.get("/v1/queue")
    found = fields_of(lines()[-1])
    assert (found["status"], found["problem"]) == (401, "unauthenticated")
    assert "caller" not in found


def test_each_request_has_one_line(
    people: People, http: TestClient[Any], lines: Lines
) -> None:
    http.get("/health/live")
    http.head("/v1/codes")
    http.get("/nowhere")
    people.buyer.get("/v1/disputes")
    found = lines()
    assert [fields_of(one)["route"] for one in found] == [
        "/health/live",
        "/v1/codes",
        "-",
        "/v1/disputes",
    ]
    assert [fields_of(one)["method"] for one in found][1] == "HEAD"


def test_a_line_holds_nothing_that_a_request_brought(
    people: People, http: TestClient[Any], lines: Lines
) -> None:
    people.buyer.file(facts=CANARY, contact=f"{CANARY}@example.com")
    case = file_for(people, "o-2")
    people.buyer.post(
        f"/v1/disputes/{case}/messages", {"text": CANARY}, User_Agent=CANARY
    )
    people.buyer.upload(case, b"\x89PNG\r\n\x1a\n" + CANARY.encode(), note=CANARY)
    people.buyer.get("/v1/disputes", note=CANARY, cursor=CANARY)
    people.buyer.get(f"/v1/disputes/{CANARY}")
    people.buyer.post("/v1/disputes", FILING, key=CANARY, match=CANARY)
    people.supervisor.get(f"/v1/sellers/{CANARY}")
    people.auditor.get(f"/v1/policies/{CANARY}/{CANARY}")
    for path in (f"/{CANARY}", f"/v1/{CANARY}", f"/static/{CANARY}"):
        http.get(path, headers={"Authorization": f"Bearer {CANARY}"})
        http.request(CANARY, path)
    found = lines()
    assert len(found) == 15
    for one in found:
        assert CANARY not in OneLineFormatter(FORMAT).format(one)
        assert CANARY not in JsonFormatter().format(one)


@pytest.mark.parametrize(
    ("environ", "kept"),
    [
        ({}, "off"),
        ({"REDRESS_REQUEST_LOG": "on"}, "on"),
        ({"REDRESS_REQUEST_LOG": "off"}, "off"),
        (PRODUCTION, "on"),
        (PRODUCTION | {"REDRESS_REQUEST_LOG": "off"}, "off"),
    ],
)
def test_a_setting_says_whether_requests_are_logged(
    environ: dict[str, str], kept: str
) -> None:
    assert read(environ).logs_requests is (kept == "on")
