"""The desk's rules: who has a case is asked first; tags, notes and hand-overs."""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for


@pytest.fixture
def case(people: People) -> str:
    case = file_for(people)
    people.mediator.act(case, "assignment", {})
    return case


def test_a_colleagues_act_needs_to_take_the_case_over(
    people: People, case: str
) -> None:
    colleague = people.named("mediator", "m-2")
    refused = colleague.post(f"/v1/disputes/{case}/admission", {})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":assigned")
    assert "m-1" in refused.json()["detail"]
    offered = colleague.get(f"/v1/disputes/{case}").json()["actions"]
    assert {one["name"] for one in offered} == {
        "assignment",
        "recusal",
        "notes",
        "tags",
    }
    assert colleague.post(f"/v1/disputes/{case}/assignment", {}).status_code == 409
    remark = {"take_over": True, "remark": "m-1 is on holiday."}
    taken = colleague.act(case, "assignment", remark)
    assert taken["assignee"] == "m-2"
    last = taken["handovers"][-1]
    assert (last["to"], last["by"], last["taken_from"]) == ("m-2", "m-2", "m-1")
    assert last["remark"] == "m-1 is on holiday."
    assert colleague.act(case, "admission", {})["phase"] == "awaiting-response"
    # The one who had it is now the colleague who has to ask.
    messages = f"/v1/disputes/{case}/messages"
    assert people.mediator.post(messages, {"text": "Hello."}).status_code == 409


def test_a_supervisor_acts_and_reassigns_without_taking_over(
    people: People, case: str
) -> None:
    assert people.supervisor.act(case, "admission", {})["assignee"] == "m-1"
    given = people.supervisor.act(
        case, "assignment", {"mediator": "m-3", "remark": "Please look today."}
    )
    assert given["assignee"] == "m-3"
    assert given["handovers"][-1]["taken_from"] == "m-1"


def test_notes_tags_and_hand_overs_are_for_the_desk_alone(
    people: People, background: Worker, case: str
) -> None:
    noted = people.mediator.act(case, "notes", {"text": "Called the carrier."})
    assert [one["text"] for one in noted["notes"]] == ["Called the carrier."]
    tagged = people.mediator.act(case, "tags", {"add": ["揽收异常", "carrier-strike"]})
    assert tagged["tags"] == ["carrier-strike", "揽收异常"]
    both = {"add": ["vip"], "remove": ["carrier-strike", "揽收异常"]}
    assert people.mediator.act(case, "tags", both)["tags"] == ["vip"]
    people.mediator.act(case, "admission", {})
    background.catch_up()
    assert listed(people.mediator, tag="vip") == [case]
    assert listed(people.mediator, tag="carrier-strike") == []
    assert listed(people.mediator, "/v1/queue", tag="vip") == [case]
    for party in (people.buyer, people.seller):
        seen = party.get(f"/v1/disputes/{case}").json()
        assert not {"notes", "tags", "handovers"} & seen.keys()
        assert party.get("/v1/disputes", tag="vip").status_code == 403
        (row,) = party.get("/v1/disputes").json()["items"]
        assert row["tags"] == []


@pytest.mark.parametrize(
    "tag",
    ["", " vip", "a,b", "x" * 41, "a\nb", "a\n", "a\x1f", "a\x11", "\x85a", "\ufeffa"],
)
def test_what_is_no_tag_is_refused(people: People, case: str, tag: str) -> None:
    answer = people.mediator.post(f"/v1/disputes/{case}/tags", {"add": [tag]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/add/0"


def test_a_case_has_no_more_tags_than_a_person_reads(people: People, case: str) -> None:
    first = {"add": [f"t{n}" for n in range(20)]}
    people.mediator.act(case, "tags", first)
    answer = people.mediator.post(f"/v1/disputes/{case}/tags", {"add": ["one-more"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/add"


def test_one_asks_for_ones_own_cases_by_me(
    people: People, background: Worker, case: str
) -> None:
    background.catch_up()
    assert listed(people.mediator, "/v1/queue", assignee="me") == [case]
    assert listed(people.named("mediator", "m-2"), "/v1/queue", assignee="me") == []
    assert listed(people.mediator, assignee="me") == [case]


def test_appeals_wait_for_supervisors_only(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).ruled()
    story.act("seller", "appeal", {"ground": "error", "statement": "Another's photo."})
    background.catch_up()
    assert listed(people.mediator, "/v1/queue") == []
    assert listed(people.supervisor, "/v1/queue") == [story.id]
    assert people.mediator.post("/v1/queue/claim").status_code == 404
    counts = people.mediator.get("/v1/disputes/counts").json()
    assert (counts["live"], counts["to_handle"]) == (1, 0)
    assert people.supervisor.get("/v1/disputes/counts").json()["to_handle"] == 1
    assert people.supervisor.post("/v1/queue/claim").json()["id"] == story.id


def listed(person: Any, path: str = "/v1/disputes", **query: Any) -> list[str]:
    answer = person.get(path, **query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]
