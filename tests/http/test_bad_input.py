"""Bad input: one clear error each, and nothing is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from tests.http.conftest import FILING, People, file_for

SCHEMA = Path(__file__).parent / "data" / "problem.schema.json"


def nothing_recorded(system: System) -> bool:
    with system.database.get_connection() as connection:
        row = connection.execute("SELECT count(*) AS n FROM events").fetchone()
        keys = connection.execute("SELECT count(*) AS n FROM requests").fetchone()
    return row == keys == {"n": 0}


def order(**changes: Any) -> dict[str, Any]:
    return {"order": FILING["order"] | changes}


def amount(value: Any, currency: Any = "CNY") -> dict[str, Any]:
    return {
        "claim": {"kind": "refund", "amount": {"amount": value, "currency": currency}}
    }


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"colour": "red"}, 400, "/colour"),
        ({"facts": None}, 400, "/facts"),
        ({"facts": ""}, 422, "/facts"),
        ({"facts": "x" * 5_001}, 400, "/facts"),
        ({"contact": "x" * 201}, 400, "/contact"),
        ({"facts": " \n\t\u3000"}, 422, "/facts"),
        ({"facts": "a\0b"}, 400, "/facts"),
        ({"contact": "  "}, 400, "/contact"),
        ({"contact": "a\0b"}, 400, "/contact"),
        ({"evidence_note": " "}, 400, "/evidence_note"),
        ({"seller": "  "}, 400, "/seller"),
        (order(id=" "), 400, "/order/id"),
        ({"seller": "a\u0000b"}, 400, "/seller"),
        ({"seller": "s-1\n"}, 400, "/seller"),
        ({"seller": "x" * 129}, 400, "/seller"),
        (order(received_at="2026-02-27T09:30:00"), 400, "/order/received_at"),
        (order(received_at="yesterday"), 400, "/order/received_at"),
        (amount(129), 400, "/claim/amount/amount"),
        (amount("129.00", "RENMINBI"), 400, "/claim/amount/currency"),
        ({"claim": {"kind": "refund", "amount": "129"}}, 400, "/claim/amount"),
        (order(received_at="0001-01-01T00:00:00+14:00"), 422, "/order/received_at"),
        (order(promised_at="9999-12-31T23:59:59-14:00"), 422, "/order/promised_at"),
        (order(received_at="2027-02-27T09:30:00Z"), 422, "/order/received_at"),
        ({"category": "weather"}, 422, "/category"),
        ({"reason": "lost-parcel"}, 422, "/reason"),
        ({"channel": "smoke"}, 422, "/channel"),
        ({"claim": {"kind": "cake"}}, 422, "/claim/kind"),
        ({"claim": {"kind": "refund"}}, 422, "/claim/amount"),
        (amount("-1.00"), 422, "/claim/amount/amount"),
        (amount("1.001"), 422, "/claim/amount/amount"),
        (amount("99999999999999999"), 422, "/claim/amount/amount"),
        (amount("1e3"), 422, "/claim/amount/amount"),
        (amount("٣"), 422, "/claim/amount/amount"),
        (amount("129.00", "cny"), 422, "/claim/amount/currency"),
        (amount("129.00", "USD"), 422, "/claim/amount/currency"),
        (amount("0.00"), 422, "/claim/amount"),
        (amount("129.01"), 422, "/claim/amount"),
        (order(paid={"amount": "1.5", "currency": "JPY"}), 422, "/order/paid/amount"),
        (order(paid={"amount": "1", "currency": "XAU"}), 422, "/order/paid/currency"),
        ({"seller": "b-1"}, 422, "/seller"),
        ({"buyer": "b-2"}, 422, "/buyer"),
    ],
)
def test_a_bad_filing(
    people: People, system: System, changes: dict[str, Any], status: int, pointer: str
) -> None:
    response = people.buyer.file(**changes)
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:redress:problem:")
    assert pointer in [fault["pointer"] for fault in problem["errors"]]
    assert all(fault["detail"] for fault in problem["errors"])
    assert nothing_recorded(system)


def test_an_amount_that_is_too_large_says_so_and_the_limit(people: People) -> None:
    (fault,) = people.buyer.file(**amount("99999999999999999")).json()["errors"]
    assert fault["code"] == "too-large"
    assert "999,999,999,999" in fault["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"facts":"\xff"}',
        b"null",
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_object(
    http: TestClient[Any], people: People, system: System, body: bytes
) -> None:
    headers = people.buyer.headers | {
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    response = http.post("/v1/disputes", content=body, headers=headers)
    assert response.status_code == 400, response.text
    assert response.json()["type"] == "urn:redress:problem:malformed"
    assert nothing_recorded(system)


def test_a_body_too_large_to_be_read(
    http: TestClient[Any], people: People, system: System
) -> None:
    headers = people.buyer.headers | {"Idempotency-Key": "k"}
    body = json.dumps(FILING | {"facts": "x" * 600_000}).encode()
    response = http.post("/v1/disputes", content=body, headers=headers)
    assert response.status_code == 413
    assert nothing_recorded(system)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, "Bearer"),
        ({"Authorization": "Basic abc"}, "Bearer"),
        ({"Authorization": "Bearer abc"}, 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_good_token(
    http: TestClient[Any], headers: dict[str, str], challenge: str
) -> None:
    for response in (
        http.get("/v1/disputes", headers=headers),
        http.post("/v1/disputes", json=FILING, headers=headers),
    ):
        assert response.status_code == 401
        assert response.json()["type"] == "urn:redress:problem:unauthenticated"
        assert response.headers["www-authenticate"] == challenge


def test_a_second_dispute_on_the_same_line_and_issue(people: People) -> None:
    file_for(people)
    again = people.buyer.file()
    assert (again.status_code, again.json()["type"]) == (
        409,
        "urn:redress:problem:already-filed",
    )
    other_issue = people.buyer.file(reason="malfunction")
    assert other_issue.status_code == 201


def test_the_wrong_phase_says_where_the_case_stands_and_what_is_possible(
    people: People,
) -> None:
    case = file_for(people)
    response = people.mediator.post(
        f"/v1/disputes/{case}/ruling",
        {"liability": "seller", "remedies": [], "reasons": []},
    )
    problem = response.json()
    assert response.status_code == 409
    assert problem["type"] == "urn:redress:problem:wrong-phase"
    assert problem["phase"] == "filed"
    assert problem["possible"] == [
        "admission",
        "refusal",
        "referral",
        "assignment",
        "recusal",
        "notes",
        "tags",
        "messages",
        "messages-files",
    ]
    assert problem["version"] == 1


def test_the_wrong_role_is_refused(people: People) -> None:
    case = file_for(people)
    response = people.buyer.post(f"/v1/disputes/{case}/admission", {})
    assert (response.status_code, response.json()["type"]) == (
        403,
        "urn:redress:problem:not-allowed",
    )


def test_titles_come_in_the_language_asked_for(people: People) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}/admission"
    for asked, language, title in (
        ("zh-CN,zh;q=0.9,en;q=0.1", "zh", "无权进行此操作"),
        ("en", "en", "Your role may not do this"),
        ("fr;q=1,en;q=0.5", "en", "Your role may not do this"),
        ("", "en", "Your role may not do this"),
        ("zh;q=nonsense", "en", "Your role may not do this"),
    ):
        response = people.buyer.post(path, {}, Accept_Language=asked)
        assert response.json()["title"] == title
        assert response.headers["content-language"] == language


def test_problems_have_the_members_of_the_rfc(people: People) -> None:
    members = json.loads(SCHEMA.read_text())["properties"]
    types = {"string": str, "integer": int}
    bad = people.buyer.file(category="weather").json()
    large = people.buyer.file(facts="x" * 524_288).json()
    for problem, said in ((bad, set()), (large, {"detail"})):
        assert members.keys() & problem.keys() == {"type", "title", "status"} | said
        for name in members.keys() & problem.keys():
            assert isinstance(problem[name], types[members[name]["type"]])


def test_a_database_that_is_down(people: People, system: System) -> None:
    people.buyer.file()
    whole = system.database.pool, system.database.request_pool
    broken = type(whole[0])("host=/nowhere dbname=none", open=False, timeout=0.2)
    system.database.pool = system.database.request_pool = broken
    response = people.buyer.post("/v1/disputes", FILING | order(id="o-2"))
    system.database.pool, system.database.request_pool = whole
    assert (response.status_code, response.json()["type"]) == (
        503,
        "urn:redress:problem:database-down",
    )
    assert response.headers["retry-after"] == "1"
