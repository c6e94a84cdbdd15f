"""Claiming cases, and keys of commands that change nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from interface.run.worker import Worker
from tests.http.conftest import People, file_for

REUSED = "urn:redress:problem:key-reused"


def test_who_claims_again_gets_another_case_although_the_queue_lags(
    people: People, background: Worker
) -> None:
    for n in range(30):
        file_for(people, f"o-{n}")
    background.catch_up()
    claimed = [people.mediator.post("/v1/queue/claim").json()["id"] for _ in range(30)]
    assert len(set(claimed)) == 30
    assert people.mediator.post("/v1/queue/claim").status_code == 404


def test_one_who_claims_twice_at_once_gets_two_cases(
    people: People, background: Worker
) -> None:
    for n in range(6):
        file_for(people, f"o-{n}")
    background.catch_up()
    one = people.mediator
    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(lambda _: one.post("/v1/queue/claim"), range(6)))
    assert {response.status_code for response in claimed} == {200}
    assert len({response.json()["id"] for response in claimed}) == 6


def test_a_key_of_a_command_that_changed_nothing_belongs_to_it(people: People) -> None:
    case, other = file_for(people), file_for(people, "o-2")
    mediator = people.mediator
    mediator.act(case, "assignment", {})
    first = mediator.act(case, "assignment", {}, key="k-1")
    assert first["version"] == 2
    for path, body in (
        (f"{case}/assignment", {"mediator": "m-2"}),
        (f"{case}/admission", {}),
        (f"{case}/ruling", {"liability": "seller", "remedies": [], "reasons": []}),
        (f"{other}/assignment", {}),
    ):
        response = mediator.post(f"/v1/disputes/{path}", body, key="k-1")
        assert (response.status_code, response.json()["type"]) == (422, REUSED)
    people.buyer.act(case, "withdrawal", {})
    assert mediator.act(case, "assignment", {}, key="k-1") == first
