"""Every request that changes something goes through its Idempotency-Key.

The same key with another request is refused; 50 at once are one effect and as many
equal answers.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.privacy.ended_cases import ASKED, YEARS, ended_case

__all__ = ["ended_case"]

Send = Callable[[str], httpx.Response]

AT_ONCE = 50


def grant_body(clock: Clock, reader: str = "a-1") -> dict[str, Any]:
    return {
        "reader": reader,
        "role": "auditor",
        "begins": clock.now.isoformat(),
        "ends": (clock.now + timedelta(days=30)).isoformat(),
        "purpose": "Audit 2026-Q1",
    }


def at_once(send: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        sent = [crowd.submit(send) for _ in range(AT_ONCE)]
        return [one.result() for one in sent]


def one_answer(answers: list[httpx.Response]) -> Any:
    """Return what all were answered, which is the same."""
    assert len({(one.status_code, one.content) for one in answers}) == 1
    return answers[0].json()


def refused(response: httpx.Response) -> str:
    assert response.status_code == 422, response.text
    return str(response.json()["type"]).removeprefix("urn:redress:problem:")


def test_50_claims_under_one_key_take_one_case(
    people: People, background: Worker
) -> None:
    for n in range(3):
        file_for(people, f"o-{n}")
    background.catch_up()
    answers = at_once(lambda: people.mediator.post("/v1/queue/claim", key="one"))
    taken = one_answer(answers)["id"]
    listed = people.mediator.get("/v1/queue", assignee="").json()["items"]
    background.catch_up()
    left = people.mediator.get("/v1/queue", assignee="").json()["items"]
    assert (len(listed), len(left)) == (3, 2)
    assert taken not in {one["id"] for one in left}
    # The key is the claim's: nothing else goes under it.
    case = file_for(people, "o-9")
    reused = people.mediator.post(f"/v1/disputes/{case}/admission", {}, key="one")
    assert refused(reused) == "key-reused"


def test_50_grants_under_one_key_are_one(people: People, clock: Clock) -> None:
    path, body = "/v1/audit/grants", grant_body(clock)
    answers = at_once(lambda: people.supervisor.post(path, body, key="one"))
    grant = one_answer(answers)
    assert len(people.supervisor.get(path).json()["items"]) == 1
    other = people.supervisor.post(path, grant_body(clock, "a-2"), key="one")
    assert refused(other) == "key-reused"
    # Given in vain under another's key, revoked in vain under the gift's.
    path = f"{path}/{grant['id']}/revocation"
    assert refused(people.supervisor.post(path, key="one")) == "key-reused"
    revoked = at_once(lambda: people.supervisor.post(path, key="two"))
    first = one_answer(revoked)
    clock.forward(days=1)
    # A day later the first answer is still the answer.
    assert people.supervisor.post(path, key="two").json() == first
    log = people.supervisor.get("/v1/audit/access-log").json()["items"]
    kinds = [one["event"]["type"] for one in log]
    assert kinds.count("access-granted") == kinds.count("access-revoked") == 1


@pytest.mark.usefixtures("ended_case")
def test_an_erasure_is_of_the_subject_that_its_key_was_used_for(
    people: People, background: Worker, clock: Clock
) -> None:
    background.catch_up()
    clock.forward(days=YEARS)
    body = ASKED
    answers = at_once(lambda: people.supervisor.post("/v1/erasures", body, key="one"))
    erasure = one_answer(answers)
    other = body | {"role": "seller", "subject": "s-1"}
    refusal = people.supervisor.post("/v1/erasures", other, key="one")
    assert refused(refusal) == "key-reused"
    second = people.named("supervisor", "v-2")
    path = f"/v1/erasures/{erasure['id']}/approval"
    approved = one_answer(at_once(lambda: second.post(path, key="one")))
    assert approved["approved_by"] == "v-2"
    assert refused(second.post("/v1/erasures", body, key="one")) == "key-reused"


def test_a_refused_request_uses_no_key(people: People, clock: Clock) -> None:
    wrong = grant_body(clock) | {"ends": clock.now.isoformat()}
    path = "/v1/audit/grants"
    assert people.supervisor.post(path, wrong, key="one").status_code == 422
    given = people.supervisor.post(path, grant_body(clock), key="one")
    assert given.status_code == 201


def test_a_command_refuses_a_key_that_something_else_used(
    people: People, clock: Clock
) -> None:
    case = file_for(people)
    people.supervisor.post("/v1/audit/grants", grant_body(clock), key="one")
    reused = people.supervisor.post(f"/v1/disputes/{case}/admission", {}, key="one")
    assert refused(reused) == "key-reused"
    admitted = people.supervisor.post(f"/v1/disputes/{case}/admission", {}, key="two")
    assert admitted.status_code == 200
    other = people.supervisor.post("/v1/audit/grants", grant_body(clock), key="two")
    assert refused(other) == "key-reused"


def test_50_messages_at_once_are_taken_or_told_that_it_is_busy(people: People) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    path = f"/v1/disputes/{case}/messages"
    answers = at_once(lambda: people.buyer.post(path, {"text": "Hello?"}))
    taken = [one for one in answers if one.status_code == 200]
    others = [one for one in answers if one.status_code != 200]
    kinds = {one.json()["type"].removeprefix("urn:redress:problem:") for one in others}
    assert kinds <= {"busy"}
    assert all(one.headers["retry-after"] for one in others)
    history = people.supervisor.get(f"/v1/disputes/{case}").json()
    assert len(history["messages"]) == len(taken) > 0
