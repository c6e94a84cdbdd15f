"""Two whole cases told through HTTP: from filing to closing, and with silence only."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from interface.client import CaseHandle
from interface.client.generated.models import (
    MoneyBody,
    Outcome,
    Party,
    Phase,
    RulingBody,
    StaffCase,
    TermsBody,
)
from interface.client.problem_raised import RuleBroken
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def awaited(case: CaseHandle) -> str | None:
    waiting = case.shown.waiting_on
    return None if waiting is None else waiting.for_


@pytest.mark.standard("4.3.5 the result and its basis in writing")
def test_from_filing_to_closing(
    people: People, background: Worker, clock: Clock
) -> None:
    buyer, seller = people.buyer.client, people.seller.client
    mediator = people.mediator.client

    filed = people.buyer.file()
    assert filed.status_code == 201
    path = filed.headers["location"]
    case = buyer.case(filed.json()["id"])
    assert path == f"/v1/disputes/{case.id}"
    assert filed.headers["etag"] == case.etag == '"1"'
    assert awaited(case) == "admission"
    offered = ["withdrawal", "contact", "messages", "messages-files", "evidence"]
    assert [one.name for one in case.actions] == offered

    background.catch_up()
    (waiting,) = mediator.every(mediator.read_queue, waiting_on=Party.PLATFORM)
    assert waiting.id == case.id
    mediator.claim_next_dispute()
    desk = mediator.case(case.id)
    assert isinstance(desk.shown, StaffCase)
    assert desk.shown.assignee == "m-1"
    assert desk.etag == '"2"'
    desk.actions.admit_dispute()
    assert (desk.phase, awaited(desk)) == (Phase.AWAITING_RESPONSE, "service")

    background.catch_up()
    (notice,) = seller.every(seller.list_notices)
    assert notice.about == "admission"
    seen = seller.case(case.id)
    assert awaited(seen) == "response"
    assert not hasattr(seen.shown, "contact")
    assert seen.shown.waiting_on is not None
    assert notice.due == seen.shown.waiting_on.due

    half = TermsBody(kind="refund", amount=MoneyBody(amount="64.50", currency="CNY"))
    seen.actions.respond_to_claim(position="offer", offer=half)
    assert seen.shown.offers[0].state == "open"
    case.refresh().actions.decline_offer(message="All of it.")
    assert case.shown.offers[0].state == "declined"
    case.actions.escalate_dispute(trigger="no-agreement")

    case.actions.submit_evidence(file=PNG, kind="photo")
    assert case.read_evidence(1) == PNG

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
    # Not offered yet, and refused to whoever asks for it all the same.
    assert "ruling" not in desk.refresh().actions
    body = msgspec.convert(ruling, RulingBody)
    with pytest.raises(RuleBroken):
        mediator.rule_dispute(case.id, body, if_match="*")
    desk.actions.assess_evidence(authentic=True, relevant=True, legal=True)
    desk.act("ruling", ruling)
    assert desk.shown.obligations[0].state == "owed"
    background.catch_up()
    told = [one.about for one in buyer.every(buyer.list_notices)]
    assert told[0] == "ruling"

    seen.refresh().actions.report_fulfilment(obligation=1, reference="pay-77")
    case.refresh().actions.confirm_fulfilment()
    assert (case.phase, case.shown.outcome) == (Phase.CLOSED, Outcome.RULED)
    assert case.shown.claim_result == "met"
    assert [one.name for one in case.actions] == ["appeal"]
    assert case.shown.waiting_on is None

    background.catch_up()
    history = people.regulator.get(f"/v1/audit/disputes/{case.id}").json()
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
