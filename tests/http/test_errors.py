"""Errors say where, what, and in the language asked for."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.conftest import FILING, People, file_for

ENGLISH = re.compile(r"[A-Za-z]{3,}")


def order(**changes: Any) -> dict[str, Any]:
    return {"order": FILING["order"] | changes}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown-field"),
        ({"a/b~c": "red"}, "/a~1b~0c", "unknown-field"),
        (order(colour="red"), "/order/colour", "unknown-field"),
        ({"order": {"id": "1", "line": "1"}}, "/order/paid", "required"),
        ({"claim": {}}, "/claim/kind", "required"),
        ({"facts": 1}, "/facts", "wrong-type"),
        ({"order": []}, "/order", "wrong-type"),
        ({"contact": ""}, "/contact", "blank"),
        ({"contact": "x" * 201}, "/contact", "too-long"),
        (order(received_at="2026-02-27T09:30:00"), "/order/received_at", "no-offset"),
        (order(received_at="yesterday"), "/order/received_at", "not-a-time"),
        (
            {"claim": {"kind": "refund", "freight": "x"}},
            "/claim/freight",
            "not-one-of",
        ),
    ],
)
def test_a_wrong_shape_is_named_by_its_field_in_zh_and_en(
    people: People, changes: dict[str, Any], pointer: str, code: str
) -> None:
    for language in ("zh", "en"):
        response = people.buyer.post(
            "/v1/disputes", FILING | changes, Accept_Language=language
        )
        assert response.status_code == 400
        (fault,) = response.json()["errors"]
        assert (fault["pointer"], fault["code"]) == (pointer, code)
        if language == "zh":
            words = fault["detail"].partition("可用")[0].replace("RFC", "")
            assert not ENGLISH.search(words)
        else:
            assert fault["detail"].isascii()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "no-body"),
        (b"{", "not-json"),
        (b"{} x", "not-json"),
        (b"[]", "wrong-type"),
        (b'{"facts":"\xff"}', "not-utf-8"),
        (b"[" * 100_000, "too-deep"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(
    http: TestClient[Any], people: People, body: bytes, code: str
) -> None:
    headers = people.buyer.headers | {
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    response = http.post("/v1/disputes", content=body, headers=headers)
    (fault,) = response.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("", code)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"foo": 1}, "/foo"), ({"a/b": {}}, "/a~1b"), ([1], ""), ("text", ""), (0, "")],
)
def test_a_body_where_none_is_taken_is_refused(
    people: People, body: Any, pointer: str
) -> None:
    case = file_for(people)
    for path in (
        "queue/claim",
        f"disputes/{case}/offers/1/acceptance",
        f"disputes/{case}/fulfilments/1/confirmation",
    ):
        response = people.mediator.post(f"/v1/{path}", body)
        assert response.status_code == 400, response.text
        assert [one["pointer"] for one in response.json()["errors"]] == [pointer]
        assert people.mediator.post(f"/v1/{path}", {}).status_code != 400


def test_a_body_too_large_is_told_the_limit(people: People) -> None:
    problem = people.buyer.file(facts="x" * 600_000).json()
    assert problem["detail"] == "The limit is 524,288 bytes."


def test_an_empty_list_of_what_is_possible_says_so(people: People) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    people.seller.act(
        case, "seller-response", {"position": "contest", "statement": "No."}
    )
    path = f"/v1/disputes/{case}/offers/7/acceptance"
    detail = people.buyer.post(path).json()["detail"]
    assert detail == "Number 7 cannot be acted on now. Open to you: none."
    detail = people.buyer.post(path, Accept_Language="zh").json()["detail"]
    assert detail.endswith("无。")


MALFORMED: dict[str, tuple[str, dict[str, Any]]] = {
    "as_of": ("/v1/audit/disputes/{}/case", {"as_of": "someday"}),
    "from": ("/v1/audit/disputes/{}/difference", {"from": "1", "to": "0"}),
    "cursor": ("/v1/disputes", {"cursor": "x"}),
    "since": ("/v1/audit/access-log", {"since": "2026-03-01T00:00:00"}),
    "after": ("/v1/queue", {"after": "yesterday"}),
    "old": ("/v1/log/consistency", {"old": 2, "new": 1}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_said_in_chinese_too(
    people: People, whole_worker: Worker, name: str
) -> None:
    case = file_for(people)
    whole_worker.catch_up()
    path, query = MALFORMED[name]
    person = people.supervisor
    person.headers["Accept-Language"] = "zh-CN"
    answer = person.get(path.format(case), **query)
    assert answer.status_code == 400, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"] == f"/{name}"
    assert re.search("[\u4e00-\u9fff]", error["detail"]), error


def test_an_error_that_nobody_foresaw_tells_nothing(
    people: People,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    case = file_for(people)

    def broken(*_: object) -> None:
        raise RuntimeError("s3cret in /inner/place: SELECT 1")

    monkeypatch.setattr(type(system.disputes), "find", broken)
    caplog.clear()
    answer = people.buyer.get(f"/v1/disputes/{case}", q="s3cret")
    assert answer.status_code == 400
    answer = people.buyer.get(f"/v1/disputes/{case}")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:redress:problem:internal"
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "RuntimeError" in line.getMessage()
    for told in (answer.text, line.getMessage(), str(answer.headers)):
        for inner in ("s3cret", "/inner", "SELECT"):
            assert inner not in told
