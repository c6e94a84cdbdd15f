"""The page of a case: what it shows, and what its forms do."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

import httpx
import pytest

from application.texts import say
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser, check_page

FORM = re.compile(r'\baction="(/desk/cases/[^"]+/act/[^"]+)"')


def act(
    browser: Browser, case: str, path: str, version: int, **form: Any
) -> httpx.Response:
    sent = {"key": str(uuid4()), "version": str(version)} | form
    return browser.post(f"/desk/cases/{case}/act/{path}", **sent)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", ["mediator", "supervisor"])
def test_the_page_offers_what_the_api_offers(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    role: str,
) -> None:
    case = CaseStory(people, background, clock).ruled().id
    background.catch_up()
    page = browse(role, lang=lang).page(f"/desk/cases/{case}")
    person = getattr(people, role)
    headers = person.headers | {"Accept-Language": lang}
    told = person.http.get(f"/v1/disputes/{case}", headers=headers).json()
    above = f"/v1/disputes/{case}/"
    offered = {
        one["href"].replace(above, f"/desk/cases/{case}/act/")
        for one in told["actions"]
        if not any(field["type"] == "file" for field in one["fields"])
        # These have an editor of their own.
        and one["name"] not in {"ruling", "ruling-draft", "appeal-decision"}
    }
    assert set(FORM.findall(page)) == offered
    assert told["case_number"] in page
    assert told["facts"] in page
    # The head says who and until when by itself, and beside it what silence leads to.
    silence = say("silence", told["waiting_on"]["silence"], lang)
    assert f"{silence[:1].upper()}{silence[1:]}" in page
    for one in told["evidence"]:
        assert f"/desk/cases/{case}/evidence/{one['number']}" in page
    ledger = people.auditor.get(f"/v1/disputes/{case}/deadlines").json()["deadlines"]
    assert page.count('class="l-due"') == len(ledger)
    # Every event has its line, and none is a code.
    events = told["version"]
    assert len(re.findall(r'<li><span class="n [a-z]*"', page)) == events
    assert "Undefined" not in page


@pytest.mark.parametrize("browsers", ["zh", "en"])
def test_the_language_of_the_address_is_that_of_every_word(
    browse: Browse, people: People, background: Worker, clock: Clock, browsers: str
) -> None:
    case = CaseStory(people, background, clock).ruled().id
    background.catch_up()
    for role in ("mediator", "supervisor"):
        browser = browse(role, lang=browsers)
        for path in ("/desk", f"/desk/cases/{case}"):
            english = browser.page(path, lang="en").replace("中文", "")
            assert re.findall("[\u3400-\u9fff]+", english) == []
            refused = browser.get(f"{path}/nothing", lang="en").text
            assert re.findall("[\u3400-\u9fff]+", refused.replace("中文", "")) == []
        chinese = browser.page(f"/desk/cases/{case}", lang="zh")
        assert "受理" in chinese
        assert "Admit" not in chinese


def test_a_new_case_and_one_that_is_over(
    browse: Browse, people: People, background: Worker
) -> None:
    case = file_for(people)
    background.catch_up()
    for lang in ("zh", "en"):
        browse("mediator", lang=lang).page(f"/desk/cases/{case}")
    people.buyer.act(case, "withdrawal", {})
    for lang in ("zh", "en"):
        browse("supervisor", lang=lang).page(f"/desk/cases/{case}")


def test_an_action_is_done_once_and_told(browse: Browse, people: People) -> None:
    case, mediator = file_for(people), browse("mediator")
    form = {"key": "k-1", "version": "1", "note": "Looks complete."}
    answers = [
        mediator.post(f"/desk/cases/{case}/act/admission", **form) for _ in range(2)
    ]
    for answer in answers:
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/desk/cases/{case}?done=admission"
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    assert told["phase"] == "awaiting-response"
    assert told["admission_note"] == "Looks complete."
    assert "案件已受理</span>" in mediator.page(f"/desk/cases/{case}?done=admission")
    assert "已记录" not in mediator.page(f"/desk/cases/{case}?done=%3Cb%3E")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    browse: Browse, people: People, lang: str
) -> None:
    case, mediator = file_for(people), browse("mediator", lang=lang)
    typed = "Why <b>not</b>\r\nand “more”"
    answer = act(mediator, case, "refusal", 1, ground="", explanation=typed)
    assert answer.status_code == 400
    check_page(answer)
    assert 'class="field err"' in answer.text
    # The summary leads to each field.
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    leads = re.findall(r'href="#([^"]+)"', alert)
    assert leads
    for one in leads:
        assert f'id="{one}"' in answer.text
    assert "Why &lt;b&gt;not&lt;/b&gt;\nand “more”</textarea>" in answer.text
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    assert told["version"] == 1


def test_a_text_that_is_too_long_is_told(browse: Browse, people: People) -> None:
    case, mediator = file_for(people), browse("mediator")
    answer = act(mediator, case, "notes", 1, text="x" * 6_000)
    assert answer.status_code == 400
    check_page(answer)
    assert "x" * 6_000 in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_that_moved_on_says_what_happened(
    browse: Browse, people: People, lang: str
) -> None:
    case, mediator = file_for(people), browse("mediator", lang=lang)
    people.mediator.act(case, "assignment", {})
    answer = act(mediator, case, "notes", 1, text="Typed before.")
    assert answer.status_code == 412
    check_page(answer)
    happened = "指派平台客服" if lang == "zh" else "Mediator assigned"
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert f"<li>{happened} · " in alert
    assert re.search(r"(平台客服|mediator) m-1 · <time", alert, re.IGNORECASE)
    told = "案件有了新进展" if lang == "zh" else "The case went on while you were here"
    assert told in alert
    # Pages have no versions to read again.
    assert not re.search(r"第 \d+ 版|version", alert)
    assert "Typed before.</textarea>" in answer.text
    # Sent again from the page that it came back with, it is taken.
    assert act(mediator, case, "notes", 2, text="Typed before.").status_code == 303


def test_a_text_whose_action_is_gone_is_there_to_be_copied(
    browse: Browse, people: People
) -> None:
    case, mediator = file_for(people), browse("mediator", lang="en")
    people.mediator.act(case, "admission", {})
    answer = act(mediator, case, "refusal", 1, ground="no-basis", explanation="Say <b>")
    assert answer.status_code in {409, 412}
    check_page(answer)
    assert f'action="/desk/cases/{case}/act/refusal"' not in answer.text
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert "<textarea" in alert
    assert "Say &lt;b&gt;</textarea>" in alert
    assert "no-basis" not in alert


def test_what_is_not_possible_now_is_refused_in_words(
    browse: Browse, people: People
) -> None:
    case, mediator = file_for(people), browse("mediator")
    answer = act(mediator, case, "appeal/refusal", 1, explanation="No.")
    assert answer.status_code in {403, 409}
    check_page(answer)
    for path in ("nothing", "offers/0/decline", "admission/1", "../../claim"):
        assert act(mediator, case, path, 1).status_code in {404, 405}, path
    assert act(mediator, case, "notes", 1, key="", text="x").status_code == 400
    unversioned = mediator.post(f"/desk/cases/{case}/act/notes", key="k", text="x")
    assert unversioned.status_code == 400


def test_objects_and_lists_are_sent_as_forms(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).escalated().id
    mediator = browse("mediator")
    version = people.mediator.get(f"/v1/disputes/{case}").json()["version"]
    form = {
        "terms.kind": "refund",
        "terms.amount.amount": "20.00",
        "terms.amount.currency": "CNY",
        "terms.freight": "",
        "message": "",
    }
    answer = act(mediator, case, "offers", version, **form)
    assert answer.status_code == 303, answer.text
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    assert told["offers"][-1]["terms"]["amount"]["amount"] == "20.00"
    bad = form | {"terms.freight": "seller", "terms.amount.amount": "-1"}
    answer = act(mediator, case, "offers", told["version"], **bad)
    # What cannot be read, and what goes with no refund whatever its amount is.
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    leads = re.findall(r'href="#f\d+-([^"]+)"', alert)
    assert leads == ["terms-amount-amount", "terms-freight"]
    bad = form | {"terms.amount.amount": "twenty"}
    answer = act(mediator, case, "offers", told["version"], **bad)
    assert answer.status_code in {400, 422}
    check_page(answer)
    assert 'value="twenty"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    sent = {"party": "buyer", "kinds": ["photo", "video"], "note": "Please."}
    answer = act(mediator, case, "evidence-requests", told["version"], **sent)
    assert answer.status_code == 303, answer.text
    asked = people.mediator.get(f"/v1/disputes/{case}").json()["evidence_requests"]
    assert asked[-1]["kinds"] == ["photo", "video"]


def test_a_supervisor_gives_a_case_to_another_mediator(
    browse: Browse, people: People
) -> None:
    case = file_for(people)
    people.mediator.act(case, "assignment", {})
    form = {"mediator": "m-2", "take_over": "true", "remark": "Holidays."}
    assert act(browse("supervisor"), case, "assignment", 2, **form).status_code == 303
    assert people.mediator.get(f"/v1/disputes/{case}").json()["assignee"] == "m-2"


def test_who_recuses_themselves_is_led_to_the_queue(
    browse: Browse, people: People
) -> None:
    case, mediator = file_for(people), browse("mediator")
    answer = act(mediator, case, "recusal", 1, conflict="A friend.")
    assert answer.headers["location"] == "/desk"
    gone = mediator.get(f"/desk/cases/{case}")
    assert gone.status_code == 403
    check_page(gone)


def test_strangers_and_other_roles_see_no_case(browse: Browse, people: People) -> None:
    case = file_for(people)
    paths = (f"/desk/cases/{case}", f"/desk/cases/{case}/evidence/1")
    for path in paths:
        assert browse(None).get(path).status_code == 303
        for role in ("buyer", "seller", "auditor", "regulator", "analyst", "platform"):
            assert browse(role).get(path).status_code == 403, role
        for subject, platform in (("m-1", "mall"), ("b-1", "shop"), ("s-1", "shop")):
            answer = browse("mediator", subject, platform=platform).get(path)
            assert answer.status_code in {403, 404}, (subject, platform)
            assert "kettle" not in answer.text
    elsewhere = browse("mediator", "m-1", platform="mall")
    assert act(elsewhere, case, "notes", 1, text="x").status_code == 404
    assert browse("buyer").post(paths[0] + "/act/withdrawal").status_code == 403
    nothing = browse("mediator").get(f"/desk/cases/{uuid4()}")
    assert nothing.status_code == 404
    check_page(nothing)


def test_evidence_is_shown_to_who_may_read_the_case(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).ruled().id
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    for one in told["evidence"]:
        path = f"/desk/cases/{case}/evidence/{one['number']}"
        answer = browse("mediator").get(path)
        api = people.mediator.get(one["href"])
        assert (answer.status_code, answer.content) == (api.status_code, api.content)
        assert (
            answer.headers["content-disposition"] == api.headers["content-disposition"]
        )


@pytest.mark.parametrize(("lang", "label"), [("zh", "内容"), ("en", "Text")])
def test_what_was_typed_when_a_session_ends_is_not_lost(
    browse: Browse, people: People, lang: str, label: str
) -> None:
    case, over = file_for(people), browse(None, lang=lang)
    answer = act(over, case, "notes", 1, text="Long <i>thoughts</i>.")
    assert answer.status_code == 401
    check_page(answer)
    assert "Long &lt;i&gt;thoughts&lt;/i&gt;.</textarea>" in answer.text
    assert f">{label}</label>" in answer.text
    assert people.mediator.get(f"/v1/disputes/{case}").json()["version"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evidence_stands_beside_the_form_for_its_three_tests(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    story = CaseStory(people, background, clock).escalated()
    film = b"\0\0\0\x18ftypisom" + bytes(200)
    sent = people.buyer.upload(story.id, film, media_type="video/mp4", kind="video")
    assert sent.status_code == 201
    story.passes(3)
    mediator = browse("mediator", lang=lang)
    page = mediator.page(f"/desk/cases/{story.id}")
    cards = re.findall(r'(?s)<li class="ev" id="e-(\d+)">(.*?)</form>', page)
    assert [number for number, _ in cards] == ["1", "2"]
    for number, card in cards:
        assert f"/act/evidence/{number}/assessment" in card
        for name in ("authentic", "relevant", "legal"):
            assert f'name="{name}" value="true"' in card
    assert "<video controls" in cards[1][1]
    version = people.mediator.get(f"/v1/disputes/{story.id}").json()["version"]
    half = {"authentic": "true", "relevant": "false", "legal": "true"}
    refused = act(
        mediator, story.id, "evidence/1/assessment", version, **half, ground=""
    )
    # What is wrong is told in the card of that piece.
    assert refused.status_code == 422
    check_page(refused)
    card = refused.text.partition('id="e-1"')[2].partition('id="e-2"')[0]
    assert 'class="field err"' in card
    done = act(
        mediator, story.id, "evidence/1/assessment", version, **half, ground="Blurred."
    )
    assert done.status_code == 303
    page = mediator.page(f"/desk/cases/{story.id}")
    assert "Blurred." in page
    assert ("不采纳" if lang == "zh" else "Excluded") in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_inquiries_are_answered_where_they_stand(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    asked = {"kind": "carrier", "addressee": "SF", "question": "Was it <b>there</b>?"}
    story.act("mediator", "inquiries", asked)
    mediator = browse("mediator", lang=lang)
    raw = mediator.get(f"/desk/cases/{story.id}").text
    part = raw.partition('id="inquiries"')[2].partition("</section>")[0]
    assert "Was it &lt;b&gt;there&lt;/b&gt;?" in part
    assert "/act/inquiries/1/answer" in part
    version = people.mediator.get(f"/v1/disputes/{story.id}").json()["version"]
    answered = act(
        mediator, story.id, "inquiries/1/answer", version, answer="On 2 March."
    )
    assert answered.status_code == 303
    assert "On 2 March." in mediator.page(f"/desk/cases/{story.id}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_owed_and_what_staff_noted_is_shown(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    story = CaseStory(people, background, clock).ruled()
    story.act("mediator", "notes", {"text": "The <i>carrier</i> called."})
    story.act("mediator", "tags", {"add": ["strike"]})
    given = {"mediator": "m-2", "remark": "My holidays begin."}
    story.act("supervisor", "assignment", given)
    raw = browse("supervisor", lang=lang).get(f"/desk/cases/{story.id}").text
    page = unescape(raw)
    assert "The &lt;i&gt;carrier&lt;/i&gt; called." in raw
    assert "My holidays begin." in page
    assert '<span class="tag">strike</span>' in page
    headers = people.supervisor.headers | {"Accept-Language": lang}
    path = f"/v1/disputes/{story.id}"
    told = people.supervisor.http.get(path, headers=headers).json()
    assert told["obligations"]
    for one in told["obligations"]:
        assert one["words"] in page


@pytest.mark.parametrize(
    ("lang", "told", "bare"),
    [
        ("zh", "卖家逾期未答复", ">期限已过<"),
        (
            "en",
            "The seller did not answer in time",
            "Deadline missed",
        ),
    ],
)
def test_the_history_says_whose_limit_ran_out(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    told: str,
    bare: str,
) -> None:
    story = CaseStory(people, background, clock).admitted()
    story.passes(9)
    page = browse("mediator", lang=lang).page(f"/desk/cases/{story.id}")
    history = page.partition('id="history"')[2]
    assert told in history
    assert bare not in history
