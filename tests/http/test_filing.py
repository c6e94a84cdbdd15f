"""Filing as a real platform meets it: short facts, two cases on a line, strangers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People

ORDER = FILING["order"]
SNAPSHOT = {
    "title": '电热水壶 1.7 升 "家用" 12"',
    "sku": "KT-17",
    "quantity": 2,
    "unit_price": {"amount": "64.50", "currency": "CNY"},
    "picture": "https://shop.example/kt-17.jpg?w=640",
    "shop": "暖家旗舰店",
    "carrier": "顺丰速运",
    "tracking_number": "SF1234567890123",
}
REFUND = FILING["claim"]


def with_snapshot(**changes: Any) -> dict[str, Any]:
    return {"order": ORDER | {"snapshot": SNAPSHOT | changes}}


@pytest.mark.parametrize("facts", ["", "   ", "\n", "?? !!", "坏", "bad!"])
def test_short_facts_are_refused_on_their_field_and_nothing_is_recorded(
    people: People, background: Worker, facts: str
) -> None:
    answer = people.buyer.file(facts=facts)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/facts"
    assert "3 Chinese characters" in error["detail"]
    background.catch_up()
    assert people.buyer.get("/v1/disputes").json()["items"] == []
    # Nothing was recorded, so the same issue can be filed at once.
    assert people.buyer.file(facts="漏水了").status_code == 201


def test_a_seller_is_told_nothing_before_admission(
    people: People, background: Worker, clock: Clock
) -> None:
    case = people.buyer.file().json()["id"]
    background.catch_up()
    assert people.seller.get(f"/v1/disputes/{case}").status_code == 404
    assert people.seller.get("/v1/disputes").json()["items"] == []
    late = ORDER | {"id": "o-2", "received_at": "2025-12-01T09:30:00+08:00"}
    refused = people.buyer.file(order=late).json()
    assert (refused["phase"], refused["outcome"]) == ("closed", "refused")
    clock.now += timedelta(minutes=1)
    background.catch_up()
    assert people.seller.get("/v1/notices").json()["items"] == []
    assert people.buyer.get("/v1/notices").json()["items"] != []
    people.mediator.act(case, "admission", {})
    background.catch_up()
    assert people.seller.get(f"/v1/disputes/{case}").status_code == 200
    assert [one["id"] for one in people.seller.get("/v1/disputes").json()["items"]] == [
        case
    ]
    told = people.seller.get("/v1/notices").json()["items"]
    assert [one["about"] for one in told] == ["admission"]


def test_the_order_is_kept_as_the_client_showed_it(people: People) -> None:
    case = people.buyer.file(**with_snapshot()).json()
    assert case["order"]["snapshot"] == SNAPSHOT
    read = people.mediator.get(f"/v1/disputes/{case['id']}").json()
    assert read["order"]["snapshot"] == SNAPSHOT
    plain = people.buyer.file(reason="malfunction").json()
    assert plain["order"]["snapshot"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"picture": "javascript:alert(1)"}, "/order/snapshot/picture"),
        ({"picture": "http://shop.example/a.jpg"}, "/order/snapshot/picture"),
        ({"picture": "https://shop.example/a.jpg\n"}, "/order/snapshot/picture"),
        ({"quantity": 0}, "/order/snapshot/quantity"),
        ({"title": " "}, "/order/snapshot/title"),
        (
            {"unit_price": {"amount": "64.50", "currency": "USD"}},
            "/order/snapshot/unit_price/currency",
        ),
        (
            {"unit_price": {"amount": "0.00", "currency": "CNY"}},
            "/order/snapshot/unit_price",
        ),
    ],
)
def test_a_wrong_snapshot_is_named(
    people: People, changes: dict[str, Any], pointer: str
) -> None:
    answer = people.buyer.file(**with_snapshot(**changes))
    assert answer.status_code in {400, 422}
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_a_stranger_takes_nobodys_place_and_learns_nothing(people: People) -> None:
    stranger = people.named("buyer", "b-2")
    theirs = stranger.file().json()["id"]
    told = people.buyer.post("/v1/disputes/eligibility", FILING).json()
    assert (told["accepted"], told["duplicate"], told["earlier"]) == (True, None, None)
    own = people.buyer.file()
    assert own.status_code == 201
    assert own.json()["id"] != theirs
    again = people.buyer.file()
    assert again.status_code == 409
    foreseen = people.buyer.post("/v1/disputes/eligibility", FILING).json()
    assert foreseen["duplicate"] == f"/v1/disputes/{own.json()['id']}"


def test_one_lines_money_is_counted_over_all_its_cases(people: People) -> None:
    first = settled(people, people.buyer.file().json()["id"])
    assert first["obligations"][0]["amount"] == REFUND["amount"]
    refused = people.buyer.file(reason="malfunction")
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/claim/amount"
    assert "129.00" in error["detail"]
    # A stranger is not told what another buyer's case has granted.
    stranger = people.named("buyer", "b-2")
    theirs = stranger.file(reason="malfunction").json()["id"]
    # Whoever decides knows it.
    people.mediator.act(theirs, "admission", {})
    answer = people.seller.post(
        f"/v1/disputes/{theirs}/seller-response", {"position": "accept"}
    )
    assert answer.status_code == 422
    shown = people.mediator.get(f"/v1/disputes/{theirs}").json()
    assert shown["order_line"] == {
        "granted": {"amount": "129.00", "currency": "CNY"},
        "left": {"amount": "0.00", "currency": "CNY"},
        "others": [f"/v1/disputes/{first['id']}"],
    }
    seen = stranger.get(f"/v1/disputes/{theirs}").json()
    assert seen["order_line"] is None


def test_another_price_gives_no_more_money_on_the_same_line(people: People) -> None:
    settled(people, people.buyer.file().json()["id"])
    dearer = ORDER | {"paid": {"amount": "300.00", "currency": "CNY"}}
    refused = people.buyer.file(reason="malfunction", order=dearer)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/claim/amount"


def test_a_seller_is_not_led_to_a_case_that_was_not_admitted(people: People) -> None:
    case = people.buyer.file().json()["id"]
    people.mediator.act(case, "admission", {})
    waiting = people.named("buyer", "b-2").file().json()["id"]
    seen = people.seller.get(f"/v1/disputes/{case}").json()
    assert seen["order_line"] is None
    assert people.mediator.get(f"/v1/disputes/{case}").json()["order_line"] == {
        "granted": {"amount": "0.00", "currency": "CNY"},
        "left": {"amount": "129.00", "currency": "CNY"},
        "others": [f"/v1/disputes/{waiting}"],
    }


def test_two_cases_of_a_line_cannot_grant_the_same_money_at_once(
    people: People,
) -> None:
    cases = [
        people.buyer.file(reason=reason).json()["id"]
        for reason in ("defect", "malfunction", "not-as-described")
    ]
    for case in cases:
        people.mediator.act(case, "admission", {})

    def accept(case: str) -> int:
        path = f"/v1/disputes/{case}/seller-response"
        return people.seller.post(path, {"position": "accept"}).status_code

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(accept, cases))
    assert answers == [200, 422, 422]


def settled(people: People, case: str) -> dict[str, Any]:
    people.mediator.act(case, "admission", {})
    answer: dict[str, Any] = people.seller.act(
        case, "seller-response", {"position": "accept"}
    )
    return answer
