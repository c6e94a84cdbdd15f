"""Ten whole stories through HTTP, each with another way to end."""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import AMOUNT, REASON, CaseStory
from tests.http.conftest import People


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock)


def ended(case: Any) -> tuple[str, str, str]:
    return case["phase"], case["outcome"], case["claim_result"]


def test_settled_by_a_proposal_of_the_platform(story: CaseStory) -> None:
    story.contested()
    story.act("buyer", "messages", {"text": "Can we meet half way?"})
    half = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    story.act("mediator", "offers", {"terms": half, "message": "Half each."})
    one = story.act("buyer", "offers/1/acceptance")
    assert (one["phase"], one["offers"][0]["state"]) == ("negotiating", "open")
    both = story.act("seller", "offers/1/acceptance")
    assert both["phase"] == "performing"
    story.act("seller", "fulfilments", {"obligation": 1})
    closed = story.act("buyer", "fulfilments/1/confirmation")
    assert ended(closed) == ("closed", "settled", "partly")
    assert closed["messages"][0]["text"] == "Can we meet half way?"
    assert closed["messages"][0]["language"] == "en"


@pytest.mark.standard("4.3.4 texts in zh and en are rendered from the reasons")
def test_ruled_and_performed_with_reasons_in_two_languages(story: CaseStory) -> None:
    story.ruled()
    story.act("seller", "fulfilments", {"obligation": 1, "reference": "pay-1"})
    closed = story.act("buyer", "fulfilments/1/confirmation")
    assert ended(closed) == ("closed", "ruled", "met")
    text = closed["ruling"]["text"]
    step, liability, remedy, made = text["en"].splitlines()
    assert step == (
        "Issue: Was it defective? Finding: The photo shows the crack. "
        "Relied on: no. 1 (Photo, from the buyer). "
        "This rests on Article 1 of the Rules of Proof (What can be seen on receipt). "
        "The burden of proof was on the buyer."
    )
    assert (liability, remedy) == ("Liability: Seller.", "Remedy: Refund ¥129.00.")
    assert made == "A person made this decision."
    relied = "采信证据：第 1 号（照片，买家提交）。"  # noqa: RUF001 - Chinese stops
    assert relied in text["zh"]
    assert "依据《举证规则》第一条（收货时可见的问题）认定。" in text["zh"]  # noqa: RUF001
    assert closed["ruling"]["reasons"][0]["language"] == "en"
    assert closed["money"]["postings"] == [
        {"payer": "seller", "payee": "buyer", "amount": AMOUNT}
    ]


def test_deemed_performed_when_the_creditor_is_silent(story: CaseStory) -> None:
    story.ruled()
    story.act("seller", "fulfilments", {"obligation": 1})
    assert ended(story.passes(8)) == ("closed", "ruled", "met")
    deemed = [
        recorded for recorded in story.events() if recorded == "obligation-confirmed"
    ]
    assert deemed == ["obligation-confirmed"]


def test_enforced_by_an_advance_that_is_recovered(story: CaseStory) -> None:
    story.ruled()
    assert story.passes(3)["phase"] == "enforcing"
    order = {"obligation": 1, "method": "advance", "amount": AMOUNT}
    story.act("mediator", "enforcement", order)
    closed = story.act("platform", "enforcement/1/execution", {"reference": "adv-1"})
    assert ended(closed) == ("closed", "enforced", "met")
    assert closed["money"]["advanced"] == AMOUNT
    too_much = {
        "amount": {"amount": "129.01", "currency": "CNY"},
        "reference": "set-9",
    }
    assert story.refused("platform", "recovery", too_much)["errors"]
    story.act("platform", "recovery", {"amount": AMOUNT, "reference": "set-9"})
    assert story.seen()["money"]["advanced"]["amount"] == "0.00"


