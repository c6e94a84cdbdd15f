"""Two whole cases told through HTTP: from filing to closing, and with silence only."""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def action_names(case: dict[str, Any]) -> list[str]:
    return [action["name"] for action in case["actions"]]


@pytest.mark.standard("4.3.5 the result and its basis in writing")
def test_from_filing_to_closing(
    people: People, background: Worker, clock: Clock
) -> None:
    buyer, seller, mediator = people.buyer, people.seller, people.mediator

    filed = buyer.file()
    assert filed.status_code == 201
    case = filed.json()
    path = filed.headers["location"]
    assert path == f"/v1/disputes/{case['id']}"
    assert filed.headers["etag"] == '"1"'
    assert case["waiting_on"]["for"] == "admission"
    offered = ["withdrawal", "contact", "messages", "messages-files", "evidence"]
    assert action_names(case) == offered

    background.catch_up()
    waiting = mediator.get("/v1/queue", waiting_on="platform").json()["items"]
    assert [row["id"] for row in waiting] == [case["id"]]
    claimed = mediator.post("/v1/queue/claim").json()
    assert claimed["assignee"] == "m-1"
    admitted = mediator.act(case["id"], "admission", {}, match='"2"')
    assert (admitted["phase"], admitted["waiting_on"]["for"]) == (
        "awaiting-response",
        "service",
    )

    background.catch_up()
    notices = seller.get("/v1/notices").json()["items"]
    assert [notice["about"] for notice in notices] == ["admission"]
    seen = seller.get(path).json()
    assert seen["waiting_on"]["for"] == "response"
    assert "contact" not in seen
    assert notices[0]["due"] == seen["waiting_on"]["due"]

    half = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    answered = seller.act(
        case["id"], "seller-response", {"position": "offer", "offer": half}
    )
    assert answered["offers"][0]["state"] == "open"
    declined = buyer.act(case["id"], "offers/1/decline", {"message": "All of it."})
    assert declined["offers"][0]["state"] == "declined"
    buyer.act(case["id"], "escalation", {"trigger": "no-agreement"})

    upload = buyer.upload(case["id"], PNG)
    assert upload.status_code == 201
    evidence = upload.json()["evidence"][0]
    fetched = buyer.get(evidence["href"])
    assert fetched.content == PNG

    clock.forward(days=3)
    background.catch_up()
    ruling = {
        "liability": "seller",
        "remedies": [FILING["claim"]],
        "reasons": [
            {
                "issue": "Was it defective?",
                "finding": "The photo shows the crack.",
                "relied_on": [1],
                "rule": {"id": "sample-platform", "version": "1", "article": "3"},
                "burden": "buyer",
            }
        ],
    }
    unassessed = mediator.post(f"{path}/ruling", ruling)
    assert unassessed.status_code == 422
    weighed = {"authentic": True, "relevant": True, "legal": True}
    mediator.act(case["id"], "evidence/1/assessment", weighed)
    ruled = mediator.act(case["id"], "ruling", ruling)
    assert ruled["obligations"][0]["state"] == "owed"
    background.catch_up()
    told = [one["about"] for one in buyer.get("/v1/notices").json()["items"]]
    assert told[0] == "ruling"

    seller.act(case["id"], "fulfilments", {"obligation": 1, "reference": "pay-77"})
    closed = buyer.act(case["id"], "fulfilments/1/confirmation")
    assert (closed["phase"], closed["outcome"]) == ("closed", "ruled")
    assert closed["claim_result"] == "met"
    assert action_names(closed) == ["appeal"]
    assert closed["waiting_on"] is None

    background.catch_up()
    history = people.regulator.get(f"/v1/audit/disputes/{case['id']}").json()
    assert [recorded["type"] for recorded in history["facts"]] == [
        "filed",
        "mediator-assigned",
        "admitted",
        "notice-served",
        "seller-responded",
        "offer-made",
        "offer-declined",
        "escalated",
        "burden-assigned",
        "evidence-submitted",
        "evidence-closed",
        "deadline-missed",
        "evidence-closed",
        "evidence-assessed",
        "ruled",
        "notice-served",
        "notice-served",
        "fulfilled",
        "obligation-confirmed",
        "closed",
    ]
    report = people.analyst.get("/v1/transparency/reports/2026-03").json()["report"]
    figures = {one["id"]: one["value"] for one in report["groups"][0]["figures"]}
    assert figures["opened"] == figures["closed"] == figures["claim-met"] == 1


def test_silence_at_every_step(
    people: People, background: Worker, clock: Clock
) -> None:
    """Nobody does anything in time; the platform acts late, and the case still ends."""

    def let_pass(days: int) -> dict[str, Any]:
        for _ in range(days):
            clock.forward(days=1)
            background.catch_up()
        return people.supervisor.get(f"/v1/disputes/{case}").json()  # type: ignore[no-any-return]

    case = people.buyer.file().json()["id"]
    late = let_pass(3)
    assert (late["phase"], late["deadlines"][0]["missed"]) == ("filed", True)
    overdue = people.mediator.get("/v1/queue", overdue="true").json()["items"]
    assert [row["id"] for row in overdue] == [case]

    people.mediator.act(case, "admission", {})
    background.catch_up()
    silent = let_pass(3)
    assert silent["phase"] == "unanswered"
    assert silent["waiting_on"]["party"] == "buyer"
    assert silent["waiting_on"]["silence"] == "escalate"

    stepped_in = let_pass(8)
    assert stepped_in["escalation"]["trigger"] == "no-response"
    assert stepped_in["escalation"]["by"] == "platform"
    to_rule = let_pass(4)
    assert to_rule["phase"] == "ruling"
    assert to_rule["evidence"] == []
    overdue_ruling = let_pass(8)
    assert overdue_ruling["deadlines"][0]["missed"]

    people.mediator.act(
        case,
        "ruling",
        {
            "liability": "seller",
            "remedies": [FILING["claim"]],
            "reasons": [
                {
                    "issue": "Did the seller answer?",
                    "finding": "No.",
                    "rule": {"id": "standard", "version": "1", "article": "4.1.3"},
                }
            ],
        },
    )
    background.catch_up()
    defaulted = let_pass(2)
    assert defaulted["phase"] == "enforcing"
    assert defaulted["waiting_on"]["party"] == "platform"
    late_enforcing = let_pass(2)
    assert late_enforcing["deadlines"][0]["missed"]

    order = {
        "obligation": 1,
        "method": "deduct-deposit",
        "amount": FILING["claim"]["amount"],
    }
    people.mediator.act(case, "enforcement", order)
    ended = people.platform.act(case, "enforcement/1/execution", {"reference": "dep-1"})
    assert (ended["phase"], ended["outcome"]) == ("closed", "enforced")
    let_pass(8)

    events = people.auditor.get(f"/v1/audit/disputes/{case}").json()["facts"]
    missed = [
        (recorded["payload"]["awaited"], recorded["party"])
        for recorded in events
        if recorded["type"] == "deadline-missed"
    ]
    assert missed == [
        ("admission", "platform"),
        ("response", "seller"),
        ("escalation", "buyer"),
        ("evidence", "buyer"),
        ("evidence", "seller"),
        ("ruling", "platform"),
        ("performance", "seller"),
        ("voluntary", "seller"),
        ("enforcement", "platform"),
        ("appeal", "buyer"),
        ("appeal", "seller"),
    ]
    for recorded in events:
        if recorded["type"] == "deadline-missed":
            assert recorded["actor"]["role"] == "clock"
            assert recorded["at"] == recorded["due"] <= recorded["recorded_at"]
