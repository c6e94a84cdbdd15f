"""The mediators' queue: what waits, most urgent first, claimed by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import REASON, REFUND, CaseStory
from tests.http.conftest import People, file_for
from tests.http.test_reads import ids

VARIED = {
    "result": "varied",
    "reasons": [REASON],
    "liability": "seller",
    "remedies": [REFUND],
}


def test_the_queue_is_sorted_by_urgency_and_filtered(
    people: People, background: Worker, clock: Clock
) -> None:
    early = file_for(people, "o-1")
    clock.forward(days=2)
    late = file_for(people, "o-2", category="delivery", reason="not-received")
    answered = file_for(people, "o-3")
    people.mediator.act(answered, "admission", {})
    people.mediator.act(late, "assignment", {})
    background.catch_up()
    queue = people.mediator
    assert ids(queue.get("/v1/queue")) == [early, *sorted([late, answered])]
    assert ids(queue.get("/v1/queue", overdue="true")) == [early]
    assert ids(queue.get("/v1/queue", overdue="false")) == sorted([late, answered])
    assert ids(queue.get("/v1/queue", category="delivery")) == [late]
    assert ids(queue.get("/v1/queue", phase="awaiting-response")) == [answered]
    assert ids(queue.get("/v1/queue", assignee="m-1")) == [late]
    assert ids(queue.get("/v1/queue", assignee="")) == [early, answered]
    assert ids(queue.get("/v1/queue", waiting_on="seller")) == [answered]
    rows = queue.get("/v1/queue").json()["items"]
    assert [row["overdue"] for row in rows] == [True, False, False]
    assert people.buyer.get("/v1/queue").status_code == 403


def test_closed_cases_leave_the_queue_and_stay_in_the_list(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    people.buyer.act(case, "withdrawal", {})
    background.catch_up()
    assert ids(people.mediator.get("/v1/queue")) == []
    assert ids(people.buyer.get("/v1/disputes", live="false")) == [case]


def test_a_closed_case_that_is_appealed_is_late_like_any_other(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).ruled(
        liability="buyer", remedies=[{"kind": "dismissal"}]
    )
    assert story.seen()["phase"] == "closed"
    story.act("buyer", "appeal", {"ground": "error", "statement": "Another kettle."})
    story.passes(8)
    late = people.supervisor.get("/v1/queue", overdue="true").json()["items"]
    assert [(one["id"], one["overdue"]) for one in late] == [(story.id, True)]
    story.act("supervisor", "appeal/decision", VARIED)
    (again,) = people.buyer.get("/v1/disputes").json()["items"]
    assert (again["closed_at"], again["outcome"]) == (None, None)


def test_two_who_claim_at_once_get_two_cases(
    people: People, background: Worker
) -> None:
    for n in range(6):
        file_for(people, f"o-{n}")
    background.catch_up()
    mediators = [people.named("mediator", f"m-{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(lambda one: one.post("/v1/queue/claim"), mediators))
    assert {response.status_code for response in claimed} == {200}
    assert len({response.json()["id"] for response in claimed}) == 6
    background.catch_up()
    empty = people.mediator.post("/v1/queue/claim")
    assert (empty.status_code, empty.json()["type"]) == (
        404,
        "urn:redress:problem:queue-empty",
    )


def test_a_claim_asked_again_under_its_key_is_the_same_claim(
    people: People, background: Worker
) -> None:
    file_for(people, "o-1")
    file_for(people, "o-2")
    background.catch_up()
    first = people.mediator.post("/v1/queue/claim", key="c-1").json()
    again = people.mediator.post("/v1/queue/claim", key="c-1").json()
    assert first == again
