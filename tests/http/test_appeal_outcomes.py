"""Whole stories through HTTP of which an appeal changes the end."""

from __future__ import annotations

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import AMOUNT, REASON, CaseStory
from tests.http.conftest import People
from tests.http.test_outcomes import ended


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock)


def test_refused_by_a_rule_alone_and_admitted_on_appeal(
    people: People, background: Worker, clock: Clock
) -> None:
    order = {"received_at": "2026-01-02T09:30:00+08:00", "id": "o-1", "line": "1"}
    order |= {"paid": AMOUNT}  # type: ignore[dict-item]
    filed = people.buyer.file(order=order).json()
    assert (filed["phase"], filed["outcome"]) == ("closed", "refused")
    assert filed["refusal"]["ground"] == "late"
    story = CaseStory(people, background, clock, filed["id"])
    appeal = {"ground": "error", "statement": "It came on 27 February."}
    assert story.act("buyer", "appeal", appeal)["phase"] == "appeal"
    decision = {"result": "set-aside", "reasons": [REASON]}
    admitted = story.act("supervisor", "appeal/decision", decision)
    assert admitted["phase"] == "awaiting-response"
    accepted = story.act("seller", "seller-response", {"position": "accept"})
    assert accepted["phase"] == "performing"


@pytest.mark.standard(
    "4.4 the effect on a seller's standing is visible, and reversed with the ruling"
)
def test_an_appeal_sets_aside_what_was_paid_and_what_was_held_against_the_seller(
    story: CaseStory,
) -> None:
    story.ruled()
    sanction = {"kind": "warning", "breach": "misconduct", "measure": "Warned."}
    story.act("supervisor", "sanctions", sanction)
    story.act("mediator", "sanctions/1/publication")
    listed = story.people.analyst.get("/v1/sanctions").json()["items"]
    assert [(one["shop"], one["lifted_at"]) for one in listed] == [("s-1", None)]
    story.act("seller", "fulfilments", {"obligation": 1})
    story.act("buyer", "fulfilments/1/confirmation")
    standing = "/v1/sellers/s-1/standing"
    assert story.people.seller.get(standing).json()["points"] == 1
    appeal = {"ground": "new-evidence", "statement": "The inspection is here."}
    story.act("seller", "appeal", appeal)
    decision = {"result": "set-aside", "reasons": [REASON]}
    story.act("supervisor", "appeal/decision", decision)
    owing = story.seen()
    assert [(one["debtor"], one["duty"]) for one in owing["obligations"]] == [
        ("buyer", "pay-back")
    ]
    assert owing["sanctions"][0]["state"] == "lifted"
    story.act("mediator", "sanctions/1/publication")
    story.act("buyer", "fulfilments", {"obligation": 1})
    closed = story.act("seller", "fulfilments/1/confirmation")
    assert ended(closed) == ("closed", "ruled", "not-met")
    after = story.people.seller.get(standing).json()
    assert (after["points"], after["sanctions"]) == (0, [])
    assert [one["type"] for one in after["history"]] == [
        "standing-fault",
        "standing-sanction",
        "standing-restored",
        "standing-relieved",
    ]
    (register,) = story.people.analyst.get("/v1/sanctions").json()["items"]
    assert register["lifted_at"] is not None


def test_the_figures_count_appeals_enforcement_and_what_is_outstanding(
    story: CaseStory,
) -> None:
    story.ruled()
    story.act("seller", "appeal", {"ground": "error", "statement": "Another kettle."})
    story.act(
        "supervisor", "appeal/decision", {"result": "upheld", "reasons": [REASON]}
    )
    story.passes(3)
    order = {"obligation": 1, "method": "advance", "amount": AMOUNT}
    story.act("mediator", "enforcement", order)
    story.act("platform", "enforcement/1/execution", {"reference": "dep-1"})
    part = {
        "amount": {"amount": "29.00", "currency": "CNY"},
        "reference": "set-9",
    }
    story.act("platform", "recovery", part)
    report = story.people.analyst.get("/v1/transparency/reports/2026-03").json()
    found = {one["id"]: one for one in report["report"]["groups"][0]["figures"]}
    assert (found["appealed"]["value"], found["reversal-rate"]["value"]) == (1, 0.0)
    assert found["appeals-decided"]["parts"] == {"upheld": 1}
    assert found["compliance-rate"]["value"] == 0.0
    assert found["closed"]["parts"] == {"enforced": 1}
    assert found["defaulted"]["value"] == 1
    assert found["outstanding"]["amounts"] == [{"amount": "100.00", "currency": "CNY"}]


def test_a_refusal_by_rule_says_why_and_is_gone_when_it_is_set_aside(
    people: People, background: Worker, clock: Clock
) -> None:
    old = {"id": "o-1", "line": "1", "paid": AMOUNT}
    order = old | {"received_at": "2026-01-02T09:30:00+08:00"}
    filed = people.buyer.file(order=order).json()
    refusal = filed["refusal"]
    assert refusal["words"] == "Filed too late"
    assert refusal["explanation"].startswith("It was filed after the time")
    assert refusal["rule"] == "cn-default/1#late"
    story = CaseStory(people, background, clock, filed["id"])
    story.act("buyer", "appeal", {"ground": "error", "statement": "It came later."})
    decision = {"result": "set-aside", "reasons": [REASON]}
    shown = story.act("supervisor", "appeal/decision", decision)
    assert (shown["outcome"], shown["closed_at"]) == (None, None)
    assert "outcome" not in shown["words"]
    assert shown["appeals"][0]["text"]["en"].startswith("Issue: Was it defective?")
