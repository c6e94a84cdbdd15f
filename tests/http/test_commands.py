"""Every further command through HTTP: as it should be, and as it should not."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from interface.api.commands.command_table import ROUTES
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, REASON, RULING, WEIGHED, CaseStory
from tests.http.conftest import FILING, People


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock)


def problem(answer: Any) -> str:
    return str(answer["type"]).rpartition(":")[2]


def test_every_command_has_a_path_in_the_documents(http: Any) -> None:
    paths = http.get("/schema/openapi.json").json()["paths"]
    for route in chain.from_iterable(ROUTES.values()):
        path = f"/v1/disputes/{{dispute_id}}/{route.path.replace('{n}', '{number}')}"
        assert path in paths
        if route.summary:
            assert paths[path]["post"]["description"] == route.about


def test_eligibility_says_what_a_filing_would_lead_to(people: People) -> None:
    good = people.buyer.post("/v1/disputes/eligibility", FILING).json()
    assert (good["accepted"], good["decided_by"]) == (True, "mediator")
    assert good["until"] == "2026-03-14T01:30:00Z"
    order = FILING["order"] | {"received_at": "2026-01-01T00:00:00+08:00"}
    late = people.buyer.post("/v1/disputes/eligibility", FILING | {"order": order})
    assert (late.json()["accepted"], late.json()["ground"]) == (False, "late")
    wrong = people.buyer.post("/v1/disputes/eligibility", FILING | {"reason": "no"})
    assert wrong.json()["missing"][0]["pointer"] == "/reason"
    assert people.buyer.get("/v1/disputes").json()["items"] == []
    case = people.buyer.file().json()
    there = people.buyer.post("/v1/disputes/eligibility", FILING).json()
    assert (there["accepted"], there["ground"], there["routes"]) == (False, None, [])
    assert "already" in there["words"]
    assert there["duplicate"] == f"/v1/disputes/{case['id']}"


def test_an_ended_case_is_re_opened_only_with_new_facts(story: CaseStory) -> None:
    new = {"new_facts": "It leaks again after the repair.", "evidence_note": "Video."}
    assert problem(story.refused("buyer", "reopening", new)) == "wrong-phase"
    story.act("buyer", "withdrawal", {})
    old = {"new_facts": "the kettle  LEAKS at the handle", "evidence_note": "None."}
    assert problem(story.refused("buyer", "reopening", old)) == "no-ground"
    again = story.people.buyer.act(story.id, "reopening", new)
    assert again["id"] != story.id
    assert (again["reopens"], again["phase"]) == (story.id, "filed")
    assert again["new_facts"] == new["new_facts"]
    twice = story.people.buyer.post(f"/v1/disputes/{story.id}/reopening", new)
    assert problem(twice.json()) == "already-filed"


def test_the_platform_itself_opens_a_case(people: People, background: Worker) -> None:
    filing = FILING | {"channel": "platform-initiated", "buyer": "b-1"}
    case = people.mediator.post("/v1/disputes", filing).json()
    assert (case["phase"], case["escalation"]["trigger"]) == ("evidence", "platform")
    assert case["burden"]["rule"]["id"] == "proof"
    other = FILING["order"] | {"id": "o-2"}
    own = people.mediator.post(
        "/v1/disputes", filing | {"buyer": "m-1", "order": other}
    )
    assert problem(own.json()) == "conflicted"
    background.catch_up()
    assert people.buyer.get("/v1/notices").json()["items"] != []


def test_a_recused_mediator_is_out_for_good(story: CaseStory) -> None:
    path, why = f"/v1/disputes/{story.id}", {"conflict": "The seller is a friend."}
    gone = story.people.mediator.post(f"{path}/recusal", why)
    assert (gone.status_code, gone.content, gone.headers["ETag"]) == (204, b"", '"2"')
    assert story.people.mediator.get(path).status_code == 403
    out = story.refused("mediator", "admission", {})
    assert (problem(out), out["status"]) == ("conflicted", 403)
    story.act("mediator", "admission", {}, who="m-2")
    assert story.refused("mediator", "recusal", {"conflict": "x", "mediator": "m-3"})


def test_evidence_is_asked_for_drafted_and_handed_in(story: CaseStory) -> None:
    story.contested()
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    buyer = story.people.buyer
    unasked = buyer.upload(story.id, PNG, kind="identity")
    assert unasked.json()["errors"][0]["code"] == "not-asked"
    asked = {"party": "buyer", "kinds": ["identity"], "note": "Please."}
    story.act("mediator", "evidence-requests", asked)
    draft = buyer.upload(story.id, PNG, kind="identity", draft="true")
    assert draft.json()["evidence"][0]["draft"] is True
    href = draft.json()["evidence"][0]["href"]
    assert story.seen("seller")["evidence"] == []
    assert story.people.mediator.get(href).status_code == 404
    assert story.people.seller.get(href).status_code == 404
    assert story.people.auditor.get(href).status_code == 200
    story.refused("mediator", "evidence/1/assessment", WEIGHED)
    story.act("buyer", "evidence/1/handing-in")
    assert story.people.seller.get(href).content == PNG
    (needs, _) = story.seen("buyer")["requirements"]
    assert needs["one_of"] == ["photo", "video", "inspection-report"]
    assert (needs["party"], needs["satisfied"]) == ("buyer", False)
    excluded = WEIGHED | {"relevant": False}
    story.refused("mediator", "evidence/1/assessment", excluded)
    weighed = excluded | {"ground": "Another kettle."}
    shown = story.act("mediator", "evidence/1/assessment", weighed)
    assert shown["evidence"][0]["assessment"]["admitted"] is False
    story.passes(4)
    relying = RULING | {"reasons": [REASON | {"relied_on": [1]}]}
    assert story.refused("mediator", "ruling", relying)["errors"][0]["code"] == (
        "excluded-evidence"
    )


def test_a_message_brings_a_file(story: CaseStory) -> None:
    story.admitted()
    seller = story.people.seller
    sent = seller.http.post(
        f"/v1/disputes/{story.id}/messages/files",
        files={"file": ("slip.png", PNG, "image/png")},
        data={"text": "Here is the slip."},
        headers=seller.headers | {"Idempotency-Key": "m-1", "If-Match": "*"},
    )
    assert sent.status_code == 201, sent.text
    message = story.seen("buyer")["messages"][0]
    assert (message["text"], message["attachment"]["name"]) == (
        "Here is the slip.",
        "slip.png",
    )
    assert story.people.buyer.get(sent.headers["location"]).content == PNG
    assert (
        seller.get(f"/v1/disputes/{story.id}/messages/9/attachment").status_code == 404
    )


def test_an_inspection_stops_the_clocks(story: CaseStory) -> None:
    story.escalated()
    story.passes(1)
    inquiry = {"kind": "inspection", "addressee": "SGS", "question": "Is it cracked?"}
    story.act("mediator", "inquiries", inquiry)
    assert story.passes(20)["phase"] == "evidence"
    story.refused(
        "mediator", "evidence-requests", {"party": "both", "kinds": ["video"]}
    )
    story.act("mediator", "inquiries/1/answer", {"answer": "It is cracked."})
    story.refused("mediator", "inquiries/1/answer", {"answer": "Again."})
    assert story.passes(1)["phase"] == "evidence"
    after = story.passes(1)
    assert (after["phase"], after["inquiries"][0]["answer"]) == (
        "ruling",
        "It is cracked.",
    )


def test_a_limit_is_extended_once_and_burden_is_shifted(story: CaseStory) -> None:
    story.escalated()
    why = {"awaited": "evidence", "party": "buyer", "why": "Travelling."}
    story.refused("mediator", "extension", why)
    story.act("supervisor", "extension", why)
    story.refused("supervisor", "extension", why)
    shift = {
        "party": "seller",
        "rule": {"id": "proof", "version": "1", "article": "hidden-defect"},
        "why": "The defect is hidden.",
    }
    assert story.act("mediator", "burden", shift)["burden"]["party"] == "seller"
    assert story.passes(4)["phase"] == "evidence"
    assert story.passes(1)["phase"] == "ruling"
    path = f"/v1/audit/disputes/{story.id}"
    ledger = story.people.regulator.get(path).json()["deadlines"]
    extended = [one for one in ledger if one["extensions"]]
    assert [(one["party"], one["length"]) for one in extended] == [
        ("buyer", "3 days + 2 days")
    ]


def test_a_human_decides_again_what_a_machine_decided(story: CaseStory) -> None:
    automated = {"automation": "automated", "model": "judge/3"}
    story.ruled(**automated)
    assert "judge/3 made this decision alone" in story.seen()["ruling"]["text"]["en"]
    story.act("seller", "human-review", {"statement": "Nobody looked."})
    assert story.seen()["phase"] == "ruling"
    again = story.refused("mediator", "ruling", RULING | automated)
    assert again["errors"][0]["code"] == "human-needed"
    story.act("mediator", "ruling", RULING)
    assert story.refused("buyer", "human-review", {})


def test_what_was_reported_and_not_performed_is_contested(story: CaseStory) -> None:
    story.ruled()
    story.act("seller", "fulfilments", {"obligation": 1})
    said = {"statement": "No money has arrived."}
    story.refused("seller", "fulfilments/1/contest", said)
    contested = story.act("buyer", "fulfilments/1/contest", said)
    assert contested["waiting_on"]["for"] == "voluntary"
    assert story.passes(2)["phase"] == "enforcing"


def test_an_appeal_is_refused_or_decided_by_another_and_only_once(
    story: CaseStory,
) -> None:
    story.ruled()
    appeal = {"ground": "error", "statement": "It is another kettle."}
    story.act("seller", "appeal", appeal)
    story.refused("mediator", "appeal/decision", {"result": "upheld", "reasons": []})
    story.act("supervisor", "appeal/refusal", {"explanation": "It names no error."})
    assert problem(story.refused("seller", "appeal", appeal)) == "no-ground"
    story.act("buyer", "appeal", appeal)
    upheld = {"result": "upheld", "reasons": [REASON]}
    shown = story.act("supervisor", "appeal/decision", upheld)
    assert [one["state"] for one in shown["appeals"]] == ["refused", "upheld"]
    assert shown["phase"] == "performing"


@pytest.mark.standard("4.3.5 the result and its basis in writing")
def test_a_notice_reaches_a_party_over_a_second_channel(story: CaseStory) -> None:
    story.ruled()
    service = {"notice": "ruling", "party": "buyer", "channel": "sms"}
    before = story.seen()["deadlines"]
    story.act("platform", "notices", service)
    assert story.seen()["deadlines"] == before
    version = story.seen()["version"]
    story.act("platform", "notices", service)
    assert story.seen()["version"] == version


def test_both_suspend_by_agreement_and_time_ends_it(story: CaseStory) -> None:
    story.contested()
    asks = {"cause": "agreement", "days": 5}
    story.refused("buyer", "suspension", asks | {"days": 31})
    story.act("buyer", "suspension", asks)
    assert story.seen()["phase"] == "negotiating"
    story.act("seller", "suspension", asks)
    assert story.passes(4)["phase"] == "suspended"
    assert story.passes(1)["phase"] == "negotiating"


def test_a_case_is_referred_out(story: CaseStory) -> None:
    story.refused("mediator", "referral", {"authority": "nobody", "note": "x"})
    closed = story.act("mediator", "referral", {"authority": "court", "note": "Sued."})
    assert (closed["outcome"], closed["referral"]["authority"]) == ("referred", "court")
