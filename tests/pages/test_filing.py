"""Filing in four steps: what is kept, what is told at once, and what comes of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from interface.run.worker import Worker
from tests.http.case_story import PNG
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_words import check_language

ORDER = {
    "order.id": "o-77",
    "order.line": "1",
    "seller": "s-1",
    "order.paid.amount": "129.00",
    "order.paid.currency": "CNY",
    "arrived": "yes",
    "day": "2026-02-27",
    "order.snapshot.title": "Kettle <b>1.7 l</b>",
    "order.snapshot.shop": "Warm Home",
}
REASON = {"category": "quality", "reason": "defect", "facts": "It leaks, every day."}
CLAIM = {
    "claim.kind": "refund",
    "claim.amount.amount": "129.00",
    "claim.freight": "seller",
    "contact": "b1@example.com",
}
NOTE = {"evidence_note": "Two photos."}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


ABOUT = re.compile(r'<li><a href="#([^"]+)">')


def hidden(answer: httpx.Response) -> dict[str, str]:
    from html import unescape

    found = {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}
    return {one: found[one] for one in found if one != "form_token"}


def followed(browser: Browser, answer: httpx.Response) -> httpx.Response:
    """Return the page that a form leads to."""
    if answer.status_code != 303:
        return answer
    return browser.get(answer.headers["location"])


def step(browser: Browser, at: int, go: str = "next", **form: Any) -> httpx.Response:
    # As in the page: what is hidden stands before what is typed, the button after it.
    sent = {"step": str(at)} | {one: form[one] for one in form if one != "step"}
    answer = followed(browser, browser.post("/cases/new", **sent, go=go))
    check_page(answer)
    return answer


def whole(key: str | None = None, **changes: str) -> dict[str, str]:
    moment = "2026-02-27T15:59:59Z"
    typed = ORDER | REASON | CLAIM | NOTE | {"moment": moment, "step": "4"}
    return typed | {"key": key or str(uuid4())} | changes


def heading(answer: httpx.Response) -> str:
    found = re.search("<h1>(.*?)</h1>", answer.text)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_four_steps_keep_what_was_typed_and_file_once(
    browse: Browse, people: People, lang: str
) -> None:
    buyer = browse("buyer", lang=lang)
    first = buyer.get("/cases/new")
    check_page(first)
    key = hidden(first)["key"]
    second = step(buyer, 1, key=key, **ORDER)
    carried = hidden(second)
    assert carried["order.id"] == "o-77"
    assert carried["order.snapshot.title"] == "Kettle <b>1.7 l</b>"
    assert carried["moment"] == "2026-02-27T15:59:59Z"
    # Eligibility at once: fifteen days from the end of that day.
    assert ("可以提交" if lang == "zh" else "It can be filed") in second.text
    third = step(buyer, 2, **(carried | REASON))
    carried = hidden(third)
    assert carried["facts"] == "It leaks, every day."
    fourth = step(buyer, 3, **(carried | CLAIM))
    assert "b1@example.com" in fourth.text
    assert "Kettle &lt;b&gt;1.7 l&lt;/b&gt;" in fourth.text
    # Back, with all that was typed.
    back = step(buyer, 4, go="2", **(hidden(fourth) | NOTE))
    assert "It leaks, every day.</textarea>" in back.text
    assert hidden(back)["evidence_note"] == "Two photos."
    sent = hidden(fourth) | NOTE
    assert sent["key"] == key
    answers = [buyer.upload("/cases/new/dispute", **sent) for _ in range(2)]
    places = {one.headers["location"] for one in answers}
    assert [one.status_code for one in answers] == [303, 303]
    assert len(places) == 1
    case = places.pop().removeprefix("/cases/").partition("?")[0]
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["facts"] == "It leaks, every day."
    assert told["channel"] == "order-page"
    assert told["order"]["received_at"] == "2026-02-27T15:59:59Z"
    assert told["order"]["snapshot"]["title"] == "Kettle <b>1.7 l</b>"
    assert told["claim"]["amount"] == {"amount": "129.00", "currency": "CNY"}
    # A refund has no freight, whatever was ticked before.
    assert told["claim"]["freight"] is None


def test_files_come_with_the_filing(browse: Browse, people: People) -> None:
    buyer, sent = browse("buyer"), whole()
    files = [
        ("crack.png", PNG, "image/png"),
        ("film.avi", b"RIFF1234AVI ", "video/x-msvideo"),
        ("handle.png", PNG + b"2", "image/png"),
    ]
    answer = buyer.upload("/cases/new/dispute", *files, **sent)
    # One is refused, and said to be; the case and the others are there.
    assert answer.status_code == 415
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert "film.avi" in alert
    assert "crack.png" not in alert
    listed = people.buyer.get("/v1/disputes").json()["items"]
    case = listed[0]["id"] if listed else ""
    again = buyer.upload("/cases/new/dispute", files[0], files[2], **sent)
    assert again.status_code == 303
    case = again.headers["location"].removeprefix("/cases/").partition("?")[0]
    evidence = people.buyer.get(f"/v1/disputes/{case}").json()["evidence"]
    assert [one["name"] for one in evidence] == ["crack.png", "handle.png"]
    assert {one["kind"] for one in evidence} == {"photo"}
    page = buyer.page(f"/cases/{case}?done=filed")
    assert f"/cases/{case}/evidence/2?width=320" in page
    assert "纠纷已提交" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_told_at_its_field_and_its_step(
    browse: Browse, lang: str
) -> None:
    buyer = browse("buyer", lang=lang)
    bad = ORDER | {"order.paid.amount": "a lot", "day": "soon", "seller": ""}
    answer = step(buyer, 1, **bad)
    assert answer.status_code == 400
    for name in ("order-paid-amount", "day", "seller"):
        assert f'href="#{name}"' in answer.text, name
        assert f'id="{name}-flaw"' in answer.text, name
    assert 'value="a lot"' in answer.text
    # In the order of the page.
    assert ABOUT.findall(answer.text) == ["seller", "order-paid-amount", "day"]
    future = step(buyer, 1, **(ORDER | {"day": "2031-01-01"}))
    assert 'href="#day"' in future.text
    moment = {"moment": "2026-02-27T15:59:59Z"}
    two = step(buyer, 2, **(ORDER | moment | {"category": "quality", "facts": "?"}))
    assert two.status_code == 400
    assert 'href="#reason"' in two.text
    three = ORDER | moment | REASON | CLAIM
    above = step(buyer, 3, **(three | {"claim.amount.amount": "500.00"}))
    assert 'href="#claim-amount-amount"' in above.text
    # A rule that is broken is told beside what is missing.
    both = step(buyer, 3, **(three | {"claim.amount.amount": "500.00", "contact": ""}))
    assert ABOUT.findall(both.text) == ["claim-amount-amount", "contact"]
    little = {"category": "quality", "facts": "?"}
    short = step(buyer, 2, **(ORDER | moment | little))
    assert ABOUT.findall(short.text) == ["reason", "facts"]
    many = {"order.paid.amount": "-1", "seller": "b-1", "day": "2031-01-01"}
    first = step(buyer, 1, **(ORDER | many))
    assert ABOUT.findall(first.text) == ["seller", "order-paid-amount", "day"]
    unreached = step(buyer, 3, **(three | {"contact": "by the usual way"}))
    assert unreached.status_code == 400
    assert 'id="contact-flaw"' in unreached.text
    assert 'value="by the usual way"' in unreached.text
    # A step that is sent as if those before were right leads back to the wrong one.
    skipped = whole(**{"order.id": ""})
    sent = buyer.upload("/cases/new/dispute", ("a.png", PNG, "image/png"), **skipped)
    answer = followed(buyer, sent)
    assert answer.status_code == 400
    assert 'href="#order-id"' in answer.text
    assert "Two photos." in answer.text


def test_a_filing_that_is_too_late_is_told_before_it_is_written(
    browse: Browse, people: People
) -> None:
    buyer = browse("buyer")
    late = ORDER | {"day": "2026-01-02"}
    answer = step(buyer, 1, **late)
    assert answer.status_code == 200
    assert "不符合受理条件" in answer.text
    assert "超过申请期限" in answer.text
    assert "12315" in answer.text
    # Whoever files all the same is told why by the case itself.
    sent = whole(moment="2026-01-02T15:59:59Z")
    filed = buyer.upload("/cases/new/dispute", ("a.png", PNG, "image/png"), **sent)
    assert filed.status_code == 303
    page = buyer.page(filed.headers["location"])
    assert "为什么不予受理" in page
    assert people.buyer.get("/v1/disputes").status_code == 200


def test_a_second_filing_is_led_to_the_case_there_is(
    browse: Browse, people: People
) -> None:
    case, buyer = file_for(people, "o-77"), browse("buyer")
    moment = {"moment": "2026-02-27T15:59:59Z"}
    answer = step(buyer, 2, **(ORDER | moment | REASON))
    assert f'href="/cases/{case}"' in answer.text
    assert "不能重复提交" in answer.text
    again = buyer.upload("/cases/new/dispute", **whole())
    assert again.status_code == 409
    check_page(again)
    assert f'href="/cases/{case}"' in again.text


def test_nothing_personal_is_in_an_address(browse: Browse) -> None:
    given = {"order": "o-5", "seller": "s-1", "paid": "20.00", "received": "2026-02-27"}
    page = browse("buyer").page("/cases/new", facts="secret", contact="x", **given)
    assert 'value="o-5"' in page
    assert 'value="20.00"' in page
    assert 'value="2026-02-27"' in page
    assert "secret" not in page.partition("<main")[2]
    forms = re.findall(r'<form[^>]*method="([a-z]+)"', page)
    assert set(forms) == {"post"}


def test_a_text_without_end_is_told_at_its_field(browse: Browse) -> None:
    buyer = browse("buyer")
    book = "长" * 3_500_000
    moment = {"moment": "2026-02-27T15:59:59Z"}
    answer = step(buyer, 2, **(ORDER | moment | REASON | {"facts": book}))
    assert answer.status_code == 400
    assert 'href="#facts"' in answer.text
    assert "5000" in answer.text
    # What stood before it is kept.
    assert hidden(answer)["order.id"] == "o-77"


def test_names_with_marks_and_code_are_only_shown(
    browse: Browse, background: Worker
) -> None:
    title = "\u202eelttek <script>alert(1)</script>"
    sent = whole(**{"order.snapshot.title": title})
    buyer = browse("buyer")
    answer = buyer.upload(
        "/cases/new/dispute", ("\u202egnp.<img>.png", PNG, "image/png"), **sent
    )
    assert answer.status_code == 303, answer.text
    background.catch_up()
    case = answer.headers["location"].partition("?")[0]
    for path in (case, "/cases"):
        page = buyer.get(path)
        check_page(page)
        assert "<script>alert" not in page.text
        assert "<bdi>⟨RLO⟩elttek &lt;script&gt;" in page.text
    assert "<bdi>⟨RLO⟩gnp.&lt;img&gt;.png</bdi>" in buyer.get(case).text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_is_in_its_language(browse: Browse, lang: str) -> None:
    buyer, moment = browse("buyer", lang=lang), {"moment": "2026-02-27T15:59:59Z"}
    order = ORDER | moment | {"order.snapshot.title": "", "order.snapshot.shop": ""}
    plain = REASON | {"facts": "12345"}
    claim = CLAIM | {"contact": "13800000000"}
    for answer in (
        buyer.get("/cases/new"),
        step(buyer, 1, **order),
        step(buyer, 2, **(order | plain)),
        step(buyer, 3, **(order | plain | claim)),
    ):
        body = answer.text.partition('class="phone">')[2].partition("</main>")[0]
        check_language(body.replace("s-1", "").replace("o-77", ""), lang)


def test_only_buyers_file(browse: Browse) -> None:
    for role in ("seller", "mediator", "supervisor", "auditor", "platform"):
        assert browse(role).get("/cases/new").status_code == 403, role
        assert browse(role).post("/cases/new", step="1").status_code == 403, role
        refused = browse(role).upload("/cases/new/dispute", **whole())
        assert refused.status_code == 403, role
    assert browse(None).get("/cases/new").status_code == 303


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_files_that_a_refused_filing_brought_are_named(
    browse: Browse, lang: str
) -> None:
    buyer = browse("buyer", lang=lang)
    files = [("crack <b>.png", PNG, "image/png"), ("手柄.png", PNG, "image/png")]
    sent = whole(evidence_note="")
    answer = followed(buyer, buyer.upload("/cases/new/dispute", *files, **sent))
    assert answer.status_code == 400
    check_page(answer)
    told = "请重新选择" if lang == "zh" else "choose these again"
    assert told in answer.text
    for name in ("crack &lt;b&gt;.png", "手柄.png"):
        assert f"<li><bdi>{name}</bdi></li>" in answer.text
        assert f'name="chosen" value="{name}"' in answer.text
    back = step(buyer, 4, go="3", **sent, chosen="a.png", file="b.png")
    assert 'name="chosen" value="a.png"' in back.text
    assert 'name="chosen" value="b.png"' in back.text