def test_enforcement_that_fails_hands_over_to_other_routes(story: CaseStory) -> None:
    story.ruled()
    story.passes(3)
    order = {"obligation": 1, "method": "deduct-deposit", "amount": AMOUNT}
    story.act("mediator", "enforcement", order)
    failure = {"cause": "insufficient-funds", "final": True, "routes": ["court"]}
    closed = story.act("platform", "enforcement/1/failure", failure)
    assert ended(closed)[:2] == ("closed", "enforcement-failed")
    assert closed["enforcement"][0]["routes"] == ["court"]


def test_withdrawn(story: CaseStory) -> None:
    story.escalated()
    closed = story.act("buyer", "withdrawal", {"reason": "Solved."})
    assert ended(closed)[:2] == ("closed", "withdrawn")


def test_illegal_goods_are_referred_to_the_authority(story: CaseStory) -> None:
    refusal = {
        "ground": "illegal-goods",
        "explanation": "It is smuggled.",
        "routes": ["market-regulator"],
    }
    closed = story.act("mediator", "refusal", refusal)
    assert ended(closed)[:2] == ("closed", "referred")
    assert closed["referral"]["authority"] == "market-regulator"
    assert story.events()[1:4] == ["refused", "referred", "closed"]


def test_suspended_for_a_court_and_resumed_with_the_time_that_was_left(
    story: CaseStory,
) -> None:
    story.escalated()
    story.passes(1)
    note = {"cause": "court", "note": "Filed at the court."}
    stopped = story.act("seller", "suspension", note)
    assert stopped["waiting_on"]["for"] == "suspension-proof"
    story.act("seller", "suspension/proof", {"proof": "Docket 77."})
    waiting = story.passes(20)
    assert (waiting["phase"], waiting["suspension"]["proved"]) == ("suspended", True)
    story.refused("seller", "resumption", {})
    story.act("supervisor", "resumption", {})
    path = f"/v1/disputes/{story.id}/deadlines"
    ledger = story.people.buyer.get(path).json()["deadlines"]
    evidence = [one for one in ledger if one["awaited"] == "evidence"]
    assert [len(one["pauses"]) for one in evidence] == [1, 1]
    assert {one["state"] for one in evidence} == {"running"}
    assert story.passes(1)["phase"] == "evidence"
    assert story.passes(1)["phase"] == "ruling"
    story.act(
        "mediator",
        "evidence/1/assessment",
        {
            "authentic": True,
            "relevant": False,
            "legal": True,
            "ground": "Another kettle.",
        },
    )
    dismissal = {
        "liability": "none",
        "remedies": [{"kind": "dismissal"}],
        "reasons": [REASON],
    }
    story.act("mediator", "ruling", dismissal)
    assert ended(story.seen()) == ("closed", "ruled", "not-met")


def test_a_second_person_is_needed_above_the_amount(
    people: People, background: Worker, clock: Clock
) -> None:
    dear = {"amount": "9000.00", "currency": "CNY"}
    order = {
        "id": "o-9",
        "line": "1",
        "paid": dear,
        "received_at": "2026-02-27T09:30:00+08:00",
    }
    claim = {"kind": "refund", "amount": dear}
    case = people.buyer.file(order=order, claim=claim).json()["id"]
    story = CaseStory(people, background, clock, case).to_rule()
    ruling = {"liability": "seller", "remedies": [claim], "reasons": [REASON]}
    problem = story.refused("mediator", "ruling", ruling)
    assert problem["type"] == "urn:redress:problem:second-person"
    story.act("mediator", "ruling-draft", ruling)
    assert story.seen("seller").get("draft") is None
    own = story.refused("mediator", "ruling-draft/approval")
    assert own["type"] == "urn:redress:problem:conflicted"
    issued = story.act("mediator", "ruling-draft/approval", who="m-2")
    assert (issued["decided_by"], issued["approved_by"]) == ("m-1", "m-2")
    assert issued["ruling"]["reasons"][0]["finding"] == REASON["finding"]
