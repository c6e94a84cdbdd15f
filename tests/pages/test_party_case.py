"""A case as its parties see it, and what they do on it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import AMOUNT, PNG, REASON, RULING, WEIGHED, CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser, check_page

FORM = re.compile(r'\baction="(/cases/[^"]+)"')


def act(
    browser: Browser, case: str, path: str, version: int, **form: Any
) -> httpx.Response:
    sent = {"key": str(uuid4()), "version": str(version)} | form
    return browser.post(f"/cases/{case}/act/{path}", **sent)


def version_of(people: People, case: str, role: str = "buyer") -> int:
    told = getattr(people, role).get(f"/v1/disputes/{case}").json()
    return int(told["version"])


def test_what_silence_leads_to_is_amber_when_a_day_is_left(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    """By the one rule of urgency, which the desk and the list of cases have too."""
    case = CaseStory(people, background, clock).contested().id
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["waiting_on"]["party"] in {"buyer", "both"}
    due = datetime.fromisoformat(told["waiting_on"]["due"])
    assert due - clock.now > timedelta(days=2)
    colours = []
    for left in (timedelta(days=1, minutes=1), timedelta(hours=23)):
        clock.now = due - left
        page = browse("buyer").page(f"/cases/{case}")
        listed = browse("buyer").page("/cases")
        colours.append(
            [
                *(one in page for one in ("tag--soon", "note--soon", "until is-soon")),
                "left is-soon" in listed,
            ]
        )
    assert colours == [[False] * 4, [True] * 4]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", ["buyer", "seller"])
def test_the_page_shows_and_offers_what_the_api_does(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    role: str,
    lang: str,
) -> None:
    case = CaseStory(people, background, clock).ruled().id
    page = browse(role, lang=lang).page(f"/cases/{case}")
    person = getattr(people, role)
    headers = person.headers | {"Accept-Language": lang}
    told = person.http.get(f"/v1/disputes/{case}", headers=headers).json()
    above = f"/v1/disputes/{case}/"
    ways = {
        (
            one["href"].removeprefix(above),
            any(f["type"] == "file" for f in one["fields"]),
        )
        for one in told["actions"]
    }
    expected = {
        f"/cases/{case}/{path.partition('/files')[0]}"
        if takes_file
        else f"/cases/{case}/act/{path}"
        for path, takes_file in ways
    }
    assert set(FORM.findall(page)) == expected
    assert told["case_number"] in page
    for one in told["evidence"]:
        assert f"/cases/{case}/evidence/{one['number']}" in page
    assert told["facts"] in page
    assert told["response"]["statement"] in page
    # The ruling: who is liable, what follows, why, by which rule, and until when.
    for reason in told["ruling"]["reasons"]:
        assert reason["issue"] in page
        assert reason["finding"] in page
    assert "/rules/proof/1#article-visible-defect" in page
    assert ("不服可以申诉" if lang == "zh" else "you can appeal") in page
    # What the buyer told the platform alone is not there.
    assert people.mediator.get(f"/v1/disputes/{case}").json()["contact"]
    if role == "seller":
        assert "b1@example.com" not in page
    if lang == "en":
        words = page.replace("中文", "")
        assert re.findall("[\u3400-\u9fff]+", words) == []


def test_what_waits_is_said_with_its_time_and_what_silence_leads_to(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).admitted().id
    seller = browse("seller").page(f"/cases/{case}")
    assert "请您答复诉求" in seller
    assert "如果您不处理" in seller
    assert "买家可申请平台介入" in seller
    buyer = browse("buyer").page(f"/cases/{case}")
    assert "等待卖家答复诉求" in buyer
    assert "如果卖家不处理" in buyer
    assert "<time datetime=" in buyer


def test_offers_stand_beside_the_claim(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).contested()
    half = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    story.act("seller", "offers", {"terms": half, "message": "Half <i>back</i>"})
    page = browse("buyer").get(f"/cases/{story.id}")
    check_page(page)
    table = page.text.partition('class="duo"')[2].partition("</table>")[0]
    assert "¥129.00" in table
    assert "¥64.50" in table
    assert "比诉求少 ¥64.50" in table
    assert "Half &lt;i&gt;back&lt;/i&gt;" in page.text
    assert "请您答复方案" in page.text
    # A counter-offer, and then an answer to it.
    version = version_of(people, story.id)
    form = {"terms.kind": "refund", "terms.amount.amount": "100.00"}
    answer = act(
        browse("buyer"),
        story.id,
        "offers",
        version,
        **form,
        **{"terms.amount.currency": "CNY", "message": "A little more."},
    )
    assert answer.status_code == 303, answer.text
    told = people.seller.get(f"/v1/disputes/{story.id}").json()
    number = told["offers"][-1]["number"]
    accepted = act(
        browse("seller"), story.id, f"offers/{number}/acceptance", told["version"]
    )
    assert accepted.headers["location"] == f"/cases/{story.id}?done=offers-acceptance"
    settled = browse("seller").page(f"/cases/{story.id}?done=offers-acceptance")
    assert re.search("方案已接受", settled)
    assert "履行义务" in settled


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_old_tab_says_what_changed_and_keeps_what_was_typed(
    browse: Browse, people: People, lang: str
) -> None:
    case, buyer = file_for(people), browse("buyer", lang=lang)
    people.mediator.act(case, "admission", {})
    typed = "Typed <b>before</b>\r\nthat."
    answer = act(buyer, case, "messages", 1, text=typed)
    assert answer.status_code == 412
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert ("受理 · 平台" if lang == "zh" else "Admitted") in alert
    # By whom, and when; who of the platform it was, nobody is told.
    assert re.search(r"<li>[^<]+ · (平台|the platform) · <time", alert, re.IGNORECASE)
    assert "m-1" not in alert
    assert ("您的操作没有提交" if lang == "zh" else "nothing was sent") in alert
    assert "Typed &lt;b&gt;before&lt;/b&gt;\nthat.</textarea>" in answer.text
    version = version_of(people, case)
    assert act(buyer, case, "messages", version, text=typed).status_code == 303


def test_a_form_that_is_sent_twice_is_done_once(browse: Browse, people: People) -> None:
    case, buyer = file_for(people), browse("buyer")
    for _ in range(2):
        sent = {"key": "k-1", "version": "1", "text": "Hello."}
        answer = buyer.post(f"/cases/{case}/act/messages", **sent)
        assert answer.status_code == 303
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert [one["text"] for one in told["messages"]] == ["Hello."]


def test_faults_are_told_at_their_fields(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).contested().id
    version = version_of(people, case, "seller")
    form = {
        "terms.kind": "refund",
        "terms.amount.amount": "twenty",
        "terms.amount.currency": "CNY",
        "message": "x" * 6_000,
    }
    answer = act(browse("seller"), case, "offers", version, **form)
    assert answer.status_code in {400, 422}
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    leads = re.findall(r'href="#([^"]+)"', alert)
    assert leads
    for one in leads:
        assert f'id="{one}"' in answer.text
    assert "x" * 6_000 in answer.text


def test_a_case_of_somebody_else_is_not_there(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).escalated().id
    strangers = [
        browse("buyer", "b-2"),
        browse("seller", "s-2"),
        browse("buyer", "b-1", platform="mall"),
    ]
    files = (("a.png", PNG, "image/png"),)
    for other in strangers:
        for path in (f"/cases/{case}", f"/cases/{case}/evidence/1"):
            gone = other.get(path)
            assert gone.status_code == 404, path
            assert "kettle" not in gone.text
        assert act(other, case, "messages", 1, text="x").status_code == 404
        assert other.upload(f"/cases/{case}/evidence", *files).status_code == 404
        sent = other.upload(f"/cases/{case}/messages", *files, text="x")
        assert sent.status_code == 404
        assert case not in other.page("/cases")
    nothing = browse("buyer").get(f"/cases/{uuid4()}")
    assert nothing.status_code == 404
    check_page(nothing)


def test_a_seller_sees_no_case_before_its_admission(
    browse: Browse, people: People
) -> None:
    case, seller = file_for(people), browse("seller")
    assert seller.get(f"/cases/{case}").status_code == 404
    people.mediator.act(case, "admission", {"note": "For staff only."})
    page = seller.page(f"/cases/{case}")
    assert "For staff only." not in page
    # What the buyer did before is told to the buyer alone.
    assert "提交纠纷" not in page.partition('id="course"')[2].partition("</section>")[0]


def test_other_roles_are_not_let_in(browse: Browse, people: People) -> None:
    case = file_for(people)
    paths = ("/cases", f"/cases/{case}", f"/cases/{case}/evidence/1")
    for path in paths:
        assert browse(None).get(path).status_code == 303
        for role in (
            "mediator",
            "supervisor",
            "auditor",
            "regulator",
            "analyst",
            "platform",
        ):
            assert browse(role).get(path).status_code == 403, (role, path)


def test_an_ended_case_is_filed_once_more(browse: Browse, people: People) -> None:
    case, buyer = file_for(people), browse("buyer")
    people.buyer.act(case, "withdrawal", {})
    version = version_of(people, case)
    form = {"new_facts": "It broke again, at the lid.", "evidence_note": "A video."}
    answer = act(buyer, case, "reopening", version, **form)
    assert answer.status_code == 303, answer.text
    new = answer.headers["location"]
    assert new.startswith("/cases/")
    assert case not in new
    assert "纠纷已提交" in buyer.page(new)
    bad = act(buyer, case, "reopening", version, new_facts="", evidence_note="x")
    assert bad.status_code in {400, 409, 422}
    check_page(bad)


def test_every_stage_of_a_case_is_a_page(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock)
    browse("buyer").page(f"/cases/{story.id}")
    story.admitted()
    answer = {"position": "contest", "statement": "No."}
    for action, body in ((None, None), ("seller-response", answer)):
        if action:
            story.act("seller", action, body)
        for role in ("buyer", "seller"):
            browse(role).page(f"/cases/{story.id}")
    story.act("buyer", "withdrawal", {"reason": "Settled."})
    for lang in ("zh", "en"):
        for role in ("buyer", "seller"):
            page = browse(role, lang=lang).page(f"/cases/{story.id}")
            assert ("已结案" if lang == "zh" else "closed") in page


def test_there_is_a_heading_for_whatever_is_awaited() -> None:
    from interface.api.responses.case_parts import AWAITED
    from interface.pages.page_texts import page_texts

    for table in ("turn", "wait"):
        assert set(page_texts()[table]) == set(AWAITED)


def test_what_follows_a_ruling_is_told_until_its_end(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    """Default, enforcement, appeal, sanction and suspension, as each side sees them."""
    story = CaseStory(people, background, clock).ruled()
    statement = "The photo shows <b>another</b> kettle."
    story.act("seller", "appeal", {"ground": "error", "statement": statement})
    for role in ("buyer", "seller"):
        page = browse(role).get(f"/cases/{story.id}")
        check_page(page)
        assert "The photo shows &lt;b&gt;another&lt;/b&gt; kettle." in page.text
        assert "卖家的申诉" in page.text
    upheld = {"result": "upheld", "reasons": [REASON | {"relied_on": [1]}]}
    story.act("supervisor", "appeal/decision", upheld, who="v-2")
    assert "维持原裁决" in browse("seller").page(f"/cases/{story.id}")
    story.passes(3)
    assert "已违约" in browse("seller").page(f"/cases/{story.id}")
    order = {"obligation": 1, "method": "deduct-deposit", "amount": AMOUNT}
    story.act("mediator", "enforcement", order)
    for role, lang, said in (
        ("buyer", "zh", "平台决定强制执行"),
        ("seller", "en", "Enforcement ordered"),
    ):
        assert said in browse(role, lang=lang).page(f"/cases/{story.id}")
    sanction = {
        "kind": "warning",
        "breach": "refusal-to-perform",
        "measure": "A <i>warning</i>.",
    }
    story.act("supervisor", "sanctions", sanction)
    assert "A <i>warning</i>." in browse("seller").page(f"/cases/{story.id}")
    assert "警告" not in browse("buyer").page(f"/cases/{story.id}")


def test_a_suspended_case_says_why_and_since_when(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).contested()
    story.act("supervisor", "suspension", {"cause": "platform", "days": 5})
    for lang, said in (("zh", "平台决定中止"), ("en", "the platform suspended it")):
        assert said in browse("buyer", lang=lang).page(f"/cases/{story.id}")


@pytest.mark.parametrize(
    ("lang", "needed", "asked", "was_asked"),
    [
        ("zh", "需要您举证", "平台要求您补充凭证", "平台曾要求您补充凭证"),
        (
            "en",
            "Evidence needed from you",
            "The platform asks you for evidence",
            "The platform had asked you for evidence",
        ),
    ],
)
def test_nobody_is_asked_for_evidence_after_the_ruling(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    needed: str,
    asked: str,
    was_asked: str,
) -> None:
    story = CaseStory(people, background, clock).escalated()
    wanted = {"party": "seller", "kinds": ["other"], "note": "Send the packing list."}
    story.act("mediator", "evidence-requests", wanted)
    seller = browse("seller", lang=lang)
    before = seller.page(f"/cases/{story.id}")
    assert needed in before
    assert asked in before
    story.passes(4)
    story.act("mediator", "evidence/1/assessment", WEIGHED)
    story.act("mediator", "ruling", RULING)
    after = seller.page(f"/cases/{story.id}")
    assert needed not in after
    assert asked not in after
    assert was_asked in after


def test_what_was_said_to_a_declined_offer_is_shown_to_all_three(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).admitted()
    case = story.id
    offer = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    answer = {"position": "offer", "offer": offer}
    story.act("seller", "seller-response", answer)
    assert "以往方案" not in browse("buyer").page(f"/cases/{case}")
    declined = {"message": "壶完全不能用"}
    story.act("buyer", "offers/1/decline", declined)
    for role, path in (
        ("buyer", "cases"),
        ("seller", "cases"),
        ("mediator", "desk/cases"),
    ):
        page = browse(role).page(f"/{path}/{case}")
        assert "拒绝理由" in page, role
        assert declined["message"] in page, role
        assert "64.50" in page, role
