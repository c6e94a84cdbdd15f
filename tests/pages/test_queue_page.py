"""The queue as a page: what it lists and counts, and claiming from it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.roles import Role
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser, check_page

ROW = re.compile(r'<tr class="row".*?</tr>', re.DOTALL)
KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


def listed(page: str) -> list[str]:
    return [
        re.search(r"/desk/cases/([0-9a-f-]{36})", row)[1]  # type: ignore[index]
        for row in ROW.findall(page)
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_queue_is_that_of_the_api_in_both_languages(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(4)]
    people.mediator.act(cases[0], "admission", {})
    clock.forward(hours=100)
    background.catch_up()
    for role in ("mediator", "supervisor"):
        page = browse(role, lang=lang).page("/desk")
        rows = getattr(people, role).get("/v1/queue").json()["items"]
        counts = getattr(people, role).get("/v1/queue/counts").json()
        # Groups come in the order of urgency, and so do the rows within them.
        assert listed(page) == [one["id"] for one in rows]
        head = re.search(r"<title>(.*?)</title>", page)
        assert head
        assert str(counts["total"]) in head[1]
        assert str(counts["overdue"]) in head[1]
        for name in counts["phases"]:
            assert f"/desk?phase={name}" in page
        for one in rows:
            assert one["case_number"] in page
    page = browse("mediator", lang=lang).page("/desk")
    late = "已逾期" if lang == "zh" else "Overdue"
    words = re.findall(
        r'class="u u-late"[^>]*>.*?</svg>(?:<span>)?([^<]+)</span>', page
    )
    assert words[0] == late
    over = "逾期 " if lang == "zh" else " overdue"
    assert any(over in one for one in words[1:]), words


def test_filters_are_in_the_address(
    browse: Browse, people: People, background: Worker
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    people.mediator.act(cases[0], "assignment", {})
    people.mediator.act(cases[1], "admission", {})
    background.catch_up()
    mediator = browse("mediator")
    for query, api in (
        ({"assignee": "me"}, {"assignee": "me"}),
        ({"assignee": "none"}, {"assignee": "none"}),
        ({"phase": "awaiting-response"}, {"phase": "awaiting-response"}),
        ({"waiting_on": "seller"}, {"waiting_on": "seller"}),
        ({"overdue": "false"}, {"overdue": "false"}),
        ({"overdue": "true"}, {"overdue": "true"}),
    ):
        rows = people.mediator.get("/v1/queue", **api).json()["items"]
        assert listed(mediator.page("/desk", **query)) == [one["id"] for one in rows]
    assert listed(mediator.page("/desk", q="o-2")) == [cases[2]]
    assert "没有案件" in mediator.page("/desk", q="nothing-like-it")
    for query in ({"phase": "odd"}, {"waiting_on": "x"}, {"cursor": "x"}):
        answer = mediator.get("/desk", **query)
        assert answer.status_code == 400
        check_page(answer)


def test_an_empty_queue_says_what_will_appear(browse: Browse) -> None:
    assert "新的申请" in browse("mediator").page("/desk")
    assert "as soon as" in browse("supervisor", lang="en").page("/desk")


def test_pages_follow_each_other(
    browse: Browse, people: People, background: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interface.pages.desk import queue_page

    monkeypatch.setattr(queue_page, "ROWS", 2)
    cases = {file_for(people, f"o-{n}") for n in range(5)}
    background.catch_up()
    mediator, path, found = browse("mediator"), "/desk?overdue=false", []
    while path:
        page = mediator.page(path)
        found += listed(page)
        more = re.search(r'href="(/desk[^"]*)" rel="next"', page)
        path = more[1] if more else ""
        if path:
            # In the other language it is still the same list.
            assert mediator.get(f"{path}&lang=en").status_code == 200
    assert len(found) == 5
    assert set(found) == cases


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLOCK}))
def test_only_staff_comes_to_the_desk(browse: Browse, role: str) -> None:
    for path in ("/desk", "/desk?lang=en"):
        answer = browse(role).get(path)
        if role in {"mediator", "supervisor"}:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 403
            check_page(answer)
    claimed = browse(role).post("/desk/claim", key="1")
    assert (claimed.status_code == 403) == (role not in {"mediator", "supervisor"})


def test_a_stranger_is_led_to_sign_in_and_back(browse: Browse) -> None:
    answer = browse(None).get("/desk", phase="filed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fdesk%3Fphase%3Dfiled"
    assert browse(None).post("/desk/claim").headers["location"] == "/sign-in"


def test_the_next_case_is_claimed_once_by_a_form_that_is_sent_twice(
    browse: Browse, people: People, background: Worker
) -> None:
    for n in range(3):
        file_for(people, f"o-{n}")
    background.catch_up()
    mediator = browse("mediator")
    key = KEY.search(mediator.page("/desk"))
    assert key
    answers = [mediator.post("/desk/claim", key=key[1]) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.headers["location"] for one in answers}) == 1
    background.catch_up()
    own = people.mediator.get("/v1/queue", assignee="me").json()["items"]
    where = answers[0].headers["location"]
    assert [f"/desk/cases/{one['id']}?done=assignment" for one in own] == [where]
    assert "案件现由 m-1 承办" in mediator.page(where)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_claim_is_told(browse: Browse, lang: str) -> None:
    answer = browse("mediator", lang=lang).post("/desk/claim", key="some-key")
    assert answer.status_code == 404
    check_page(answer)
    assert ("没有领取到案件" in answer.text) == (lang == "zh")


def test_names_with_html_are_shown_as_they_are(
    browse: Browse, people: People, background: Worker
) -> None:
    order: dict[str, Any] = {
        "id": "o-9",
        "line": "1",
        "paid": {"amount": "129.00", "currency": "CNY"},
        "received_at": "2026-02-27T09:30:00+08:00",
        "snapshot": {
            "title": '<script>alert(1)</script>" onx="',
            "quantity": 1,
            "unit_price": {"amount": "129.00", "currency": "CNY"},
        },
    }
    assert people.buyer.file(order=order).status_code == 201
    background.catch_up()
    browser: Browser = browse("mediator")
    answer = browser.get("/desk")
    check_page(answer)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_closed_cases_have_a_tab_and_are_searched(
    browse: Browse, people: People, background: Worker, lang: str
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    people.buyer.act(cases[2], "withdrawal", {})
    background.catch_up()
    mediator = browse("mediator", lang=lang)
    page = mediator.page("/desk")
    assert counts_of(page) == ["2", "0", "2", "1"]
    assert listed(mediator.page("/desk", closed="true")) == [cases[2]]
    # A search keeps its counts, and leads on to what is closed.
    nothing = mediator.page("/desk", q="o-2")
    assert counts_of(nothing) == ["0", "0", "0"]
    link = re.search(
        r'class="btn primary" href="(/desk\?closed=true&sealed=[^"]+)"', nothing
    )
    assert link
    found = mediator.page(link[1])
    assert listed(found) == [cases[2]]
    assert counts_of(found) == ["0", "0", "0", "1"]
    # Nobody takes or gives what is closed.
    assert "/act/assignment" not in found
    assert "data-due" not in found


def counts_of(page: str) -> list[str]:
    tabs = page.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    return re.findall(r"<b>(\d+)</b>", tabs)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("已结案的案件", "最近结案的在前", "结案时间", "处理结果")),
        (
            "en",
            ("Closed cases", "the most recently closed first", "Closed on", "Outcome"),
        ),
    ],
)
def test_closed_cases_are_headed_as_closed_ones(
    browse: Browse,
    people: People,
    background: Worker,
    lang: str,
    words: tuple[str, ...],
) -> None:
    people.buyer.act(file_for(people), "withdrawal", {})
    background.catch_up()
    browser = browse("supervisor", lang=lang)
    closed, opened = browser.page("/desk", closed="true"), browser.page("/desk")
    main = closed.partition("<main")[2]
    assert [one in main for one in words] == [True] * len(words)
    left = {"zh": "剩余时间", "en": "ime left"}[lang]
    assert (left in main, left in opened.partition("<main")[2]) == (False, True)


@pytest.mark.parametrize(
    ("role", "path"),
    [("mediator", "/desk?closed=true"), ("buyer", "/cases?show=closed")],
)
def test_what_was_closed_last_comes_first(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    role: str,
    path: str,
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    background.catch_up()
    closed = [cases[1], cases[2], cases[0]]
    for case in closed:
        clock.forward(hours=1)
        people.buyer.act(case, "withdrawal", {})
    background.catch_up()
    page = browse(role).page(path)
    found = re.findall(r'href="/(?:desk/)?cases/([0-9a-f-]{36})"', page)
    assert list(dict.fromkeys(found)) == closed[::-1]
