"""Commands under a version and a key: stale, repeated, of two people."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from tests.http.conftest import FILING, People, file_for
from tests.http.test_bad_input import nothing_recorded, order


def test_a_missing_and_a_stale_precondition(people: People) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}/admission"
    missing = people.mediator.post(path, {}, match=None)
    assert (missing.status_code, missing.json()["status"]) == (428, 428)
    people.mediator.act(case, "assignment", {})
    stale = people.mediator.post(path, {}, match='"1"')
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    for odd in ("1", '"1", 2', '"1",', "one", '"one"', 'w/"1"', '"-1"', '"1'):
        assert people.mediator.post(path, {}, match=odd).status_code == 400
    for other in ('"0"', '"1", "3"', '"99"', 'W/"1"', '"1-gzip"', 'W/"1--gzip"'):
        assert people.mediator.post(path, {}, match=other).status_code == 412
    assert people.mediator.post(path, {}, match='"1", "2"').status_code == 200


@pytest.mark.parametrize(
    "tag", ['W/"1"', '"1-gzip"', '"1--gzip"', 'W/"1-gzip"', '"1-overdue"', '"7", W/"1"']
)
def test_a_precondition_as_proxies_rewrite_it(people: People, tag: str) -> None:
    case = file_for(people)
    done = people.mediator.post(f"/v1/disputes/{case}/admission", {}, match=tag)
    assert (done.status_code, done.json()["version"]) == (200, 2)


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "tab\t"])
def test_a_missing_or_odd_idempotency_key(
    http: TestClient[Any], people: People, system: System, key: str
) -> None:
    headers = people.buyer.headers | ({"Idempotency-Key": key} if key else {})
    response = http.post("/v1/disputes", json=FILING, headers=headers)
    assert (response.status_code, response.json()["type"]) == (
        400,
        "urn:redress:problem:missing-key",
    )
    assert nothing_recorded(system)


def test_a_key_with_another_body(people: People) -> None:
    first = people.buyer.post("/v1/disputes", FILING, key="k-1")
    again = people.buyer.post("/v1/disputes", FILING, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = people.buyer.post(
        "/v1/disputes", FILING | {"facts": "Something else."}, key="k-1"
    )
    assert (other.status_code, other.json()["type"]) == (
        422,
        "urn:redress:problem:key-reused",
    )
    elsewhere = people.buyer.post("/v1/disputes", FILING | order(id="o-2"), key="k-1")
    assert elsewhere.status_code == 422


def test_the_first_answer_again_even_when_the_case_has_moved_on(people: People) -> None:
    first = people.buyer.post("/v1/disputes", FILING, key="k-1")
    people.mediator.act(first.json()["id"], "admission", {})
    again = people.buyer.post("/v1/disputes", FILING, key="k-1")
    assert again.headers["etag"] == '"1"'
    assert again.json()["phase"] == "filed"


def test_keys_of_two_people_do_not_meet(people: People) -> None:
    people.buyer.post("/v1/disputes", FILING, key="k-1")
    other = people.named("buyer", "b-2")
    response = other.post("/v1/disputes", FILING | order(id="o-2"), key="k-1")
    assert response.status_code == 201
