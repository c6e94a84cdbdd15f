"""What an action says of its fields: types, codes, conditions, bounds."""

from __future__ import annotations

import re
from typing import Any

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, WEIGHED, CaseStory
from tests.http.conftest import People, file_for

DEAR = {"amount": "9000.00", "currency": "CNY"}


def actions(case: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in case["actions"]:
        found.setdefault(one["name"], []).append(one)
    return found


def fields(action: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in action["fields"]}


def test_a_ruling_is_offered_once_the_evidence_is_weighed(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).escalated()
    story.passes(3)
    before = actions(story.seen("mediator"))
    assert "ruling" not in before
    (weighing,) = before["evidence-assessment"]
    assert weighing["awaited"]
    weighed = fields(weighing)
    assert weighed["legal"] == {
        "name": "legal",
        "type": "boolean",
        "required": True,
        "label": "lawfully obtained",
    }
    assert weighed["ground"]["required_when"]["legal"] == ["false"]
    story.act("mediator", "evidence/1/assessment", WEIGHED)
    after = actions(story.seen("mediator"))
    assert after["ruling"][0]["awaited"]
    assert not after["evidence-assessment"][0]["awaited"]


def test_one_person_is_told_how_much_one_may_grant_alone(
    people: People, background: Worker, clock: Clock
) -> None:
    order = {"id": "o-2", "line": "1", "paid": DEAR}
    claim = {"kind": "refund", "amount": DEAR}
    filed = people.buyer.file(order=order, claim=claim).json()["id"]
    story = CaseStory(people, background, clock, filed).contested()
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    story.passes(3)
    found = actions(story.seen("mediator"))
    alone = fields(found["ruling"][0])["remedies"]
    drafted = fields(found["ruling-draft"][0])["remedies"]
    assert (alone["max"], drafted["max"]) == ("5000.00", "9000.00")
    amount = fields(alone)["amount"]
    assert (amount["max"], amount["currency"]) == ("5000.00", "CNY")
    assert "refund" in amount["only_when"]["kind"]
    assert fields(amount)["amount"]["type"] == "decimal"
    assert fields(alone)["freight"]["required_when"] == {"kind": ["return-and-refund"]}


def test_each_limit_that_can_be_extended_is_an_action_of_its_own(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).escalated()
    offered = actions(story.seen())["extension"]
    pairs = {
        (*fields(one)["awaited"]["codes"], *fields(one)["party"]["codes"])
        for one in offered
    }
    assert pairs == {("evidence", "buyer"), ("evidence", "seller")}


def test_a_message_with_a_file_is_an_action_and_no_name_has_a_slash(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).ruled()
    (attaching,) = actions(story.seen("buyer"))["messages-files"]
    assert fields(attaching)["file"]["type"] == "file"
    assert "image/png" in fields(attaching)["file"]["codes"]
    sent = people.buyer.http.post(
        attaching["href"],
        files={"file": ("seen.png", PNG, "image/png")},
        data={"text": "This is it."},
        headers=people.buyer.headers | {"Idempotency-Key": "a", "If-Match": "*"},
    )
    assert sent.status_code == 201
    for role in ("buyer", "seller", "mediator", "supervisor"):
        offered = actions(story.seen(role))
        assert offered
        for name in offered:
            assert re.fullmatch("[a-z]+(-[a-z]+)*", name)


def test_an_answer_says_what_goes_with_which_position(people: People) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    seen = people.seller.get(f"/v1/disputes/{case}").json()
    answer = fields(actions(seen)["seller-response"][0])
    assert answer["position"]["codes"] == ["accept", "offer", "contest"]
    assert answer["statement"]["required_when"] == {"position": ["contest"]}
    assert answer["offer"]["only_when"] == {"position": ["offer"]}
    assert "dismissal" not in fields(answer["offer"])["kind"]["codes"]
