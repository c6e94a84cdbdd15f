"""Words of the parties' pages that say which field, who, and what was done."""

from __future__ import annotations

from uuid import uuid4

import pytest

from application.texts import texts
from interface.api.commands.command_table import ROUTES
from interface.pages.page_texts import page_texts
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, check_page
from tests.pages.test_filing import ORDER, step
from tests.pages.test_party_case import act, version_of

MOMENT = {"moment": "2026-02-27T15:59:59Z"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_step_left_empty_tells_each_fault_once(browse: Browse, lang: str) -> None:
    buyer = browse("buyer", lang=lang)
    answer = step(buyer, 2, **(ORDER | MOMENT))
    assert answer.status_code == 400
    assert answer.text.count('class="err-msg"') == 2
    assert 'id="category-flaw"' in answer.text
    assert 'id="reason-flaw"' not in answer.text
    partly = step(buyer, 2, **(ORDER | MOMENT | {"category": "quality"}))
    flaw = partly.text.partition('id="reason-flaw"')[2].partition("</span>\n")[0]
    for word in ("具体原因", "必填") if lang == "zh" else ("Reason", "Enter or choose"):
        assert word in flaw


def test_a_counter_offer_is_told_as_one(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).admitted().id
    seller, version = browse("seller"), version_of(people, case, "seller")
    page = seller.page(f"/cases/{case}")
    assert "您尚未答复" in page
    bare = act(seller, case, "seller-response", version, position="offer")
    check_page(bare)
    assert bare.status_code in {400, 422}
    legend = bare.text.partition('-offer" class="field err"')[2].partition("</f")[0]
    assert "必填" in legend
    assert "选填" not in legend.partition("</legend>")[0]
    terms = {
        "offer.kind": "refund",
        "offer.amount.amount": "40.00",
        "offer.amount.currency": "CNY",
    }
    sent = {"position": "offer", "key": str(uuid4())} | terms
    done = act(seller, case, "seller-response", version, **sent)
    assert done.headers["location"] == f"/cases/{case}?done=offers"


def test_a_limit_that_ran_out_has_the_sign_of_late(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).admitted()
    story.passes(9)
    page = browse("buyer").page(f"/cases/{story.id}")
    assert '<li class="missed"><svg' in page


@pytest.mark.parametrize(
    ("lang", "now", "then", "silent"),
    [
        ("zh", "期限到", "已按期完成", "卖家逾期未答复"),
        ("en", "until", "done in time (it was due by", "seller did not answer in time"),
    ],
)
def test_the_course_tells_past_duties_as_past(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    now: str,
    then: str,
    silent: str,
) -> None:
    story = CaseStory(people, background, clock).admitted()
    seller = browse("seller", lang=lang)
    before = course_in(seller.page(f"/cases/{story.id}"))
    assert now in before
    assert then not in before
    answer = {"position": "contest", "statement": "It left us whole."}
    story.act("seller", "seller-response", answer)
    after = course_in(seller.page(f"/cases/{story.id}"))
    assert then in after
    # Nothing that is over is asked for as if it were due.
    for asks in ("请按时答复", "请答复", "please"):
        assert asks not in after
    other = CaseStory(people, background, clock, file_for(people, "o-2")).admitted()
    other.passes(9)
    missed = course_in(seller.page(f"/cases/{other.id}"))
    assert silent in missed
    assert ("逾期未完成" if lang == "zh" else "not done in time") in missed


def course_in(page: str) -> str:
    return page.partition('id="course"')[2].partition("</section>")[0]


def test_whoever_may_not_see_a_page_is_told_that(browse: Browse) -> None:
    answer = browse("buyer").get("/desk")
    assert answer.status_code == 403
    assert "无权查看此页" in answer.text
    assert "不能进行此操作" not in answer.text
    english = browse("buyer", lang="en").get("/desk").text
    assert "You may not see this page" in english
    assert "The role buyer may not see it." in english


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_action_has_a_sentence_for_when_it_is_done(
    browse: Browse, people: People, lang: str
) -> None:
    case, mediator = file_for(people), browse("mediator", lang=lang)
    names = {route.name for routes in ROUTES.values() for route in routes}
    assert set(page_texts()["done"]) == {*names, "reopening"} | set(texts()["actions"])
    page = mediator.page(f"/desk/cases/{case}?done=ruling")
    assert ("裁决已作出" if lang == "zh" else "The ruling is recorded") in page
    # What is no action says nothing.
    assert 'class="then" role="status"' not in mediator.page(
        f"/desk/cases/{case}?done=nonsense"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_refused_names_no_field_of_a_program(
    browse: Browse, people: People, lang: str
) -> None:
    case = file_for(people)
    people.supervisor.act(case, "assignment", {"mediator": "m-2"})
    for path, form in (
        ("admission", {}),
        ("evidence-requests", {"party": "nobody", "kinds": "x"}),
        ("refusal", {"ground": "x", "explanation": "y"}),
        ("nothing", {}),
    ):
        sent = browse("mediator", lang=lang).post(
            f"/desk/cases/{case}/act/{path}", key="k-1", version="2", **form
        )
        alert = sent.text.partition('role="alert"')[2].partition("</div>")[0]
        for raw in ("assignment", "take_over", "If-Match", "Idempotency", "nobody"):
            assert raw not in alert, alert


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("申诉期限到", "没有申诉")),
        ("en", ("the time for an appeal", "not appeal")),
    ],
)
def test_an_appeal_that_nobody_made_is_no_fault(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    words: tuple[str, str],
) -> None:
    story = CaseStory(people, background, clock).ruled()
    story.passes(11)
    course = course_in(browse("buyer", lang=lang).page(f"/cases/{story.id}"))
    assert [one in course for one in words] == [True, True]
    lines = [one for one in course.split("</li>") if words[1] in one]
    assert not [one for one in lines if 'class="missed"' in one]


@pytest.mark.parametrize(("lang", "word"), [("zh", "已完成"), ("en", "done")])
def test_a_notice_says_that_what_it_asks_for_is_done(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    word: str,
) -> None:
    story, seller = CaseStory(people, background, clock), browse("seller", lang=lang)
    story.admitted()
    background.catch_up()
    assert word not in seller.page("/cases/notices").partition("<main")[2]
    answer = {"position": "contest", "statement": "It left us whole."}
    story.act("seller", "seller-response", answer)
    background.catch_up()
    assert word in seller.page("/cases/notices").partition("<main")[2]
